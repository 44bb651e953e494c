// The owner's pages follow the study and draw the examples of guidelines; nothing else needs a script.

import { drawExample } from '/assets/example.js'

const csrf = document.querySelector('meta[name=csrf]').content

document.getElementById('leave')?.addEventListener('click', async () => {
  await fetch('/api/v1/leave', { method: 'POST', headers: { 'X-CSRF-Token': csrf } })
  location.assign('/')
})

document.getElementById('link')?.addEventListener('focus', (event) => event.target.select())

for (const canvas of document.querySelectorAll('canvas[data-src]')) {
  drawExample(canvas, canvas.dataset.src, Number(canvas.dataset.x), Number(canvas.dataset.y))
}

let isFetching = false
let isStale = false

/** Brings the live part up to date; what changes while it is fetched is fetched too. */
async function refresh() {
  isStale = true
  if (isFetching) return
  isFetching = true
  try {
    while (isStale) {
      isStale = false
      await replace()
    }
  } catch {
    // No connection: the stream comes back by itself, and its first events lead here again.
  } finally {
    isFetching = false
  }
}

async function replace() {
  const old = document.getElementById('live')
  if (!old || document.hidden || old.contains(document.activeElement)) return
  const response = await fetch(location.href, { credentials: 'same-origin' })
  if (!response.ok) return
  const fresh = new DOMParser().parseFromString(await response.text(), 'text/html').getElementById('live')
  if (!fresh) return
  const open = [...old.querySelectorAll('details')].map((details) => details.open)
  fresh.querySelectorAll('details').forEach((details, index) => (details.open = open[index] ?? false))
  if (!fresh.isEqualNode(old)) old.replaceWith(document.adoptNode(fresh))
}

if (document.querySelector('[data-live]')) {
  const events = new EventSource('/api/v1/admin/events')
  // The first of each too: the study may have changed since the page was made.
  for (const name of ['coverage', 'scale']) events.addEventListener(name, refresh)
  // Nothing is fetched for a page that nobody sees.
  document.addEventListener('visibilitychange', refresh)
  addEventListener('pagehide', () => events.close())
}
