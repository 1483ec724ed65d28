/**
 * Pages that consist of a form or frames and one script of ours, which browsers run because its hash is in the policy.
 *
 * @see W3C Content Security Policy Level 3 §6.7.3
 */

import { createHash } from 'node:crypto'
import { plainResponse } from '../plain-response.ts'
import { fields, type HeaderFields } from '../respond.ts'

/** A script that a page may hold. */
export interface PageScript {
  readonly tag: string
  /** Source expression for `script-src`. */
  readonly source: string
}

/** Hashes a script, once for every page that holds it. */
export function pageScript(text: string): PageScript {
  const hash = createHash('sha256').update(text).digest('base64')
  return { tag: `<script>${text}</script>`, source: `'sha256-${hash}'` }
}

/** What a page may do beyond running its script, and who may frame it. */
export interface ScriptPagePolicy {
  /** Further directives of the Content-Security-Policy. */
  readonly directives: readonly string[]
  readonly isFramable: boolean
  /** Of this response. */
  readonly headers?: HeaderFields
}

/** The response with a page. `html` holds the tag of the script. */
export function scriptPage(
  html: string,
  { source }: PageScript,
  { directives, isFramable, headers }: ScriptPagePolicy,
): Response {
  const policy = [
    "default-src 'none'",
    `script-src ${source}`,
    ...directives,
    ...(isFramable ? [] : ["frame-ancestors 'none'"]),
  ]
  const own = {
    'content-type': 'text/html;charset=UTF-8',
    'content-security-policy': policy.join('; '),
    ...(isFramable ? {} : { 'x-frame-options': 'DENY' }),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  }
  return plainResponse(200, html, fields(own, headers))
}
