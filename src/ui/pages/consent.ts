/** Decide what an application may do. */

import { html, type Markup } from '../html.ts'
import { renderBadge, type ClientIdentity } from './client-identity.ts'
import {
  renderBinding,
  renderProblem,
  renderTick,
  type FormBinding,
  type Problem,
} from './form-parts.ts'
import { renderCard, type Frame } from './layout.ts'
import { claimWords } from './scope-words.ts'

/** One permission to decide on. */
export interface ScopeChoice {
  readonly scope: string
  readonly title: string
  readonly description: string
  readonly checked: boolean
}

/** What the consent page shows. */
export interface ConsentPage {
  readonly form: FormBinding
  readonly client: ClientIdentity
  /** Host of the redirect URI (or the scheme of an app): where the answer goes; `undefined` for a device that waits for it. */
  readonly destination: string | undefined
  /** Email of the account, or the subject of a login that came from elsewhere. */
  readonly signedInAs: string
  /** Leads to a fresh sign-in of the same request. */
  readonly switchAccountUrl: string
  readonly scopes: readonly ScopeChoice[]
  /** Claims that were asked for one by one, beside the scopes; they are granted together. */
  readonly claims: readonly string[]
  readonly audience: readonly string[]
  readonly remember: boolean
  readonly problem: Problem | undefined
}

/** Renders the question whether a client may have what it asks for. */
export function renderConsent(frame: Frame, page: ConsentPage): Markup {
  const { client } = page
  return renderCard(frame, {
    title: `Allow ${client.name}?`,
    body: html`<div class="lead">
        ${renderBadge(client)}
        <h1>${client.name} <span class="h1-rest">asks for access to your account</span></h1>
        <p class="muted account">
          <span>${page.signedInAs}</span> <a href="${page.switchAccountUrl}">Not you?</a>
        </p>
      </div>
      ${renderProblem(page.problem)}
      <form method="post" action="${page.form.action}">
        ${renderBinding(page.form)} ${scopeList(page)} ${claimList(page.claims)}
        ${audienceList(page.audience)}
        ${renderTick({
          id: 'remember',
          name: 'remember',
          value: '1',
          label: 'Do not ask me again for this application',
          checked: page.remember,
        })}
        ${renderDestination(page.destination)}
        <div class="actions actions-pair">
          <button class="button" id="accept" name="submit" value="accept">Allow access</button>
          <button class="button button-quiet" id="reject" name="submit" value="reject">Deny</button>
        </div>
      </form>`,
    aside: legal(client),
  })
}

function scopeList({ scopes, client }: ConsentPage): Markup | undefined {
  if (scopes.length === 0) {
    return html`<p>${client.name} asks for no particular permission, only for your sign-in.</p>`
  }
  return html`<fieldset class="scopes">
    <legend>Choose what it may do</legend>
    <ul>
      ${scopes.map(scopeItem)}
    </ul>
  </fieldset>`
}

function scopeItem({ scope, title, description, checked }: ScopeChoice, index: number): Markup {
  const id = `scope-${index}`
  return html`<li class="scope">
    <input
      type="checkbox"
      class="grant_scope"
      id="${id}"
      name="grant_scope"
      value="${scope}"
      aria-describedby="${id}-more"
      ${checked ? html`checked` : undefined}
    />
    <div>
      <label for="${id}">${title}</label>
      <p class="muted" id="${id}-more">
        ${description} ${title === scope ? undefined : html`<code>${scope}</code>`}
      </p>
    </div>
  </li>`
}

function claimList(claims: readonly string[]): Markup | undefined {
  if (claims.length === 0) return undefined
  return html`<div class="audience" id="claims">
    <p class="muted">It also asks for</p>
    <ul>
      ${claims.map((claim) => html`<li>${claimWords(claim)} <code>${claim}</code></li>`)}
    </ul>
  </div>`
}

function audienceList(audience: readonly string[]): Markup | undefined {
  if (audience.length === 0) return undefined
  return html`<div class="audience">
    <p class="muted">It may use its access at</p>
    <ul>
      ${audience.map((entry) => html`<li><code>${entry}</code></li>`)}
    </ul>
  </div>`
}

function legal({ name, policyUri, tosUri, websiteUri }: ClientIdentity): Markup | undefined {
  const links = [
    websiteUri === undefined ? undefined : link(websiteUri, 'Website'),
    policyUri === undefined ? undefined : link(policyUri, 'Privacy policy'),
    tosUri === undefined ? undefined : link(tosUri, 'Terms of service'),
  ].filter((each) => each !== undefined)
  if (links.length === 0) return undefined
  return html`<nav class="legal" aria-label="About ${name}">${links}</nav>`
}

function link(href: string, text: string): Markup {
  return html`<a href="${href}" rel="noopener noreferrer" target="_blank">${text}</a> `
}

function renderDestination(destination: string | undefined): Markup {
  return destination === undefined
    ? html`<p class="destination">
        Your answer goes to <b>the device that showed the code</b>. Allow it only if the device is
        in front of you.
      </p>`
    : html`<p class="destination">
        Your answer goes to <b>${destination}</b>. Allow it only if you trust this address.
      </p>`
}
