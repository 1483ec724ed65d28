/** The start page of development mode: the state of the server, and a flow to run. */

import { html, type Markup } from '../html.ts'
import { renderSheet, type Frame } from './layout.ts'

/** One line of the state of the server. */
export interface Fact {
  readonly label: string
  readonly value: string
  readonly note: string
  readonly state: 'good' | 'attention' | 'plain'
}

/** Something to copy into a terminal or an editor. */
export interface Snippet {
  readonly title: string
  readonly text: string
  readonly code: string
}

/** What the start page of dev mode shows. */
export interface StartPage {
  readonly facts: readonly Fact[]
  /** `undefined` when there is no demo client or account. */
  readonly demo:
    | {
        readonly startUrl: string
        readonly clientId: string
        readonly redirectUri: string
        readonly email: string
        readonly password: string
      }
    | undefined
  readonly endpoints: readonly {
    readonly name: string
    readonly url: string
    /** Whether a browser can open it. */
    readonly linked: boolean
  }[]
  readonly snippets: readonly Snippet[]
}

/** Renders the start page: state of the server, demo and next steps. */
export function renderStart(frame: Frame, page: StartPage): Markup {
  return renderSheet(frame, {
    title: 'Start',
    body: html`${hero(page)}
      <section aria-labelledby="state-title">
        <h2 id="state-title">State of the server</h2>
        <dl class="facts">${page.facts.map(renderFact)}</dl>
      </section>
      <section aria-labelledby="endpoints-title">
        <h2 id="endpoints-title">Addresses</h2>
        <dl class="addresses">
          ${page.endpoints.map(
            ({ name, url, linked }) =>
              html`<div>
                <dt>${name}</dt>
                <dd>${linked ? html`<a href="${url}">${url}</a>` : html`<code>${url}</code>`}</dd>
              </div>`,
          )}
        </dl>
      </section>
      <section aria-labelledby="next-title">
        <h2 id="next-title">Go on from here</h2>
        ${page.snippets.map(renderSnippet)}
      </section>`,
  })
}

function hero({ demo }: StartPage): Markup {
  return html`<section class="hero" aria-labelledby="hero-title">
    <h1 id="hero-title">Your sign-in server is running</h1>
    ${
      demo === undefined
        ? html`<p>There is no demo client. Create one of your own with the commands below.</p>`
        : html`<p>
              A demo client and a demo account are ready. Run the whole flow once, as an application
              would: authorization request, sign-in, consent, tokens, verification.
            </p>
            <div class="hero-row">
              <a class="button button-large" id="run-demo" href="${demo.startUrl}">Run the flow</a>
              <dl class="pairs">
                <div>
                  <dt>Email</dt>
                  <dd><code>${demo.email}</code></dd>
                </div>
                <div>
                  <dt>Password</dt>
                  <dd><code>${demo.password}</code></dd>
                </div>
                <div>
                  <dt>Client</dt>
                  <dd><code>${demo.clientId}</code></dd>
                </div>
              </dl>
            </div>`
    }
  </section>`
}

function renderFact({ label, value, note, state }: Fact): Markup {
  return html`<div class="fact fact-${state}">
    <dt>${label}</dt>
    <dd>
      <b>${value}</b>
      ${note === '' ? undefined : html`<span class="muted">${note}</span>`}
    </dd>
  </div>`
}

/** A titled block of code. */
export function renderSnippet({ title, text, code }: Snippet): Markup {
  return html`<details class="snippet">
    <summary>${title}</summary>
    <p>${text}</p>
    <pre tabindex="0"><code>${code}</code></pre>
  </details>`
}
