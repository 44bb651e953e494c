// The viewing check: what a browser can measure, and what the observer declares.

import { letters, plates } from '/assets/vision.js'

const CARD = 85.6

function numbers(count, most) {
  return Array.from({ length: most + 1 }, (_, number) => number).filter((number) => number <= count)
}

/** Paints 9 places, some of which differ from the ground by a few code values. */
function patches(canvas, ground, step, shown) {
  const context = canvas.getContext('2d', { alpha: false, colorSpace: 'srgb' })
  const grey = (value) => `rgb(${value} ${value} ${value})`
  context.fillStyle = grey(ground)
  context.fillRect(0, 0, canvas.width, canvas.height)
  const places = [0, 1, 2, 3, 4, 5, 6, 7, 8].sort(() => Math.random() - 0.5).slice(0, shown)
  context.fillStyle = grey(ground + step)
  for (const place of places) context.fillRect(20 + (place % 3) * 60, 20 + Math.floor(place / 3) * 60, 40, 40)
}

function gamut() {
  if (matchMedia('(color-gamut: rec2020)').matches) return 'rec2020'
  if (matchMedia('(color-gamut: p3)').matches) return 'p3'
  return matchMedia('(color-gamut: srgb)').matches ? 'srgb' : 'unknown'
}

/**
 * Builds the form; `submit(report)` gets what was measured and declared.
 * A registered station knows its pitch and light: only the rest is asked. `view` says what the study asks of the eyes.
 */
export function checkForm(t, element, submit, view) {
  const { station } = view
  const dark = 3 + Math.floor(Math.random() * 5)
  const bright = 3 + Math.floor(Math.random() * 5)
  const option = (value, text) => element('option', { value }, text)
  const counts = numbers(9, 9).map((number) => option(String(number), String(number)))
  const card = element('div', { className: 'bankcard', ariaHidden: 'true' })
  const slider = element('input', { type: 'range', id: 'card', min: 150, max: 1600, step: 0.5, value: 324 })
  const size = () => (card.style.width = `${slider.value}px`)
  slider.addEventListener('input', size)
  const field = (id, label, input) => element('p', { className: 'field' },
    element('label', { htmlFor: id }, label), Object.assign(input, { id }))
  const select = (name, values) => element('select', { name },
    ...values.map((value) => option(value, t(`check.${name}.${value}`))))
  const darkCanvas = element('canvas', { width: 200, height: 200, role: 'img', ariaLabel: t('check.dark.label') })
  const brightCanvas = element('canvas', { width: 200, height: 200, role: 'img', ariaLabel: t('check.bright.label') })
  patches(darkCanvas, 0, 5, dark)
  patches(brightCanvas, 255, -5, bright)
  const full = element('button', { type: 'button' }, t('check.fullscreen'))
  full.addEventListener('click', () => document.documentElement.requestFullscreen?.().catch(() => {}))
  const darkSeen = element('select', {}, option('', '–'), ...counts.map((node) => node.cloneNode(true)))
  const brightSeen = element('select', {}, option('', '–'), ...counts.map((node) => node.cloneNode(true)))
  darkSeen.required = true
  brightSeen.required = true
  const distance = element('input', { type: 'number', min: 100, max: 3000, value: 650, required: true })
  const ambient = select('ambient', ['dim', 'dark', 'bright'])
  const white = select('white', ['unknown', 'd65', 'other'])
  const luminance = element('input', { type: 'number', min: 1, max: 4000 })
  const calibrated = element('input', { type: 'date' })
  const pitch = () => view.stationPitch ?? CARD / (Number(slider.value) * devicePixelRatio)
  const density = () => Number(distance.value) * 2 * Math.tan(Math.PI / 360) / pitch()
  const color = view.plates ? plates(t, element, view.plates) : null
  const acuity = view.leastAcuity ? letters(t, element, view.leastAcuity, density) : null
  for (const input of [slider, distance]) input.addEventListener('input', () => acuity?.draw())
  const experience = view.asksExperience ? select('experience', ['', 'none', 'some', 'professional']) : null
  if (experience) experience.required = true
  const form = element('form', { className: 'check' },
    element('fieldset', {}, element('legend', {}, t('check.size')),
      ...(station ? [] : [element('p', {}, t('check.card')), element('div', { className: 'cardbox' }, card),
        field('card', t('check.card.slider'), slider)]), field('distance', t('check.distance'), distance), element('p', {}, full)),
    element('fieldset', {}, element('legend', {}, t('check.tones')),
      element('div', { className: 'patches' },
        element('div', {}, darkCanvas, field('darkSeen', t('check.dark'), darkSeen)),
        element('div', {}, brightCanvas, field('brightSeen', t('check.bright'), brightSeen)))),
    station ? null : element('fieldset', {}, element('legend', {}, t('check.declared')), element('p', {}, t('check.declared.text')),
      field('ambient', t('check.ambient'), ambient), field('white', t('check.whitepoint'), white),
      field('luminance', t('check.luminance'), luminance), field('calibrated', t('check.calibrated'), calibrated)),
    color?.node ?? null, acuity?.node ?? null,
    experience ? element('fieldset', {}, element('legend', {}, t('check.experience')),
      field('experience', t('check.experience.text'), experience)) : null,
    element('button', { className: 'primary' }, t('check.submit')))
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    submit({
      cardCSSPixels: station ? 0 : Number(slider.value), devicePixelRatio, screenWidthCSS: screen.width,
      screenHeightCSS: screen.height,
      isFullScreen: document.fullscreenElement !== null
        || (innerWidth >= screen.width && innerHeight >= screen.height),
      distanceMillimetres: Number(distance.value), darkSeen: Number(darkSeen.value), darkShown: dark,
      brightSeen: Number(brightSeen.value), brightShown: bright, gamut: gamut(), ambient: ambient.value,
      whitePoint: white.value, luminance: luminance.value ? Number(luminance.value) : null,
      calibrationDate: calibrated.value, platesRight: color?.result() ?? null, platesShown: color ? view.plates : null,
      ...(acuity?.result() ?? {}), experience: experience?.value || null
    })
  })
  size()
  return form
}

/** The pitch that a card of this many device pixels means, in millimetres. */
export const pitch = (pixels) => CARD / pixels
