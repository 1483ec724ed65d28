/** Sign in with an email address and a password. */

import { html, type Content, type Markup } from '../html.ts'
import type { Messages } from '../messages/en.ts'
import { renderBadge, renderLegal, type ClientIdentity } from './client-identity.ts'
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
  const words = frame.words.signIn
  const { title } = words
  return renderCard(frame, {
    title: page.problem === undefined ? title : frame.words.failed(title),
    body: html`<div class="lead">
        ${renderBadge(page.client)}
        <h1>${title}</h1>
        <p class="muted">${words.continueTo} <b>${page.client.name}</b></p>
      </div>
      ${renderProblem(frame, page.problem)}
      <form method="post" action="${page.form.action}">
        ${renderBinding(page.form)} ${emailField(words, page)} ${passwordField(words, page)}
        ${renderTick({
          id: 'remember',
          name: 'remember',
          value: '1',
          label: words.remember,
          checked: page.remember,
        })}
        <div class="actions">
          <button class="button" id="accept" name="submit" value="accept">${words.submit}</button>
          <button
            class="button button-quiet"
            id="reject"
            name="submit"
            value="reject"
            formnovalidate
          >
            ${words.cancel}
          </button>
        </div>
      </form>`,
    aside: aside(frame, page),
  })
}

function aside(frame: Frame, { demoAccount, client }: SignInPage): Content {
  const legal = renderLegal(client, frame.words)
  if (demoAccount === undefined) return legal
  return [demoNotice(demoAccount), legal]
}

type Words = Messages['signIn']

function emailField(words: Words, page: SignInPage): Markup {
  return html`<div class="field">
    <label for="email">${words.email}</label>
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

function passwordField(words: Words, page: SignInPage): Markup {
  return html`<div class="field">
    <label for="password">${words.password}</label>
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
  return html`<section class="notice" aria-label="Development mode" lang="en">
    <p><b>Development mode.</b> Use the demo account:</p>
    <p><code>${account.email}</code> with the password <code>${account.password}</code></p>
  </section>`
}
