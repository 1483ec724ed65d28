/** The page of `response_mode=form_post`: a form that submits itself, with a button where scripts do not run. */

import { escapeHtml } from '../escape-html.ts'
import type { HeaderFields } from '../respond.ts'
import { pageScript, scriptPage } from './script-page.ts'

const script = pageScript('document.forms[0].submit()')

/** Renders the page; names, values and the address are escaped, custom schemes included. */
export function formPostPage(
  form: { readonly action: string; readonly fields: ReadonlyMap<string, string> },
  headers: HeaderFields,
): Response {
  const inputs = [...form.fields]
    .map(
      ([name, value]) =>
        `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`,
    )
    .join('')
  const body =
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Submit this form</title></head><body>' +
    `<form method="post" action="${escapeHtml(form.action)}">${inputs}<noscript><button>Continue</button></noscript></form>` +
    `${script.tag}</body></html>`
  return scriptPage(body, script, { directives: ["base-uri 'none'"], isFramable: false, headers })
}
