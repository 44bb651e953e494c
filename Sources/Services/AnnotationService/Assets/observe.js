// An observer's way: consent, viewing check, guidelines and training, comparing, breaks, the end.

import { checkForm } from '/assets/check.js'
import { drawExample } from '/assets/example.js'
import { call, Outbox } from '/assets/outbox.js'
import { PairViewer, PictureStore } from '/assets/viewer.js'

const app = document.getElementById('app')
const language = document.documentElement.lang
let texts = {}

/** The text of a key; `{0}` … are replaced. */
function t(key, ...values) {
  return values.reduce((text, value, place) => text.replaceAll(`{${place}}`, value), texts[key] ?? key)
}

/** Makes an element; texts are texts, never markup. */
function element(name, properties = {}, ...children) {
  const node = document.createElement(name)
  for (const [key, value] of Object.entries(properties)) {
    if (key === 'ariaLabel') node.setAttribute('aria-label', value)
    else if (key === 'ariaHidden') node.setAttribute('aria-hidden', value)
    else if (key === 'role') node.setAttribute('role', value)
    else node[key] = value
  }
  node.append(...children.filter((child) => child !== null))
  return node
}

/** Paragraphs: blank lines part them, `**` marks what is strong. */
function prose(text) {
  return text.split(/\n\s*\n/).map((part) => {
    const pieces = part.split('**').map((piece, index) => (index % 2 ? element('strong', {}, piece) : piece))
    return element('p', {}, ...pieces)
  })
}

const paragraphs = (key) => prose(t(key))

/** Shows one page and puts the focus on its heading; leaving and withdrawing can be reached from each. */
function page(step, title, ...children) {
  document.body.dataset.step = step
  document.body.classList.remove('comparing')
  const heading = element('h1', { tabIndex: -1 }, title)
  const isOut = ['withdraw', 'signed-out', 'offline', 'phone'].includes(step)
  app.replaceChildren(element('main', { className: 'narrow' }, heading, ...children, isOut ? null : leaveButtons()))
  heading.focus()
}

function button(text, action, className = '') {
  const node = element('button', { type: 'button', className }, text)
  node.addEventListener('click', action)
  return node
}

// The way

/** A phone shows neither the detail nor the keys: a finger, and few CSS pixels; a laptop at 150 % has few, too. */
const isPhone = () => matchMedia('(pointer: coarse)').matches && Math.min(screen.width, screen.height) < 600

async function begin(wish = {}) {
  if (isPhone()) return page('phone', t('phone.title'), ...paragraphs('phone.text'))
  const { status, value } = await call('POST', 'sessions', wish)
  if (status === 200) return route(value)
  if (status === 401) return page('signed-out', t('message.title'), ...paragraphs('invite.needed'))
  page('offline', t('offline.title'), ...paragraphs('offline.text'), button(t('offline.retry'), () => begin(wish)))
  if (status === 0) setTimeout(() => document.body.dataset.step === 'offline' && begin(wish), 4000)
}

async function change(session, body) {
  const { status, value } = await call('PATCH', `sessions/${session}`, body)
  return status === 200 ? value : null
}

function route(view) {
  const pages = { consent, check, training: guidelines, compare, paused, rest, done }
  // Guidelines that this observer has not seen come before the pairs, also in the middle of a study.
  const isNew = view.step === 'compare' && seen(view.attribute) !== view.guide.version
  if (isNew) guidelines(view)
  else pages[view.step](view)
}

const seen = (attribute) => localStorage.getItem(`vernier-guide-${attribute}`)

function consent() {
  const agree = element('input', { type: 'checkbox', id: 'agree', required: true })
  const form = element('form', {}, element('p', { className: 'tick' }, agree,
    element('label', { htmlFor: 'agree' }, t('consent.agree'))), element('button', { className: 'primary' }, t('consent.go')))
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    begin({ consent: document.querySelector('meta[name=consent]').content })
  })
  page('consent', t('consent.title'), ...paragraphs('consent.text'), form)
}

function check(view) {
  if (view.failures?.length) return failures(view)
  const known = view.station ? element('p', {}, t('check.station', view.station)) : null
  page('check', t('check.title'), ...paragraphs('check.text'), known, checkForm(t, element, async (report) => {
    const next = await change(view.session, { action: 'calibration', check: report })
    if (!next) return begin()
    if (next.failures?.length) failures(next)
    else route(next)
  }, view))
}

function failures(view) {
  const items = view.failures.map((name) => element('li', {}, element('strong', {}, t(`fail.${name}`)), ' ', t(`mend.${name}`)))
  const again = button(t('check.again'), () => check({ ...view, failures: null }), 'primary')
  const go = view.gate === 'strict' ? null : button(t('check.anyway'), () => route(view))
  page('check-failed', t('check.failed'), element('p', {}, t(view.gate === 'strict' ? 'check.strict' : 'check.advisory')),
    element('ul', { className: 'failures' }, ...items), element('p', { className: 'row' }, again, go))
}

/** What to look at, with the parts of photos that the study's owner chose. */
function guide(view) {
  const { text, examples } = view.guide
  const figures = examples.map(({ src, isGood, caption, x, y }) => {
    const kind = t(isGood ? 'example.good' : 'example.bad')
    const label = caption ? `${kind}: ${caption}` : kind
    const canvas = element('canvas', { role: 'img', ariaLabel: label })
    drawExample(canvas, src, x, y)
    return element('figure', { className: isGood ? 'example is-good' : 'example is-bad' }, canvas, element('figcaption', {}, label))
  })
  return [...prose(text), figures.length ? element('div', { className: 'examples' }, ...figures) : null]
}

function guidelines(view) {
  const isTraining = view.step === 'training'
  const before = seen(view.attribute)
  const go = button(t('guide.go'), () => {
    localStorage.setItem(`vernier-guide-${view.attribute}`, view.guide.version)
    compare(view)
  }, 'primary')
  page('guidelines', t('guide.title', view.guide.name), !isTraining && before ? element('p', { className: 'note' }, t('guide.changed')) : null,
    ...guide(view), view.isCrossScene ? element('p', {}, t('guide.cross')) : null,
    ...(view.opensAtOne ? paragraphs('guide.one') : []), element('h2', {}, t('keys.title')), keyTable(),
    isTraining && view.trainingPairs ? element('p', {}, t('guide.training', String(view.trainingPairs))) : null, element('p', {}, go))
}

function paused(view) {
  page('paused', t('pause.title'), ...paragraphs('pause.text'), button(t('pause.resume'), async () => {
    const next = await change(view.session, { action: 'resume' })
    if (next) route(next)
    else begin()
  }, 'primary'))
}

function rest(view) {
  let left = view.secondsLeft
  const clock = element('p', { className: 'clock', role: 'timer' })
  const go = button(t('rest.go'), () => begin(), 'primary')
  const tick = () => {
    clock.textContent = left > 0 ? t('rest.left', String(left)) : t('rest.over')
    go.disabled = left > 0
    if (left-- > 0 && clock.isConnected) setTimeout(tick, 1000)
  }
  page('rest', t('rest.title'), ...paragraphs('rest.text'), studyProgress(view), clock, element('p', {}, go))
  tick()
}

function done(view) {
  page('done', t('done.title'), ...paragraphs('done.text'), studyProgress(view))
}

/** The observer's part, and how far the study is. */
function studyProgress(view) {
  const { allVotes, study } = view
  if (!study?.target) return element('p', {}, t('progress.mine', String(allVotes ?? 0)))
  const bar = element('progress', { max: study.target, value: Math.min(study.votes, study.target), ariaLabel: t('progress.study') })
  return element('p', { className: 'studyprogress' }, t('progress.mine', String(allVotes)), ' ', bar, ' ',
    t('progress.share', String(share(study))))
}

const share = (study) => Math.min(100, Math.floor(100 * study.votes / study.target))

function leaveButtons() {
  return element('p', { className: 'row leave' }, button(t('leave.now'), leave), button(t('withdraw.open'), withdraw))
}

async function leave() {
  await call('POST', 'leave')
  location.assign('/bye')
}

function withdraw() {
  page('withdraw', t('withdraw.title'), ...paragraphs('withdraw.text'), element('p', { className: 'row' },
    button(t('withdraw.back'), () => begin(), 'primary'), button(t('withdraw.sure'), async () => {
      const { status } = await call('POST', 'withdrawal')
      if (status === 204) location.assign('/bye')
    }, 'danger')))
}

// Keys

const KEYS = {
  left: 'ArrowLeft', right: 'ArrowRight', tie: 'ArrowDown', toggle: 'Space', side: 'Digit2', one: 'Digit1',
  fit: 'Digit0', undo: 'KeyU', pause: 'KeyP', guide: 'KeyG'
}
let keys = { ...KEYS }
try {
  keys = { ...KEYS, ...JSON.parse(localStorage.getItem('vernier-keys') ?? '{}') }
} catch {
  localStorage.removeItem('vernier-keys')
}

function keyName(code) {
  const arrows = { ArrowLeft: '←', ArrowRight: '→', ArrowUp: '↑', ArrowDown: '↓', Space: t('keys.space') }
  return arrows[code] ?? code.replace(/^(Digit|Key|Numpad)/, '')
}

/** What each key does; a click on a key chooses another one. */
function keyTable() {
  const table = element('div', {})
  const draw = () => table.replaceChildren(keyRows(), element('p', {}, button(t('keys.reset'), () => {
    keys = { ...KEYS }
    localStorage.removeItem('vernier-keys')
    draw()
  })))
  draw()
  return table
}

function keyRows() {
  const rows = Object.keys(KEYS).map((action) => {
    const node = button(keyName(keys[action]), () => {
      node.textContent = t('keys.press')
      node.addEventListener('keydown', (event) => {
        event.preventDefault()
        event.stopPropagation()
        const taken = Object.entries(keys).some(([other, code]) => other !== action && code === event.code)
        const refused = ['Tab', 'Escape'].includes(event.code) || taken || event.code.startsWith('Shift')
        if (!refused) keys[action] = event.code
        localStorage.setItem('vernier-keys', JSON.stringify(keys))
        node.textContent = keyName(keys[action])
      }, { once: true })
    }, 'key')
    node.setAttribute('aria-label', t('keys.change', t(`keys.${action}`)))
    return element('tr', {}, element('th', { scope: 'row' }, t(`keys.${action}`)), element('td', {}, node))
  })
  rows.push(element('tr', {}, element('th', { scope: 'row' }, t('keys.pan')), element('td', {}, t('keys.pan.how'))))
  return element('table', { className: 'keys' }, element('tbody', {}, ...rows))
}

// Comparing

/** A second press of a key that bounced or was pressed twice must not judge the next pair: nobody judges this fast. */
const SETTLE = 250

const pictures = new PictureStore()
let comparison = null

const uniqueKey = () => crypto.randomUUID?.()
  ?? Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')

/** How pairs of an attribute were looked at last; at first 1:1 where it is judged on a face. */
function remembered(view) {
  const first = { mode: view.opensAtOne ? 'one' : 'fit', pan: { x: 0, y: 0 } }
  try {
    const { mode, pan } = JSON.parse(localStorage.getItem(`vernier-view-${view.attribute}`)) ?? {}
    const isKnown = ['one', 'fit'].includes(mode) && Number.isInteger(pan?.x) && Number.isInteger(pan?.y)
    return isKnown ? { mode, pan: { x: pan.x, y: pan.y } } : first
  } catch {
    return first
  }
}

function remember(view, viewer) {
  localStorage.setItem(`vernier-view-${view.attribute}`, JSON.stringify({ mode: viewer.mode, pan: viewer.place }))
}

/** A dialog whose focus is on its title: a key pressed at once changes nothing in it. */
function dialog(title, children) {
  const node = element('dialog', {}, element('h2', { tabIndex: -1, autofocus: true }, title), ...children.filter((child) => child !== null))
  node.append(element('p', {}, button(t('guide.close'), () => node.close())))
  return node
}

const outbox = new Outbox((vote, status, value) => comparison?.heard(vote, status, value))

class Comparison {
  #view
  #queue = []
  #answered = new Set()
  #lastVote = null
  #armed = false
  #shownAt = 0
  #busy = false
  #again = false
  #isTrouble = false
  #askedAt = 0
  #viewer
  #parts = {}
  #deadline
  #timer

  constructor(view) {
    this.#view = view
    this.#deadline = performance.now() + view.secondsLeft * 1000
    this.#build()
    this.#timer = setInterval(() => this.#clock(), 1000)
  }

  get isTraining() { return this.#view.step === 'training' }

  #build() {
    const view = this.#view
    document.body.dataset.step = view.step
    document.body.classList.add('comparing')
    const frame = (side) => element('figure', { className: 'frame' },
      element('canvas', { role: 'img', ariaLabel: t(`compare.${side}.label`) }),
      element('figcaption', {}, t(`compare.${side}`)))
    const frames = [frame('left'), frame('right')]
    const parts = this.#parts
    parts.status = element('span', { className: 'status', role: 'status' })
    parts.progress = element('span', { className: 'progress' })
    parts.left = button(`← ${t('compare.left')}`, () => this.vote('left'), 'vote')
    parts.right = button(`${t('compare.right')} →`, () => this.vote('right'), 'vote')
    parts.tie = view.allowsTies ? button(t('compare.tie'), () => this.vote('tie')) : null
    parts.undo = button(t('compare.undo'), () => this.undo())
    parts.guide = dialog(t('guide.title', view.guide.name), [...guide(view), element('h3', {}, t('keys.title')), keyTable()])
    parts.remark = this.#remarkDialog()
    const question = view.guide.question
      || t(view.isCrossScene ? 'compare.question.cross' : 'compare.question', view.guide.name)
    parts.block = element('progress', { max: view.blockSeconds, value: 0, ariaLabel: t('progress.block') })
    parts.study = view.study?.target
      ? element('span', { className: 'progress' }, t('progress.share', String(share(view.study)))) : null
    app.replaceChildren(element('main', { className: 'compare' },
      element('header', { className: 'bar' }, element('h1', {}, this.isTraining ? `${t('training.title')} – ${question}` : question),
        parts.status, parts.block, parts.progress, parts.study, button(t('compare.guide'), () => parts.guide.showModal()),
        button(t('remark.open'), () => parts.remark.showModal()), button(t('compare.pause'), () => this.pause()),
        button(t('leave.open'), () => this.leave())),
      element('div', { className: 'windows' }, ...frames),
      element('div', { className: 'bar choices' }, parts.undo,
        element('span', { className: 'votes' }, parts.left, parts.tie, parts.right),
        element('span', { className: 'zooms' }, ...this.#zooms())), parts.guide, parts.remark))
    this.#viewer = new PairViewer(frames, remembered(view), (now) => {
      this.#shownAt = now
      const { lease } = document.body.dataset
      setTimeout(() => {
        if (comparison === this && document.body.dataset.lease === lease && this.#queue[0]?.id === lease) this.#arm(true)
      }, SETTLE)
    })
    this.#viewer.changed = () => {
      remember(view, this.#viewer)
      this.#press()
    }
    this.#press()
    this.#arm(false)
  }

  /** «The same picture», «something is broken», or a comment: the study's owner sees it. */
  #remarkDialog() {
    const kinds = ['same', 'broken', 'comment'].map((kind) => {
      const input = element('input', { type: 'radio', name: 'remark', id: `remark-${kind}`, value: kind, required: true })
      return element('p', { className: 'tick' }, input, element('label', { htmlFor: `remark-${kind}` }, t(`remark.${kind}`)))
    })
    const text = element('textarea', { id: 'remark-text', maxLength: 1000, rows: 3 })
    const form = element('form', {}, ...kinds, element('label', { htmlFor: 'remark-text' }, t('remark.text')), text,
      element('p', { className: 'row' }, element('button', { className: 'primary' }, t('remark.send'))))
    const node = dialog(t('remark.title'), [element('p', {}, t('remark.help')), form])
    form.addEventListener('submit', async (event) => {
      event.preventDefault()
      const { lease } = document.body.dataset
      if (!lease) return node.close()
      const { status } = await call('POST', `leases/${lease}/remark`,
        { clientKey: uniqueKey(), kind: new FormData(form).get('remark'), text: text.value })
      if (status !== 201) return this.#say(t('compare.trouble'), true)
      form.reset()
      node.close()
      this.#say(t('remark.thanks'))
    })
    return node
  }

  /** The buttons of the view; the pressed ones tell how the pair is shown. */
  #zooms() {
    const parts = this.#parts
    const act = (change) => () => {
      change()
      this.#press()
    }
    parts.one = button('1:1', act(() => this.#viewer.zoom('one')))
    parts.fit = button(t('compare.fit'), act(() => this.#viewer.zoom('fit')))
    parts.toggle = button(t('compare.toggle'), act(() => this.#viewer.toggle()))
    parts.side = button(t('compare.side'), act(() => this.#viewer.toggle(null)))
    parts.scale = element('span', { className: 'scale', role: 'status' })
    return [parts.scale, parts.one, parts.fit, parts.toggle, parts.side]
  }

  #press() {
    const { one, fit, toggle, side } = this.#parts
    const states = [[one, this.#viewer.mode === 'one'], [fit, this.#viewer.mode === 'fit'],
      [toggle, this.#viewer.flipped !== null], [side, this.#viewer.flipped === null]]
    for (const [node, isPressed] of states) node.setAttribute('aria-pressed', String(isPressed))
    const { scale } = this.#viewer
    const percent = `${Math.round(100 * scale)} %`
    const isSmall = scale < this.#view.wantedScale - 1e-6
    this.#parts.scale.textContent = isSmall ? t('compare.below', percent) : percent
    this.#parts.scale.classList.toggle('below', isSmall)
  }

  #arm(isArmed) {
    this.#armed = isArmed
    document.body.dataset.armed = isArmed ? '1' : '0'
    for (const node of [this.#parts.left, this.#parts.right, this.#parts.tie]) {
      node?.setAttribute('aria-disabled', String(!isArmed))
    }
  }

  /** Tells something; trouble goes away by itself when the server answers again, the rest with the next vote. */
  #say(text, isTrouble = false) {
    this.#isTrouble = isTrouble
    if (this.#parts.status.textContent !== text) this.#parts.status.textContent = text
  }

  #clock() {
    if (this.isTraining) return
    const seconds = Math.max(0, (this.#deadline - performance.now()) / 1000)
    this.#parts.block.value = this.#view.blockSeconds - seconds
    this.#parts.progress.textContent = t('compare.progress', String(this.#view.votes), String(Math.ceil(seconds / 60)))
  }

  /** Asks for pairs, and shows the first when it is another one. */
  async refill() {
    if (comparison !== this) return
    // The answer under way may not know yet why we ask.
    if (this.#busy) return void (this.#again = true)
    this.#busy = true
    this.#askedAt = performance.now()
    const { status, value } = await call('POST', `sessions/${this.#view.session}/leases`)
    this.#busy = false
    if (comparison !== this) return
    if (this.#again) {
      this.#again = false
      return this.refill()
    }
    if (status !== 200) {
      if (status === 401 || status === 404) return restart()
      this.#say(t(status === 0 ? 'compare.offline' : 'compare.trouble'), true)
      setTimeout(() => this.refill(), 3000)
      return
    }
    if (this.#isTrouble) this.#say('')
    // The owner wrote other guidelines: they are read before the next pair.
    if (value.guidelines && value.guidelines !== this.#view.guide.version) return restart()
    this.#view.votes = value.votes
    this.#lastVote = value.lastVote ?? null
    this.#parts.undo.disabled = this.#lastVote === null
    this.#deadline = performance.now() + value.secondsLeft * 1000
    this.#clock()
    const waiting = new Set((await outbox.waiting()).map((vote) => vote.lease))
    this.#queue = value.leases.filter((lease) => !waiting.has(lease.id) && !this.#answered.has(lease.id))
    if (this.#queue.length) return this.#present()
    this.#viewer.clear()
    pictures.keep([])
    delete document.body.dataset.lease
    if (value.status === 'trained') {
      const next = await change(this.#view.session, { action: 'trained' })
      stop()
      return next ? route(next) : begin()
    }
    if (value.status === 'wait' || value.status === 'ok') {
      this.#say(t('compare.wait'), true)
      return void setTimeout(() => this.refill(), 500)
    }
    restart()
  }

  /** Loads the first two pairs and shows the first. */
  async #present() {
    const [lease, next] = this.#queue
    if (document.body.dataset.lease === lease.id) {
      pictures.keep(this.#queue)
      if (next) pictures.load(next).catch(() => {})
      return
    }
    document.body.dataset.lease = lease.id
    this.#arm(false)
    try {
      const pair = await pictures.load(lease)
      if (document.body.dataset.lease !== lease.id) return
      this.#viewer.show(pair)
      this.#press()
      // Only now: the pair before stood on the screen until this one was drawn.
      pictures.keep(this.#queue)
      if (next) pictures.load(next).catch(() => {})
    } catch (error) {
      if (error.name === 'AbortError' || comparison !== this) return
      delete document.body.dataset.lease
      this.#say(t(error.status === 410 ? 'compare.withdrawn' : 'compare.offline'), true)
      setTimeout(() => this.refill(), 2000)
    }
  }

  /** Answers the pair on the screen, once, and goes to the next at once. */
  vote(choice) {
    if (!this.#armed || !this.#queue.length || (choice === 'tie' && !this.#view.allowsTies)) return
    const { gate, wantedScale, guide: { version } } = this.#view
    const view = { ...this.#viewer.statistics, pixelRatio: devicePixelRatio }
    if (gate === 'strict' && !this.isTraining && view.largestScale < wantedScale - 1e-6) return this.#say(t('compare.small'))
    this.#arm(false)
    this.#say('')
    const lease = this.#queue.shift()
    this.#answered.add(lease.id)
    const vote = {
      clientKey: uniqueKey(), lease: lease.id, choice, responseMilliseconds: Math.round(performance.now() - this.#shownAt),
      view, guidelines: version, at: Date.now(), isTraining: lease.isTraining
    }
    if (this.#queue.length) this.#present()
    else delete document.body.dataset.lease
    outbox.add(vote).then(() => this.refill())
  }

  /** The server's answer to a vote. */
  heard(vote, status, value) {
    if (status === 0) return this.#say(t('compare.offline'), true)
    if (status === 401 || status === 403) return restart()
    // 404: the pair's photo was withdrawn meanwhile, and the pair with it.
    if (status === 404 || status === 409 || status === 410) this.#say(t('compare.late'))
    if (status === 422) {
      // It was not looked at as large as the study wants: the pair comes back.
      this.#answered.delete(vote.lease)
      this.#say(t('compare.small'))
    }
    if (value?.isRight === true) this.#say(t('training.right'))
    if (value?.isRight === false) this.#say(t('training.wrong'))
  }

  async undo() {
    if (this.isTraining || !(await outbox.flush()) || this.#lastVote === null) return
    const wasArmed = this.#armed
    this.#arm(false)
    const { status } = await call('DELETE', `votes/last?vote=${this.#lastVote}`)
    this.#say(status === 200 ? t('compare.undone') : '')
    // Nothing was undone: the pair on the screen stays, and waits for its answer.
    if (status !== 200) this.#arm(wasArmed)
    await this.refill()
  }

  async pause() {
    await outbox.flush()
    const next = await change(this.#view.session, { action: 'pause' })
    stop()
    if (next) paused(next)
    else begin()
  }

  /** The way out: the time stands still, and the page offers to leave or to withdraw. */
  async leave() {
    await outbox.flush()
    await change(this.#view.session, { action: 'pause' })
    stop()
    page('leave', t('leave.title'), ...paragraphs('leave.text'), element('p', {}, button(t('withdraw.back'), () => begin(), 'primary')))
  }

  /** A key on the page; repeated keys and keys of fields don't count. */
  key(event) {
    const isOpen = this.#parts.guide.open || this.#parts.remark.open
    if (event.repeat || event.ctrlKey || event.altKey || event.metaKey || isOpen) return
    const step = { ArrowLeft: [64, 0], ArrowRight: [-64, 0], ArrowUp: [0, 64], ArrowDown: [0, -64] }[event.code]
    if (event.shiftKey && step) {
      event.preventDefault()
      return this.#viewer.pan(...step)
    }
    const action = Object.keys(keys).find((name) => keys[name] === event.code)
    // Space and Enter on a button press the button.
    if (!action || event.shiftKey || (event.code === 'Space' && event.target instanceof HTMLButtonElement)) return
    event.preventDefault()
    const actions = {
      left: () => this.vote('left'), right: () => this.vote('right'), tie: () => this.vote('tie'),
      toggle: () => this.#viewer.toggle(), side: () => this.#viewer.toggle(null), one: () => this.#viewer.zoom('one'),
      fit: () => this.#viewer.zoom('fit'), undo: () => this.undo(), pause: () => this.pause(),
      guide: () => this.#parts.guide.showModal()
    }
    actions[action]()
    this.#press()
  }

  /** Somebody is at work on the pair: its lease is extended now and then. */
  touch() {
    if (document.body.dataset.lease && performance.now() - this.#askedAt > 30000) this.refill()
  }

  end() {
    clearInterval(this.#timer)
    this.#viewer.release()
  }

  get session() { return this.#view.session }
}

function compare(view) {
  stop()
  comparison = new Comparison(view)
  outbox.flush().then(() => comparison?.refill())
}

function stop() {
  comparison?.end()
  comparison = null
  pictures.keep([])
  delete document.body.dataset.lease
  document.body.dataset.armed = '0'
}

function restart() {
  stop()
  begin()
}

addEventListener('keydown', (event) => comparison?.key(event))
for (const sign of ['keydown', 'pointerdown', 'pointermove']) addEventListener(sign, () => comparison?.touch(), { passive: true })
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') comparison?.refill()
})
addEventListener('pageshow', (event) => event.persisted && restart())
addEventListener('pagehide', () => {
  // A keepalive fetch is a beacon that can carry the CSRF token.
  if (comparison) call('PATCH', `sessions/${comparison.session}`, { action: 'leave' }, { keepalive: true })
})

texts = await (await fetch(`/assets/text.${language}.json`)).json()
await begin()
