/** The frame of every page: head, card or wide sheet, footer. */

import type { Language } from '../../protocol/language.ts'
import { html, type Content, type Markup } from '../html.ts'
import type { Messages } from '../messages/en.ts'

/** What all pages need to know of the server that shows them. */
export interface Frame {
  /** Path prefix of the public address, without a trailing slash; `''` at the root. */
  readonly base: string
  /** Hashed addresses of the assets. */
  readonly assets: { readonly stylesheet: string; readonly mark: string }
  /** Host of the issuer, so that people can see where they are. */
  readonly host: string
  readonly dev: boolean
  readonly lang: Language
  readonly words: Messages
  /** `display=popup`: a small window has room for the question only. */
  readonly isPopup: boolean
}

interface Page {
  readonly title: string
  readonly body: Content
  /** Below the card, quieter. */
  readonly aside?: Content
}

/** A page that asks or tells one thing: one card in the middle. */
export function renderCard(frame: Frame, { title, body, aside }: Page): Markup {
  return renderDocument(
    frame,
    title,
    html`<div class="${frame.isPopup ? 'shell shell-popup' : 'shell'}">
      <main class="card">${body}</main>
      ${aside === undefined ? undefined : html`<div class="below">${aside}</div>`}
      <footer class="foot">
        <img src="${frame.assets.mark}" alt="" width="16" height="16" />
        <span>${frame.words.protectedAt} <b>${frame.host}</b></span>
        ${
          frame.dev && !frame.isPopup
            ? html`<a href="${frame.base}/">${frame.words.startPage}</a>`
            : undefined
        }
      </footer>
    </div>`,
  )
}

/** A page for developers: wide, with a header. */
export function renderSheet(frame: Frame, { title, body }: Page): Markup {
  return renderDocument(
    frame,
    title,
    html`<div class="sheet">
      <header class="bar">
        <a class="wordmark" href="${frame.base}/"
          ><img src="${frame.assets.mark}" alt="" width="28" height="28" /><span>Firebrand</span></a
        >
        ${frame.dev ? html`<span class="badge">Development mode</span>` : undefined}
      </header>
      <main>${body}</main>
    </div>`,
  )
}

function renderDocument(frame: Frame, title: string, body: Markup): Markup {
  return html`<!doctype html>
    <html lang="${frame.lang}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>${title} · Firebrand</title>
        <link rel="icon" type="image/svg+xml" href="${frame.assets.mark}" />
        <link rel="stylesheet" href="${frame.assets.stylesheet}" />
      </head>
      <body>
        ${body}
      </body>
    </html> `
}
