// Sends the photos of a dropped folder one by one. The server says which of them it has; a lost connection costs the
// file that was under way, and choosing the folder again sends only what is missing.

const page = document.getElementById('upload')
const csrf = document.querySelector('meta[name=csrf]').content
const language = document.documentElement.lang
const texts = await (await fetch(`/assets/text.${language}.json`)).json()
const [address, memory] = [page.dataset.address, `vernier-upload-${page.dataset.study}`]
const element = (id) => document.getElementById(id)

/** A text of the page's language with its numbered places filled. */
const text = (key, ...values) =>
  (texts[key] ?? key).replace(/\{(\d)\}/g, (_, place) => values[place] ?? '').replaceAll('**', '')

const megabytes = (bytes) => (bytes / 1e6).toLocaleString(language, { maximumFractionDigits: bytes < 1e7 ? 1 : 0 })

let isRunning = false
let isPaused = false
let resume = () => {}
let request

// --- what was dropped

/** The files of dropped folders with their names in them; hidden ones are left out, as `study add` does. */
async function dropped(items) {
  const found = []
  async function walk(entry) {
    if (entry.name.startsWith('.')) return
    if (entry.isFile) {
      const file = await new Promise((resolve, reject) => entry.file(resolve, reject))
      found.push({ path: entry.fullPath.replace(/^\//, ''), file })
      return
    }
    const reader = entry.createReader()
    for (;;) {
      const part = await new Promise((resolve, reject) => reader.readEntries(resolve, reject))
      if (part.length === 0) return
      for (const inner of part) await walk(inner)
    }
  }
  const entries = [...items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean)
  for (const entry of entries) await walk(entry)
  return found
}

const chosen = (files) =>
  [...files].map((file) => ({ path: file.webkitRelativePath || file.name, file }))
    .filter(({ path }) => !path.split('/').some((name) => name.startsWith('.')))

// --- the talk with the server

class Stop extends Error {}

const wait = (seconds) => new Promise((resolve) => setTimeout(resolve, 1000 * seconds))

async function running() {
  if (isPaused) await new Promise((resolve) => (resume = resolve))
}

/** One request with the course of its sending; a status of 0 means that no answer came. */
function send(method, place, body, type, onProgress = () => {}) {
  return new Promise((resolve) => {
    request = new XMLHttpRequest()
    request.open(method, address + place)
    request.setRequestHeader('X-CSRF-Token', csrf)
    request.setRequestHeader('Content-Type', type)
    request.upload.onprogress = (event) => onProgress(event.loaded)
    request.onloadend = () => {
      let answer = {}
      try {
        answer = JSON.parse(request.responseText)
      } catch {
        // An answer that is not ours: its status says enough.
      }
      resolve({ status: request.status, answer, line: answer.error?.message ?? '' })
    }
    request.send(body)
  })
}

/** Sends until the server has answered for good: a lost connection and a busy study are waited for. */
async function insist(method, place, body, type, onProgress) {
  for (let tries = 0; ; tries += 1) {
    await running()
    const result = await send(method, place, body, type, onProgress)
    if (![0, 423, 429, 502, 503, 504].includes(result.status)) {
      if (tries > 0) say('')
      return result
    }
    if (isPaused) continue
    say(result.status === 423 ? text('upload.busy') : text('upload.lost'))
    await wait(Math.min(15, 1 + tries))
  }
}

async function plan(files, manifest) {
  const wish = {
    files: files.map(({ path, file }) => ({ path, bytes: file.size })), scene: element('scene').value.trim(),
  }
  if (manifest) wish.manifest = { path: manifest.path, text: await manifest.file.text() }
  const result = await insist('POST', '/plan', JSON.stringify(wish), 'application/json')
  if (result.status !== 200) throw new Stop(result.line || text('upload.failed', result.status))
  return result.answer
}

async function digest(file) {
  const hash = await crypto.subtle.digest('SHA-256', await file.arrayBuffer())
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

// --- what the page shows

/** What a reader of the screen hears; the course of the sending would never let it rest. */
const say = (line) => (element('total').textContent = line)
const course = (line) => (element('course').textContent = line)

function list(lines, title, kind = 'warning') {
  if (lines.length === 0) return
  let box = element('problems').querySelector(`[data-title="${CSS.escape(title)}"]`)
  if (!box) {
    box = document.createElement('div')
    box.className = kind
    box.dataset.title = title
    box.append(Object.assign(document.createElement('p'), { textContent: title }), document.createElement('ul'))
    element('problems').append(box)
  }
  for (const line of lines) {
    box.querySelector('ul').append(Object.assign(document.createElement('li'), { textContent: line }))
  }
}

/** The row of a file; made when something happens to it, so that long lists cost nothing. */
function row(item, file) {
  const line = document.createElement('tr')
  const name = Object.assign(document.createElement('th'), { scope: 'row', textContent: `${item.scene}/${item.photo}` })
  const size = Object.assign(document.createElement('td'), { className: 'n', textContent: `${megabytes(file.size)} MB` })
  const state = document.createElement('td')
  line.append(name, size, state)
  element('files').prepend(line)
  return state
}

function remember(name, done, all) {
  try {
    if (done < all) localStorage.setItem(memory, JSON.stringify({ name, done, all }))
    else localStorage.removeItem(memory)
  } catch {
    // Nothing is remembered; nothing else depends on it.
  }
}

function recall() {
  try {
    const old = JSON.parse(localStorage.getItem(memory))
    if (!old) return
    element('unfinished').textContent = text('upload.unfinished', old.name, old.done, old.all)
    element('unfinished').hidden = false
  } catch {
    // What can't be read says nothing.
  }
}

// --- the work

async function take(found) {
  if (isRunning || found.length === 0) return
  isRunning = true
  isPaused = false
  element('sending').hidden = false
  element('unfinished').hidden = true
  element('problems').replaceChildren()
  element('files').replaceChildren()
  for (const id of ['folder', 'scene']) element(id).disabled = true
  element('pause').hidden = false
  element('pause').textContent = text('upload.pause')
  try {
    await work(found)
  } catch (error) {
    say(error instanceof Stop ? text('upload.stopped') : text('upload.failed', error.message))
    list(error instanceof Stop ? [error.message] : [], text('upload.reason'))
  }
  isRunning = false
  element('pause').hidden = true
  for (const id of ['folder', 'scene']) element(id).disabled = false
  element('folder').value = ''
  page.dataset.done = Number(page.dataset.done ?? 0) + 1
}

async function work(found) {
  say(text('upload.planning', found.length))
  const manifests = found.filter(({ path }) => /\.csv$/i.test(path) && path.split('/').length <= 2)
  if (manifests.length > 1) throw new Stop(text('upload.manifests', manifests.map(({ path }) => path).join(', ')))
  const files = found.filter((entry) => entry !== manifests[0])
  let current = await plan(files, manifests[0])
  list(current.refused, text('upload.refused'))
  list(current.notes, text('upload.notes'), 'note')
  const counts = { added: 0, known: 0, updated: 0, passed: 0, refused: current.refused.length }
  const name = found[0].path.split('/')[0]
  const all = current.items.length
  const total = current.items.reduce((sum, item) => sum + files[item.file].file.size, 0)
  let [done, bytes, sentBytes] = [0, 0, 0]
  const start = performance.now()
  say('')

  function progress(loaded) {
    const seconds = (performance.now() - start) / 1000
    const rate = (sentBytes + loaded) / Math.max(seconds, 0.1)
    element('share').value = total > 0 ? (bytes + loaded) / total : 1
    const left = rate > 0 ? Math.ceil((total - bytes - loaded) / rate) : 0
    const time = left >= 90 ? text('upload.minutes', Math.round(left / 60)) : text('upload.seconds', left)
    if (!isPaused) course(text('upload.progress', done, all, megabytes(bytes + loaded), megabytes(total), megabytes(rate), time))
  }

  for (let place = 0; place < all; place += 1) {
    await running()
    const item = current.items[place]
    const { file, path } = files[item.file]
    progress(0)
    const outcome = await one(place, item, file)
    if (outcome === 'forgotten') {
      // The server was started again; it is told once more what is here.
      current = await plan(files, manifests[0])
      if (current.items.length !== all) throw new Stop(text('upload.changed'))
      place -= 1
      continue
    }
    counts[outcome.name] += 1
    if (outcome.line) list([outcome.line], text('upload.refused'))
    if (outcome.name === 'passed') list([path], text('upload.passed'), 'note')
    done += 1
    bytes += file.size
    if (outcome.wasSent) sentBytes += file.size
    remember(name, done, all)
    progress(0)
  }
  element('share').value = 1
  course('')
  say(text('upload.done', counts.added, counts.known, counts.updated, counts.refused))
  if (counts.added + counts.updated > 0) {
    const link = Object.assign(document.createElement('a'), { href: '/owner/photos', textContent: text('upload.look') })
    element('total').append(' ', link)
  }

  async function one(place, item, file) {
    if (item.sha256 && (await digest(file).catch(() => '')) === item.sha256) {
      if (!item.isDescribed) return { name: 'known' }
      const target = `/${current.plan}/${place}/known`
      const body = JSON.stringify({ sha256: item.sha256 })
      const said = await insist('POST', target, body, 'application/json')
      if (said.status === 404) return 'forgotten'
      if (said.status === 200) return { name: said.answer.outcome, line: said.answer.line }
    }
    const state = row(item, file)
    state.textContent = text('upload.sending')
    const result = await insist('PUT', `/${current.plan}/${place}`, file, 'application/octet-stream', (loaded) => {
      state.textContent = text('upload.percent', Math.floor((100 * loaded) / Math.max(1, file.size)))
      progress(Math.min(loaded, file.size))
    })
    if (result.status === 404) {
      state.closest('tr').remove()
      return 'forgotten'
    }
    if ([401, 403, 500, 507].includes(result.status)) throw new Stop(result.line || text('upload.failed', result.status))
    const outcome = result.status === 200 ? result.answer.outcome : 'refused'
    state.textContent = text(`upload.outcome.${outcome}`)
    state.dataset.outcome = outcome
    const line = outcome === 'refused' ? result.answer.line || result.line || text('upload.failed', result.status) : ''
    return { name: outcome, line, wasSent: true }
  }
}

// --- the page's ends

element('folder').addEventListener('change', (event) => take(chosen(event.target.files)))

const drop = element('drop')
for (const name of ['dragenter', 'dragover']) {
  drop.addEventListener(name, (event) => {
    event.preventDefault()
    drop.classList.add('over')
  })
}
drop.addEventListener('dragleave', () => drop.classList.remove('over'))
drop.addEventListener('drop', async (event) => {
  event.preventDefault()
  drop.classList.remove('over')
  await take(await dropped(event.dataTransfer.items))
})
// A folder that misses the field must not replace the page.
for (const name of ['dragover', 'drop']) document.addEventListener(name, (event) => event.preventDefault())

element('pause').addEventListener('click', () => {
  isPaused = !isPaused
  element('pause').textContent = text(isPaused ? 'upload.continue' : 'upload.pause')
  if (isPaused) {
    request?.abort()
    say(text('upload.paused'))
  } else {
    say('')
    resume()
  }
})

addEventListener('beforeunload', (event) => {
  if (isRunning) event.preventDefault()
})

recall()
page.dataset.ready = '1'
