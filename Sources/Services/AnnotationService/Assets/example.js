// Examples of guidelines: a part of a picture at 1:1, so that it shows what the pair will show.

const SIZE = 240

/** Draws the part of a picture around a place, given as shares of its width and height, into a canvas. */
export async function drawExample(canvas, source, x, y) {
  const ratio = devicePixelRatio
  canvas.width = Math.round(SIZE * ratio)
  canvas.height = Math.round(SIZE * ratio)
  const context = canvas.getContext('2d', { alpha: false, colorSpace: 'srgb' })
  context.fillStyle = '#6c6c6c'
  context.fillRect(0, 0, canvas.width, canvas.height)
  const response = await fetch(source, { credentials: 'same-origin' })
  if (!response.ok) return
  const picture = await createImageBitmap(await response.blob(), { colorSpaceConversion: 'none', premultiplyAlpha: 'none' })
  const within = (size, share, window) => Math.round(Math.max(Math.min(share * size - window / 2, size - window), Math.min(0, (size - window) / 2)))
  context.drawImage(picture, -within(picture.width, x, canvas.width), -within(picture.height, y, canvas.height))
  canvas.dataset.drawn = '1'
  picture.close()
}
