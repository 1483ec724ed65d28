/** What came out of the demo flow: every artefact decoded, every check named. */

import { html, type Markup } from '../html.ts'
import { renderBinding, type FormBinding } from './form-parts.ts'
import { renderSheet, type Frame } from './layout.ts'
import { renderSnippet, type Snippet } from './start.ts'

/** One thing that the demo client checked. */
export interface Check {
  readonly label: string
  readonly passed: boolean
  readonly detail: string
}

/** What the demo client shows after a completed flow. */
export interface DemoResultPage {
  readonly subject: string
  readonly checks: readonly Check[]
  /** JSON, indented. `undefined` when `openid` was not granted. */
  readonly idToken:
    | { readonly raw: string; readonly header: string; readonly claims: string }
    | undefined
  readonly accessToken: { readonly raw: string; readonly expires: string; readonly scope: string }
  /** JSON, indented. */
  readonly introspection: string
  readonly userinfo: string | undefined
  /** How to refresh; `undefined` when no refresh token was granted. */
  readonly refresh: { readonly form: FormBinding; readonly count: number } | undefined
  readonly runAgainUrl: string
  readonly signOutUrl: string
  readonly snippets: readonly Snippet[]
}

/** Renders the tokens that the demo client got and the checks they passed. */
export function renderDemoResult(frame: Frame, page: DemoResultPage): Markup {
  const passed = page.checks.every((check) => check.passed)
  return renderSheet(frame, {
    title: passed ? 'The flow worked' : 'The flow ended with a failed check',
    body: html`<section class="hero" aria-labelledby="hero-title">
        <h1 id="hero-title">${passed ? 'The flow worked' : 'A check failed'}</h1>
        <p>
          Signed in as <b>${page.subject}</b>. Below is what the demo client received and checked.
        </p>
        <div class="hero-row">
          <a class="button" href="${page.runAgainUrl}">Run it again</a>
          <a class="button button-quiet" href="${page.signOutUrl}">Sign out</a>
        </div>
      </section>
      <section aria-labelledby="checks-title">
        <h2 id="checks-title">Checks</h2>
        <ol class="checks">
          ${page.checks.map(renderCheck)}
        </ol>
      </section>
      ${idTokenSection(page)} ${accessTokenSection(page)} ${refreshSection(page)}
      <section aria-labelledby="next-title">
        <h2 id="next-title">Go on from here</h2>
        ${page.snippets.map(renderSnippet)}
      </section>`,
  })
}

function renderCheck({ label, passed, detail }: Check): Markup {
  return html`<li class="${passed ? 'check-passed' : 'check-failed'}">
    <b>${label}</b> <span class="verdict">${passed ? 'passed' : 'failed'}</span>
    <span class="muted">${detail}</span>
  </li>`
}

function idTokenSection({ idToken }: DemoResultPage): Markup {
  return html`<section aria-labelledby="id-token-title">
    <h2 id="id-token-title">ID token</h2>
    ${
      idToken === undefined
        ? html`<p class="muted">None: the permission <code>openid</code> was not granted.</p>`
        : html`<div class="columns">
              ${jsonBlock('Header', idToken.header)} ${jsonBlock('Claims', idToken.claims)}
            </div>
            ${rawBlock(idToken.raw)}`
    }
  </section>`
}

function accessTokenSection({ accessToken, introspection, userinfo }: DemoResultPage): Markup {
  return html`<section aria-labelledby="access-token-title">
    <h2 id="access-token-title">Access token</h2>
    <p class="muted">
      ${accessToken.expires}. Granted:
      <code>${accessToken.scope === '' ? 'no scope' : accessToken.scope}</code>
    </p>
    <div class="columns">
      ${jsonBlock('Introspection', introspection)}
      ${userinfo === undefined ? undefined : jsonBlock('Userinfo', userinfo)}
    </div>
    ${rawBlock(accessToken.raw)}
  </section>`
}

function refreshSection({ refresh }: DemoResultPage): Markup {
  return html`<section aria-labelledby="refresh-title">
    <h2 id="refresh-title">Refresh token</h2>
    ${
      refresh === undefined
        ? html`<p class="muted">
            None: it takes the permission to stay connected, which is not ticked by itself. Run the
            flow again and tick it on the consent page.
          </p>`
        : html`<p class="muted">
              ${
                refresh.count === 0
                  ? 'Each use gives new tokens and ends the old ones.'
                  : `Used ${refresh.count === 1 ? 'once' : `${refresh.count} times`}; the tokens above are the newest.`
              }
            </p>
            <form method="post" action="${refresh.form.action}">
              ${renderBinding(refresh.form)}
              <button class="button button-quiet" id="refresh">Use the refresh token</button>
            </form>`
    }
  </section>`
}

function jsonBlock(title: string, json: string): Markup {
  return html`<div class="block">
    <h3>${title}</h3>
    <pre tabindex="0"><code>${json}</code></pre>
  </div>`
}

function rawBlock(raw: string): Markup {
  return html`<details class="snippet">
    <summary>As it was sent</summary>
    <pre class="wrapped" tabindex="0"><code>${raw}</code></pre>
  </details>`
}
