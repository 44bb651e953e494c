// The owner's pages follow the study; nothing else needs a script.

const csrf = document.querySelector('meta[name=csrf]').content

document.getElementById('leave')?.addEventListener('click', async () => {
  await fetch('/api/v1/leave', { method: 'POST', headers: { 'X-CSRF-Token': csrf } })
  location.assign('/')
})

document.getElementById('link')?.addEventListener('focus', (event) => event.target.select())

async function refresh() {
  const old = document.getElementById('live')
  if (!old || document.hidden || old.contains(document.activeElement)) return
  const response = await fetch(location.href, { credentials: 'same-origin' })
  if (!response.ok) return
  const fresh = new DOMParser().parseFromString(await response.text(), 'text/html').getElementById('live')
  if (!fresh) return
  const open = [...old.querySelectorAll('details')].map((details) => details.open)
  fresh.querySelectorAll('details').forEach((details, index) => (details.open = open[index] ?? false))
  old.replaceWith(document.adoptNode(fresh))
}

if (document.querySelector('[data-live]')) {
  const events = new EventSource('/api/v1/admin/events')
  const heard = new Set()
  for (const name of ['coverage', 'scale']) {
    // The first of each tells what the page shows already.
    events.addEventListener(name, () => (heard.has(name) ? refresh() : heard.add(name)))
  }
  addEventListener('pagehide', () => events.close())
}
