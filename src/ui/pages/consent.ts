/** Decide what an application may do. */

import { html, type Markup } from '../html.ts'
import type { Messages } from '../messages/en.ts'
import { renderBadge, renderLegal, type ClientIdentity } from './client-identity.ts'
import {
  renderBinding,
  renderProblem,
  renderTick,
  type FormBinding,
  type Problem,
} from './form-parts.ts'
import { renderCard, type Frame } from './layout.ts'
import { claimWords } from './scope-words.ts'

type Words = Messages['consent']

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
  const words = frame.words.consent
  return renderCard(frame, {
    title: words.title(client.name),
    body: html`<div class="lead">
        ${renderBadge(client)}
        <h1>${client.name} <span class="h1-rest">${words.asks}</span></h1>
        <p class="muted account">
          <span>${page.signedInAs}</span> <a href="${page.switchAccountUrl}">${words.notYou}</a>
        </p>
      </div>
      ${renderProblem(frame, page.problem)}
      <form method="post" action="${page.form.action}">
        ${renderBinding(page.form)} ${scopeList(words, page)} ${claimList(frame.words, page.claims)}
        ${audienceList(words, page.audience)}
        ${renderTick({
          id: 'remember',
          name: 'remember',
          value: '1',
          label: words.remember,
          checked: page.remember,
        })}
        ${renderDestination(words, page.destination)}
        <div class="actions actions-pair">
          <button class="button" id="accept" name="submit" value="accept">${words.allow}</button>
          <button class="button button-quiet" id="reject" name="submit" value="reject">
            ${words.deny}
          </button>
        </div>
      </form>`,
    aside: renderLegal(client, frame.words),
  })
}

function scopeList(words: Words, { scopes, client }: ConsentPage): Markup | undefined {
  if (scopes.length === 0) {
    return html`<p>${words.nothing(client.name)}</p>`
  }
  return html`<fieldset class="scopes">
    <legend>${words.choose}</legend>
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

function claimList(
  { consent: words, ...all }: Messages,
  claims: readonly string[],
): Markup | undefined {
  if (claims.length === 0) return undefined
  return html`<div class="audience" id="claims">
    <p class="muted">${words.alsoAsks}</p>
    <ul>
      ${claims.map((claim) => html`<li>${claimWords(claim, all)} <code>${claim}</code></li>`)}
    </ul>
  </div>`
}

function audienceList(words: Words, audience: readonly string[]): Markup | undefined {
  if (audience.length === 0) return undefined
  return html`<div class="audience">
    <p class="muted">${words.usedAt}</p>
    <ul>
      ${audience.map((entry) => html`<li><code>${entry}</code></li>`)}
    </ul>
  </div>`
}

function renderDestination(words: Words, destination: string | undefined): Markup {
  const [where, advice] =
    destination === undefined
      ? [words.device, words.trustDevice]
      : [destination, words.trustAddress]
  return html`<p class="destination">${words.answerGoesTo} <b>${where}</b>. ${advice}</p>`
}
