// Two windows on two pictures under one integer transform: at 1:1 every screen pixel is a picture pixel.

const GREY = '#6c6c6c'

const clamp = (value, most) => Math.max(-most, Math.min(most, value))

/** Loads a picture as a decoded bitmap; the pixels are taken as they stand in the file. */
async function bitmap(source, signal) {
  const response = await fetch(source, { signal, credentials: 'same-origin' })
  if (!response.ok) throw Object.assign(new Error(`${response.status}`), { status: response.status })
  return createImageBitmap(await response.blob(), { colorSpaceConversion: 'none', premultiplyAlpha: 'none' })
}

/** The decoded pictures of the current and the next pair. */
export class PictureStore {
  #pairs = new Map()

  /** The pair's bitmaps, loading them when they are not here yet. */
  load(lease) {
    let entry = this.#pairs.get(lease.id)
    if (!entry) {
      const abort = new AbortController()
      const pictures = Promise.all([bitmap(lease.left.src, abort.signal), bitmap(lease.right.src, abort.signal)])
      pictures.catch(() => this.#pairs.delete(lease.id))
      entry = { abort, pictures }
      this.#pairs.set(lease.id, entry)
    }
    return entry.pictures
  }

  /** Frees every pair but these. */
  keep(leases) {
    const wanted = new Set(leases.map((lease) => lease.id))
    for (const [id, entry] of this.#pairs) {
      if (wanted.has(id)) continue
      entry.abort.abort()
      entry.pictures.then((pair) => pair.forEach((picture) => picture.close()), () => {})
      this.#pairs.delete(id)
    }
  }
}

/** The two canvases and what drives both of them. */
export class PairViewer {
  #canvases
  #frames
  #sizes = [null, null]
  #pictures = null
  #pan = { x: 0, y: 0 }
  #mode = 'fit'
  #flip = null
  #painted
  #drag = null
  statistics = { toggles: 0, zooms: 0, pans: 0, scale: 1, largestScale: 0 }
  /** Hears that the zoom, the pan or the windows changed. */
  changed = () => {}

  /**
   * `frames` are the two elements that hold the canvases; `first` is the zoom and the pan to open with;
   * `painted` hears that both pictures stand on the screen.
   */
  constructor(frames, first, painted) {
    this.#frames = frames
    this.#mode = first.mode
    this.#pan = first.pan
    this.#painted = painted
    this.#canvases = frames.map((frame) => frame.querySelector('canvas'))
    const observer = new ResizeObserver((entries) => this.#resized(entries))
    for (const canvas of this.#canvases) {
      try {
        observer.observe(canvas, { box: 'device-pixel-content-box' })
      } catch {
        observer.observe(canvas)
      }
      canvas.addEventListener('pointerdown', (event) => this.#grab(event))
      canvas.addEventListener('pointermove', (event) => this.#move(event))
      canvas.addEventListener('pointerup', () => (this.#drag = null))
      canvas.addEventListener('pointercancel', () => (this.#drag = null))
    }
  }

  get mode() { return this.#mode }
  /** The pan at 1:1, in pixels of the pictures; it outlives pairs and zooms. */
  get place() { return { ...this.#pan } }
  /** 0 or 1 while one picture fills the place of both, else null. */
  get flipped() { return this.#flip }
  get scale() { return this.#geometry()?.scale ?? 1 }

  /** Shows a pair; the old one stays on the screen until this one is drawn. */
  show(pictures) {
    this.#pictures = pictures
    this.#flip = null
    this.statistics = { toggles: 0, zooms: 0, pans: 0, scale: 1, largestScale: 0 }
    this.#layout()
    this.draw()
    // Two frames: the first paints, the second proves that the paint was presented.
    requestAnimationFrame(() => requestAnimationFrame(() => {
      if (this.#pictures === pictures) this.#painted(performance.now())
    }))
  }

  /** Lets go of the pictures, which are freed then; what stands on the screen stays. */
  release() {
    this.#pictures = null
  }

  /** Empties both windows. */
  clear() {
    this.#pictures = null
    this.draw()
  }

  /** `one` is 1:1, `fit` shows the whole picture, never enlarged. */
  zoom(mode) {
    if (this.#mode !== mode) this.statistics.zooms += 1
    this.#mode = mode
    this.draw()
    this.changed()
  }

  /** Shows the pictures in one place, one after the other; `null` puts them side by side. */
  toggle(which = this.#flip === null ? 1 : 1 - this.#flip) {
    if (which !== null) this.statistics.toggles += 1
    this.#flip = which
    this.#layout()
    this.draw()
  }

  /** Moves both windows by whole device pixels. */
  pan(x, y) {
    const limit = this.#geometry()
    if (!limit) return
    // A picture that fits its window stays where it is, and keeps the place for the next zoom.
    if (limit.panX) this.#pan.x = clamp(clamp(this.#pan.x, limit.panX) + Math.round(x), limit.panX)
    if (limit.panY) this.#pan.y = clamp(clamp(this.#pan.y, limit.panY) + Math.round(y), limit.panY)
    this.statistics.pans += 1
    this.draw()
    this.changed()
  }

  #layout() {
    const [left, right] = this.#frames
    left.hidden = this.#flip === 1
    right.hidden = this.#flip === 0
  }

  #resized(entries) {
    for (const entry of entries) {
      const index = this.#canvases.indexOf(entry.target)
      const box = entry.devicePixelContentBoxSize?.[0]
      const width = box ? box.inlineSize : Math.round(entry.contentRect.width * devicePixelRatio)
      const height = box ? box.blockSize : Math.round(entry.contentRect.height * devicePixelRatio)
      this.#sizes[index] = width && height ? { width, height } : null
    }
    this.draw()
    this.changed()
  }

  /** One scale and one size of window for both pictures, so that nothing can drift. */
  #geometry() {
    const sizes = this.#sizes.filter((size, index) => size && !this.#frames[index].hidden)
    if (!this.#pictures || !sizes.length) return null
    const width = Math.min(...sizes.map((size) => size.width))
    const height = Math.min(...sizes.map((size) => size.height))
    const widest = Math.max(...this.#pictures.map((picture) => picture.width))
    const highest = Math.max(...this.#pictures.map((picture) => picture.height))
    const scale = this.#mode === 'one' ? 1 : Math.min(1, width / widest, height / highest)
    return {
      width, height, scale,
      panX: Math.max(0, Math.ceil((widest * scale - width) / 2)),
      panY: Math.max(0, Math.ceil((highest * scale - height) / 2))
    }
  }

  /** Draws both windows in the same task, hence in the same frame. */
  draw() {
    const geometry = this.#geometry()
    if (geometry) {
      this.statistics.scale = geometry.scale
      this.statistics.largestScale = Math.max(this.statistics.largestScale, geometry.scale)
    }
    this.#canvases.forEach((canvas, index) => {
      const size = this.#sizes[index]
      if (!size) return
      if (canvas.width !== size.width) canvas.width = size.width
      if (canvas.height !== size.height) canvas.height = size.height
      const context = canvas.getContext('2d', { alpha: false, colorSpace: 'srgb' })
      context.fillStyle = GREY
      context.fillRect(0, 0, size.width, size.height)
      if (!geometry || this.#frames[index].hidden) return
      const picture = this.#pictures[index]
      const width = Math.round(picture.width * geometry.scale)
      const height = Math.round(picture.height * geometry.scale)
      const x = Math.floor((geometry.width - width) / 2) + clamp(this.#pan.x, geometry.panX)
      const y = Math.floor((geometry.height - height) / 2) + clamp(this.#pan.y, geometry.panY)
      context.imageSmoothingEnabled = geometry.scale !== 1
      context.imageSmoothingQuality = 'high'
      if (geometry.scale === 1) context.drawImage(picture, x, y)
      else context.drawImage(picture, x, y, width, height)
    })
  }

  #grab(event) {
    if (event.button !== 0) return
    event.target.setPointerCapture(event.pointerId)
    this.#drag = { x: event.clientX, y: event.clientY }
  }

  #move(event) {
    if (!this.#drag) return
    const x = Math.round((event.clientX - this.#drag.x) * devicePixelRatio)
    const y = Math.round((event.clientY - this.#drag.y) * devicePixelRatio)
    if (!x && !y) return
    this.#drag.x += x / devicePixelRatio
    this.#drag.y += y / devicePixelRatio
    this.pan(x, y)
  }
}
