/** The page of `response_mode=form_post`: a form that submits itself, with a button where scripts do not run. */

import { createHash } from 'node:crypto'
import { escapeHtml } from '../escape-html.ts'
import { fields, type HeaderFields } from '../respond.ts'
import { plainResponse } from '../plain-response.ts'

/** The only inline script of the server; its hash is in the page's Content-Security-Policy. */
const submitScript = 'document.forms[0].submit()'
const scriptHash = createHash('sha256').update(submitScript).digest('base64')

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
    `<script>${submitScript}</script></body></html>`
  const own = {
    'content-type': 'text/html;charset=UTF-8',
    'content-security-policy': `default-src 'none'; script-src 'sha256-${scriptHash}'; base-uri 'none'; frame-ancestors 'none'`,
    'x-frame-options': 'DENY',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  }
  return plainResponse(200, body, fields(own, headers))
}
