/**
 * The page of front-channel logout: every client's logout URL in an invisible frame, then on to the page after logout.
 *
 * Without scripts the browser goes on after seven seconds, or at once by the link.
 *
 * @see OpenID Connect Front-Channel Logout 1.0 §3
 */

import { escapeHtml } from '../escape-html.ts'
import type { Spoken } from '../page-words.ts'
import type { HeaderFields } from '../respond.ts'
import { pageScript, scriptPage } from './script-page.ts'

const script = pageScript(`
const next = document.querySelector('a').href
const frames = document.querySelectorAll('iframe')
let left = frames.length
let timer = setTimeout(go, 7000)
function go() { location.replace(next) }
function loaded() { if (--left === 0) { clearTimeout(timer); timer = setTimeout(go, 500) } }
for (const frame of frames) { frame.addEventListener('load', loaded); frame.src = frame.dataset.src }
addEventListener('pagehide', () => clearTimeout(timer))
`)

/** What the page of a front-channel logout loads, and where it goes then. */
export interface FrontChannelLogout {
  /** Logout URLs of the clients, `iss` and `sid` included. */
  readonly frames: readonly string[]
  readonly location: string
}

/** Renders the page. Its policy lets it frame the clients' origins and nothing else. */
export function frontChannelPage(
  { frames, location }: FrontChannelLogout,
  { lang, words }: Spoken,
  headers: HeaderFields,
): Response {
  const next = escapeHtml(location)
  const tags = frames.map((url) => frameTag(escapeHtml(url), words.signOutOfOne)).join('')
  const body =
    `<!doctype html><html lang="${lang}"><head><meta charset="utf-8"><title>${words.signingOut}</title>` +
    `<meta name="viewport" content="width=device-width"><meta http-equiv="refresh" content="7;url=${next}"></head>` +
    `<body><main><h1>${words.signingOutOfApplications}</h1>` +
    `<p>${words.takesAMoment} <a href="${next}">${words.continueNow}</a></p></main>${tags}${script.tag}</body></html>`
  const origins = [...new Set(frames.map((url) => new URL(url).origin))].join(' ')
  return scriptPage(body, script, {
    directives: [`frame-src ${origins}`, "base-uri 'none'", "form-action 'none'"],
    isFramable: false,
    headers,
  })
}

/** The source is set by the script once it listens, so that no load goes unnoticed; without scripts by the inner frame. */
function frameTag(url: string, title: string): string {
  const hidden = `width="0" height="0" hidden title="${title}"`
  return `<iframe ${hidden} data-src="${url}"></iframe><noscript><iframe ${hidden} src="${url}"></iframe></noscript>`
}
