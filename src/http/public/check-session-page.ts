/**
 * The page that clients frame to learn whether the end user's session is still the one they know.
 *
 * It answers its parent window only, and only where the origin of that window is registered for the client: the server is asked
 * once for each. Whoever frames it from elsewhere learns nothing, not even `changed`.
 *
 * @see OpenID Connect Session Management 1.0 §4.2
 */

import { escapeHtml } from '../escape-html.ts'
import { pageScript, scriptPage } from './script-page.ts'

const script = pageScript(`
const known = new Map()
function isRegistered(client, origin) {
  const key = client + ' ' + origin
  if (known.size > 20) known.clear()
  if (!known.has(key)) {
    const query = new URLSearchParams({ client_id: client, origin })
    const answer = fetch('check/origin?' + query, { credentials: 'omit' }).then((response) => response.json())
    known.set(key, answer.then(({ registered }) => registered === true))
    known.get(key).catch(() => known.delete(key))
  }
  return known.get(key)
}
function browserState() {
  const prefix = document.documentElement.dataset.cookie + '='
  const cookie = document.cookie.split('; ').find((each) => each.startsWith(prefix))
  return cookie === undefined ? '' : cookie.slice(prefix.length)
}
async function hash(text) {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
async function statusOf(message, origin) {
  const parts = /^(.+) ([0-9a-f]{64})\\.([0-9a-f]+)$/u.exec(typeof message === 'string' ? message : '')
  if (parts === null) return 'error'
  const [, client, expected, salt] = parts
  if (!(await isRegistered(client, origin))) return undefined
  const found = await hash(client + ' ' + origin + ' ' + browserState() + ' ' + salt)
  return found === expected ? 'unchanged' : 'changed'
}
addEventListener('message', async ({ data, origin, source }) => {
  if (source === null || source !== parent || source === window || origin === 'null') return
  const status = await statusOf(data, origin).catch(() => 'error')
  if (status !== undefined) source.postMessage(status, origin)
})
`)

/** Renders the page: the one page of the server that may be framed by anybody. */
export function checkSessionPage(cookieName: string): Response {
  const body =
    `<!doctype html><html lang="en" data-cookie="${escapeHtml(cookieName)}"><head><meta charset="utf-8">` +
    `<title>Session</title></head><body>${script.tag}</body></html>`
  return scriptPage(body, script, {
    directives: ["connect-src 'self'", "base-uri 'none'", "form-action 'none'"],
    isFramable: true,
  })
}
