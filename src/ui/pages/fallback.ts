/** Pages that only tell something, and those that stand in for pages that the operator turned off and did not replace. */

import { html, type Markup } from '../html.ts'
import { renderAround } from './form-parts.ts'
import { renderCard, type Frame } from './layout.ts'

/** What the operator must know when a page is not configured. */
export interface FallbackPage {
  /** What would be here. */
  readonly missing: 'login' | 'consent' | 'logout' | 'device'
  readonly configurationKey: string
  readonly environmentName: string
  readonly example: string
}

/** Renders the page that names the configuration key of a missing page. */
export function renderFallback(frame: Frame, page: FallbackPage): Markup {
  const words = frame.words.setup
  return renderCard(frame, {
    title: words.title,
    body: html`<div class="lead lead-left">
        <span class="sign" aria-hidden="true">!</span>
        <h1>${words[page.missing]}</h1>
        <p>${renderAround(words.missingKey, html`<code>${page.configurationKey}</code>`)}</p>
      </div>
      <p class="muted">${words.forPerson}</p>
      <section class="details" aria-labelledby="details-title">
        <h2 id="details-title">${words.forOperator}</h2>
        <p>${words.how}</p>
        <pre tabindex="0"><code>${page.environmentName}=${page.example}</code></pre>
        <p>${renderAround(words.reference, html`<code>docs/configuration.md</code>`)}</p>
      </section>`,
  })
}

/** The end of a device flow when no page of its own is configured. */
export function renderDeviceDone(frame: Frame): Markup {
  return renderNote(frame, frame.words.deviceDone)
}

/** No such page. */
export function renderNotFound(frame: Frame): Markup {
  const words = frame.words.notFound
  return renderNote(
    frame,
    words,
    html`<div class="actions">
      <a class="button button-quiet" href="${frame.base}/">${words.toStart}</a>
    </div>`,
  )
}

/** The root of a server in production: it says what this is, and nothing about it. */
export function renderLanding(frame: Frame): Markup {
  return renderNote(frame, frame.words.landing)
}

interface Note {
  readonly title: string
  readonly heading: string
  readonly text: string
}

function renderNote(frame: Frame, { title, heading, text }: Note, actions?: Markup): Markup {
  return renderCard(frame, {
    title,
    body: html`<div class="lead">
        <img class="lead-mark" src="${frame.assets.mark}" alt="" width="48" height="48" />
        <h1>${heading}</h1>
        <p class="muted">${text}</p>
      </div>
      ${actions}`,
  })
}
