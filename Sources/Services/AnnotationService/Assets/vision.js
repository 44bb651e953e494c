// What the viewing check asks of the eyes: plates for color vision, and letters E for acuity. A screening, no diagnosis.

const PLATE = 260

/** A digit from 1 to 9, without 7: it is confused with 1. */
const DIGITS = [1, 2, 3, 4, 5, 6, 8, 9]

const pick = (list) => list[Math.floor(Math.random() * list.length)]

/** Whether each place of a square belongs to a digit. */
function mask(digit) {
  const canvas = Object.assign(document.createElement('canvas'), { width: PLATE, height: PLATE })
  const context = canvas.getContext('2d', { willReadFrequently: true })
  context.font = `bold ${PLATE * 0.8}px sans-serif`
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  context.fillText(String(digit), PLATE / 2, PLATE * 0.54)
  const { data } = context.getImageData(0, 0, PLATE, PLATE)
  return (x, y) => data[4 * (Math.round(y) * PLATE + Math.round(x)) + 3] > 127
}

/**
 * Paints a pseudo-isochromatic plate: the digit differs from its ground by hue alone, from green to orange or red, along
 * the lines that people with a red-green deficiency confuse; each dot's lightness is random, so that it tells nothing.
 */
function plate(canvas, digit) {
  const context = canvas.getContext('2d', { alpha: false, colorSpace: 'srgb' })
  context.fillStyle = '#6c6c6c'
  context.fillRect(0, 0, PLATE, PLATE)
  const isFigure = mask(digit)
  const dots = []
  for (let attempt = 0; attempt < 6000; attempt++) {
    const radius = 3 + Math.random() * 5
    const [x, y] = [Math.random() * PLATE, Math.random() * PLATE]
    if (Math.hypot(x - PLATE / 2, y - PLATE / 2) > PLATE / 2 - radius - 2) continue
    if (dots.some((dot) => Math.hypot(dot.x - x, dot.y - y) < dot.radius + radius + 1)) continue
    dots.push({ x, y, radius })
    const hue = isFigure(x, y) ? 22 + Math.random() * 14 : 78 + Math.random() * 22
    const lightness = 42 + Math.random() * 26
    context.fillStyle = `hsl(${hue} 45% ${lightness}%)`
    context.beginPath()
    context.arc(x, y, radius, 0, 2 * Math.PI)
    context.fill()
  }
}

/** Fields for the plates; `result()` gives how many were read right. */
export function plates(t, element, count) {
  const shown = Array.from({ length: count }, () => pick(DIGITS))
  const inputs = shown.map((digit, place) => {
    const canvas = element('canvas', { width: PLATE, height: PLATE, role: 'img', ariaLabel: t('vision.plate.label', String(place + 1)) })
    plate(canvas, digit)
    const choices = ['', ...DIGITS, 'none'].map((value) =>
      element('option', { value: String(value) }, value === '' ? '–' : value === 'none' ? t('vision.none') : String(value)))
    const input = element('select', { id: `plate${place}`, required: true }, ...choices)
    return { canvas, input, digit }
  })
  const node = element('fieldset', {}, element('legend', {}, t('vision.color')), element('p', {}, t('vision.color.text')),
    element('div', { className: 'patches' }, ...inputs.map(({ canvas, input }, place) => element('div', {}, canvas,
      element('p', { className: 'field' }, element('label', { htmlFor: `plate${place}` }, t('vision.number')), input)))))
  return { node, result: () => inputs.filter(({ input, digit }) => input.value === String(digit)).length }
}

const WAYS = ['right', 'down', 'left', 'up']

/** Draws a letter E of five strokes' height whose open side points one way, in whole pixels of the screen. */
function letter(canvas, stroke, way) {
  const size = stroke * 9
  canvas.width = size
  canvas.height = size
  canvas.style.setProperty('width', `${size / devicePixelRatio}px`)
  canvas.style.setProperty('height', `${size / devicePixelRatio}px`)
  const context = canvas.getContext('2d', { alpha: false, colorSpace: 'srgb' })
  context.fillStyle = '#fff'
  context.fillRect(0, 0, size, size)
  context.fillStyle = '#000'
  const turns = WAYS.indexOf(way)
  for (let row = 0; row < 5; row++) {
    for (let column = 0; column < 5; column++) {
      if (column > 0 && row % 2 === 1) continue
      let [x, y] = [column, row]
      for (let turn = 0; turn < turns; turn++) [x, y] = [4 - y, x]
      context.fillRect((x + 2) * stroke, (y + 2) * stroke, stroke, stroke)
    }
  }
}

/**
 * Fields for five letters; `density()` gives the pixels per degree as they are declared now. `result()` gives how many
 * were read right, and the stroke in pixels: one arc minute at an acuity of 1, and never less than a pixel.
 */
export function letters(t, element, acuity, density) {
  const stroke = () => Math.max(1, Math.round(density() / 60 / acuity))
  const places = Array.from({ length: 5 }, (_, place) => {
    const way = pick(WAYS)
    const canvas = element('canvas', { role: 'img', className: 'letter', ariaLabel: t('vision.letter.label', String(place + 1)) })
    const choices = ['', ...WAYS].map((value) => element('option', { value }, value ? t(`vision.way.${value}`) : '–'))
    const input = element('select', { id: `letter${place}`, required: true }, ...choices)
    return { way, canvas, input }
  })
  const draw = () => places.forEach(({ canvas, way }) => letter(canvas, stroke(), way))
  draw()
  const node = element('fieldset', {}, element('legend', {}, t('vision.acuity')), element('p', {}, t('vision.acuity.text')),
    element('div', { className: 'patches' }, ...places.map(({ canvas, input }, place) => element('div', {}, canvas,
      element('p', { className: 'field' }, element('label', { htmlFor: `letter${place}` }, t('vision.open')), input)))))
  return { node, draw, result: () => ({
    lettersRight: places.filter(({ way, input }) => input.value === way).length, letterStroke: stroke()
  }) }
}
