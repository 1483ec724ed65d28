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
  const words = frame.words.device
  const { title } = words
  const invalid =
    page.problem?.field === 'user_code'
      ? html`aria-invalid="true" aria-describedby="${problemId}"`
      : undefined
  return renderCard(frame, {
    title: page.problem === undefined ? title : frame.words.failed(title),
    body: html`<div class="lead">
        <img class="lead-mark" src="${frame.assets.mark}" alt="" width="48" height="48" />
        <h1>${title}</h1>
        <p class="muted">${words.lead}</p>
      </div>
      ${renderProblem(frame, page.problem)}
      <form method="post" action="${page.form.action}">
        ${renderBinding(page.form)}
        <div class="field">
          <label for="user_code">${words.code}</label>
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
        <p class="muted">${words.caution}</p>
        <div class="actions">
          <button class="button" id="accept" name="submit" value="accept">${words.submit}</button>
        </div>
      </form>`,
  })
}
