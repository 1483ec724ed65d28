/** Signing out: the question, and what came of it. */

import { html, type Markup } from '../html.ts'
import { renderBadge, type ClientIdentity } from './client-identity.ts'
import { renderBinding, renderProblem, type FormBinding, type Problem } from './form-parts.ts'
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
  return renderCard(frame, {
    title: 'Sign out',
    body: html`<div class="lead">
        ${page.client === undefined ? mark(frame) : renderBadge(page.client)}
        <h1>Sign out?</h1>
        <p class="muted">
          ${
            page.client === undefined
              ? undefined
              : html`<b>${page.client.name}</b> asks to end your session here. `
          }You
          are signed in as
          <b>${page.signedInAs}</b>.
        </p>
      </div>
      ${renderProblem(frame, page.problem)}
      <form method="post" action="${page.form.action}">
        ${renderBinding(page.form)}
        <div class="actions actions-pair">
          <button class="button" id="accept" name="submit" value="accept">Yes, sign out</button>
          <button class="button button-quiet" id="reject" name="submit" value="reject">
            No, stay
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
  const website = page.client?.websiteUri
  return renderCard(frame, {
    title: 'Still signed in',
    body: html`<div class="lead">
        ${mark(frame)}
        <h1>You are still signed in</h1>
        <p class="muted">Nothing was changed for <b>${page.signedInAs}</b>.</p>
      </div>
      ${
        website === undefined
          ? html`<p class="center">You can close this page.</p>`
          : html`<div class="actions">
              <a class="button" href="${website}">Back to ${page.client?.name}</a>
            </div>`
      }`,
  })
}

/** Where a sign-out ends when no application named a page of its own. */
export function renderSignedOut(frame: Frame): Markup {
  return renderCard(frame, {
    title: 'Signed out',
    body: html`<div class="lead">
      ${mark(frame)}
      <h1>
        You are signed out
        <span class="h1-note"
          >No page to return to was given. Your log out request however succeeded.</span
        >
      </h1>
      <p class="muted">
        Applications that you used may keep you signed in on their own side. On a shared computer,
        close the browser as well.
      </p>
    </div>`,
  })
}

function mark(frame: Frame): Markup {
  return html`<img class="lead-mark" src="${frame.assets.mark}" alt="" width="48" height="48" />`
}
