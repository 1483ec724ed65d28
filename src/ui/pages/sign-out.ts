/** Signing out: the question, and what came of it. */

import { html, type Markup } from '../html.ts'
import { renderBadge, type ClientIdentity } from './client-identity.ts'
import {
  renderAround,
  renderBinding,
  renderProblem,
  type FormBinding,
  type Problem,
} from './form-parts.ts'
import { renderCard, type Frame } from './layout.ts'

/** What the sign-out page shows. */
export interface SignOutPage {
  readonly form: FormBinding
  /** The application that asked; `undefined` when the person came by themselves. */
  readonly client: ClientIdentity | undefined
  readonly signedInAs: string
  readonly problem: Problem | undefined
}

/** Renders the question whether to sign out. */
export function renderSignOut(frame: Frame, page: SignOutPage): Markup {
  const words = frame.words.signOut
  return renderCard(frame, {
    title: words.title,
    body: html`<div class="lead">
        ${page.client === undefined ? mark(frame) : renderBadge(page.client)}
        <h1>${words.question}</h1>
        <p class="muted">
          ${
            page.client === undefined ? undefined : html`<b>${page.client.name}</b> ${words.asks} `
          }${renderAround(words.signedInAs, html`<b>${page.signedInAs}</b>`)}
        </p>
      </div>
      ${renderProblem(frame, page.problem)}
      <form method="post" action="${page.form.action}">
        ${renderBinding(page.form)}
        <div class="actions actions-pair">
          <button class="button" id="accept" name="submit" value="accept">${words.yes}</button>
          <button class="button button-quiet" id="reject" name="submit" value="reject">
            ${words.no}
          </button>
        </div>
      </form>`,
  })
}

/** After "No": nothing happened, and the page says so. */
export function renderStillSignedIn(
  frame: Frame,
  page: { readonly client: ClientIdentity | undefined; readonly signedInAs: string },
): Markup {
  const words = frame.words.stillSignedIn
  const { client } = page
  return renderCard(frame, {
    title: words.title,
    body: html`<div class="lead">
        ${mark(frame)}
        <h1>${words.heading}</h1>
        <p class="muted">${renderAround(words.unchanged, html`<b>${page.signedInAs}</b>`)}</p>
      </div>
      ${
        client?.websiteUri === undefined
          ? html`<p class="center">${words.close}</p>`
          : html`<div class="actions">
              <a class="button" href="${client.websiteUri}">${words.backTo(client.name)}</a>
            </div>`
      }`,
  })
}

/** Where a sign-out ends when no application named a page of its own. */
export function renderSignedOut(frame: Frame): Markup {
  const words = frame.words.signedOut
  return renderCard(frame, {
    title: words.title,
    body: html`<div class="lead">
      ${mark(frame)}
      <h1>
        ${words.heading}
        <span class="h1-note">${words.note}</span>
      </h1>
      <p class="muted">${words.text}</p>
    </div>`,
  })
}

function mark(frame: Frame): Markup {
  return html`<img class="lead-mark" src="${frame.assets.mark}" alt="" width="48" height="48" />`
}
