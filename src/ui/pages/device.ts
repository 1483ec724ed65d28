/** Connecting a device: the page that takes its code. */

import { html, type Markup } from '../html.ts'
import {
  problemId,
  renderBinding,
  renderProblem,
  type FormBinding,
  type Problem,
} from './form-parts.ts'
import { renderCard, type Frame } from './layout.ts'

/** What the page that asks for the code of a device shows. */
export interface DevicePage {
  readonly form: FormBinding
  /** From the address, or as it was typed when it did not fit. */
  readonly userCode: string
  readonly problem: Problem | undefined
}

/** A code that came with the address is shown, never sent unseen: the person must compare it (RFC 8628 §5.4). */
export function renderDevice(frame: Frame, page: DevicePage): Markup {
  const title = 'Connect a device'
  const invalid =
    page.problem?.field === 'user_code'
      ? html`aria-invalid="true" aria-describedby="${problemId}"`
      : undefined
  return renderCard(frame, {
    title: page.problem === undefined ? title : `Error: ${title}`,
    body: html`<div class="lead">
        <img class="lead-mark" src="${frame.assets.mark}" alt="" width="48" height="48" />
        <h1>${title}</h1>
        <p class="muted">Your device shows a code. Enter it here to connect the device.</p>
      </div>
      ${renderProblem(frame, page.problem)}
      <form method="post" action="${page.form.action}">
        ${renderBinding(page.form)}
        <div class="field">
          <label for="user_code">Code</label>
          <input
            type="text"
            id="user_code"
            name="user_code"
            value="${page.userCode}"
            autocomplete="off"
            autocapitalize="none"
            spellcheck="false"
            maxlength="100"
            required
            ${invalid}
            ${page.userCode === '' ? html`autofocus` : undefined}
          />
        </div>
        <p class="muted">
          Go on only if this is the code on a device in front of you. Whoever sent you a code in a
          message would get access to your account.
        </p>
        <div class="actions">
          <button class="button" id="accept" name="submit" value="accept">Continue</button>
        </div>
      </form>`,
  })
}
