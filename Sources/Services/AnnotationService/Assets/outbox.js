// Votes wait in IndexedDB until the server has acknowledged them, through reloads, crashes and lost connections.

const csrf = document.querySelector('meta[name=csrf]').content

/** Calls the server; network failures are `{ status: 0 }`. */
export async function call(method, path, body, options = {}) {
  try {
    const response = await fetch(`/api/v1/${path}`, {
      method,
      credentials: 'same-origin',
      headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: options.keepalive ? undefined : AbortSignal.timeout(15000),
      ...options
    })
    const text = await response.text()
    const type = response.headers.get('Content-Type') ?? ''
    return { status: response.status, value: text && type.includes('json') ? JSON.parse(text) : null }
  } catch {
    return { status: 0, value: null }
  }
}

function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open('vernier', 1)
    request.onupgradeneeded = () => request.result.createObjectStore('votes', { keyPath: 'clientKey' })
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

export class Outbox {
  #database
  #sending = null
  #receipt

  /** `receipt(vote, status, value)` hears the fate of every vote. */
  constructor(receipt) {
    this.#receipt = receipt
    this.#database = open()
    addEventListener('online', () => this.flush())
    setInterval(() => this.flush(), 4000)
  }

  async #store(mode) {
    return (await this.#database).transaction('votes', mode, { durability: 'strict' }).objectStore('votes')
  }

  /** The votes not yet acknowledged, oldest first. */
  async waiting() {
    const votes = await done((await this.#store('readonly')).getAll())
    return votes.sort((a, b) => a.at - b.at)
  }

  /** Keeps a vote, then sends it. */
  async add(vote) {
    await done((await this.#store('readwrite')).put(vote))
    return this.flush()
  }

  /** Sends what waits; true when nothing is left. */
  flush() {
    this.#sending ??= this.#send().finally(() => (this.#sending = null))
    return this.#sending
  }

  async #send() {
    for (;;) {
      const votes = await this.waiting()
      if (!votes.length) return true
      for (const vote of votes) {
        const { clientKey, choice, responseMilliseconds, view, guidelines } = vote
        const { status, value } = await call('PUT', `leases/${vote.lease}/vote`,
          { clientKey, choice, responseMilliseconds, view, guidelines })
        if (status === 0 || status === 401 || status === 403 || status === 429 || status >= 500) {
          this.#receipt(vote, status, null)
          return false
        }
        await done((await this.#store('readwrite')).delete(clientKey))
        this.#receipt(vote, status, value)
      }
    }
  }
}
