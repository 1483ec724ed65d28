/** Sign in with an email address and a password. */

import { html, type Markup } from '../html.ts'
import { renderBadge, type ClientIdentity } from './client-identity.ts'
import {
  problemId,
  renderBinding,
  renderProblem,
  renderTick,
  type FormBinding,
  type Problem,
} from './form-parts.ts'
import { renderCard, type Frame } from './layout.ts'

/** What the sign-in page shows. */
export interface SignInPage {
  readonly form: FormBinding
  readonly client: ClientIdentity
  /** Kept when an attempt failed; the password never is. */
  readonly email: string
  readonly remember: boolean
  readonly problem: Problem | undefined
  /** Shown in development mode only. */
  readonly demoAccount: { readonly email: string; readonly password: string } | undefined
}

/** Renders the form for email and password. */
export function renderSignIn(frame: Frame, page: SignInPage): Markup {
  const title = 'Sign in'
  return renderCard(frame, {
    title: page.problem === undefined ? title : `Error: ${title}`,
    body: html`<div class="lead">
        ${renderBadge(page.client)}
        <h1>${title}</h1>
        <p class="muted">to continue to <b>${page.client.name}</b></p>
      </div>
      ${renderProblem(page.problem)}
      <form method="post" action="${page.form.action}">
        ${renderBinding(page.form)} ${emailField(page)} ${passwordField(page)}
        ${renderTick({
          id: 'remember',
          name: 'remember',
          value: '1',
          label: 'Keep me signed in on this device',
          checked: page.remember,
        })}
        <div class="actions">
          <button class="button" id="accept" name="submit" value="accept">Sign in</button>
          <button
            class="button button-quiet"
            id="reject"
            name="submit"
            value="reject"
            formnovalidate
          >
            Cancel and go back
          </button>
        </div>
      </form>`,
    aside: page.demoAccount === undefined ? undefined : demoNotice(page.demoAccount),
  })
}

function emailField(page: SignInPage): Markup {
  return html`<div class="field">
    <label for="email">Email</label>
    <input
      type="email"
      id="email"
      name="email"
      value="${page.email}"
      autocomplete="username"
      autocapitalize="none"
      spellcheck="false"
      maxlength="320"
      required
      ${aria(page.problem, 'email')}
      ${page.email === '' ? html`autofocus` : undefined}
    />
  </div>`
}

function passwordField(page: SignInPage): Markup {
  return html`<div class="field">
    <label for="password">Password</label>
    <input
      type="password"
      id="password"
      name="password"
      autocomplete="current-password"
      required
      ${aria(page.problem, 'password')}
      ${page.email === '' ? undefined : html`autofocus`}
    />
  </div>`
}

function aria(problem: Problem | undefined, field: string): Markup | undefined {
  return problem?.field === field
    ? html`aria-invalid="true" aria-describedby="${problemId}"`
    : undefined
}

function demoNotice(account: { readonly email: string; readonly password: string }): Markup {
  return html`<section class="notice" aria-label="Development mode">
    <p><b>Development mode.</b> Use the demo account:</p>
    <p><code>${account.email}</code> with the password <code>${account.password}</code></p>
  </section>`
}
