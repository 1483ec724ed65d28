/** What went wrong, and how to go on. */

import { html, type Markup } from '../html.ts'
import type { Messages } from '../messages/en.ts'
import { renderCard, type Frame } from './layout.ts'

/** What a page says of a failure that has no client to go back to. */
export interface ErrorPage {
  readonly title: string
  readonly text: string
  readonly advice: string
  /** Leads to a new start of the same request, when it is known. */
  readonly restartUrl: string | undefined
  /** For the developer of the application, in English; absent lines are not shown. */
  readonly details: {
    readonly error: string
    readonly description: string
    readonly hint: string
    readonly debug: string
  }
}

/** Renders a failure for the person in front of the browser. */
export function renderError(frame: Frame, page: ErrorPage): Markup {
  const words = frame.words.errorPage
  return renderCard(frame, {
    title: page.title,
    body: html`<div class="lead lead-left">
        <span class="sign" aria-hidden="true">!</span>
        <h1>${page.title}</h1>
        <p>${page.text}</p>
      </div>
      <p class="muted">${page.advice}</p>
      ${
        page.restartUrl === undefined
          ? undefined
          : html`<div class="actions">
              <a class="button" href="${page.restartUrl}">${words.startAgain}</a>
            </div>`
      }
      ${details(words, page)}`,
  })
}

function details(words: Messages['errorPage'], { details }: ErrorPage): Markup | undefined {
  const lines = [
    [words.error, details.error],
    [words.description, details.description],
    [words.hint, details.hint],
    [words.debug, details.debug],
  ].filter(([, text]) => text !== '')
  if (lines.length === 0) return undefined
  return html`<section class="details" aria-labelledby="details-title">
    <h2 id="details-title">${words.forDeveloper}</h2>
    <ul>
      ${lines.map(([label, text]) => html`<li><b>${label}</b> <span lang="en">${text}</span></li>`)}
    </ul>
  </section>`
}
