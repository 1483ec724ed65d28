/** Pieces that several forms share. */

import { html, type Content, type Markup } from '../html.ts'
import type { Around } from '../messages/en.ts'
import type { Frame } from './layout.ts'

/** What binds a form to its flow and to the browser that was shown it. */
export interface FormBinding {
  readonly action: string
  readonly challenge: string
  readonly csrf: string
}

/** The hidden fields of a form. */
export function renderBinding({ challenge, csrf }: FormBinding): Markup {
  return html`<input type="hidden" name="challenge" value="${challenge}" /><input
      type="hidden"
      name="_csrf"
      value="${csrf}"
    />`
}

/** Something that went wrong with what was entered. */
export interface Problem {
  readonly title: string
  readonly text: string
  /** Id of the field to look at. */
  readonly field: string | undefined
}

/** Id of the summary, for `aria-describedby` of the fields it is about. */
export const problemId = 'problem'

/** The summary of what went wrong; screen readers announce it, and it leads to the field. */
export function renderProblem(
  { words }: Pick<Frame, 'words'>,
  problem: Problem | undefined,
): Markup | undefined {
  if (problem === undefined) return undefined
  return html`<div class="notice notice-problem" id="${problemId}" role="alert">
    <p><b>${problem.title}</b></p>
    <p>${problem.text}</p>
    ${
      problem.field === undefined
        ? undefined
        : html`<p><a href="#${problem.field}">${words.goToField}</a></p>`
    }
  </div>`
}

/** A sentence with a part that stands out. */
export function renderAround([before, after]: Around, part: Content): Markup {
  return html`${before}${part}${after}`
}

/** A tick box with its label, and a quieter line below it. */
export function renderTick(tick: {
  readonly id: string
  readonly name: string
  readonly value: string
  readonly label: Content
  readonly checked: boolean
}): Markup {
  return html`<div class="tick">
    <input
      type="checkbox"
      id="${tick.id}"
      name="${tick.name}"
      value="${tick.value}"
      ${tick.checked ? html`checked` : undefined}
    /><label for="${tick.id}">${tick.label}</label>
  </div>`
}
