/** The page of `response_mode=form_post`: a form that submits itself, with a button where scripts do not run. */

import { escapeHtml } from '../escape-html.ts'
import type { Spoken } from '../page-words.ts'
import type { HeaderFields } from '../respond.ts'
import { pageScript, scriptPage } from './script-page.ts'

const script = pageScript('document.forms[0].submit()')

/** Renders the page; names, values and the address are escaped, custom schemes included. */
export function formPostPage(
  form: { readonly action: string; readonly fields: ReadonlyMap<string, string> },
  { lang, words }: Spoken,
  headers: HeaderFields,
): Response {
  const inputs = [...form.fields]
    .map(
      ([name, value]) =>
        `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`,
    )
    .join('')
  const body =
    `<!doctype html><html lang="${lang}"><head><meta charset="utf-8"><title>${words.goingOn}</title></head><body>` +
    `<form method="post" action="${escapeHtml(form.action)}">${inputs}<noscript><button>${words.goOn}</button></noscript></form>` +
    `${script.tag}</body></html>`
  return scriptPage(body, script, { directives: ["base-uri 'none'"], isFramable: false, headers })
}
