/**
 * Headers that keep pages from being framed, sniffed, scripted or leaking their address.
 *
 * @see W3C Content Security Policy Level 3
 */

import { fields, type HeaderFields } from './respond.ts'
import { plainResponse } from './plain-response.ts'

/** What a page needs beyond its own text, styles and images. Everything not named here is refused by the browser. */
export interface PagePolicy {
  /**
   * Where its forms may end up. Browsers apply `form-action` to every redirect that follows a submission, so a page
   * whose form leads back to a client (at any origin, or at an app's own scheme) needs `anywhere`.
   */
  readonly formAction: 'nowhere' | 'self' | 'anywhere' | readonly string[]
  /** Sources of scripts, such as `'self'` or `'sha256-…'`. */
  readonly scripts?: readonly string[]
  /** Origins of frames (front-channel logout). */
  readonly frames?: readonly string[]
}

/** An HTML response with the headers of its policy. `html` comes from the escaping template. */
export function page(
  status: number,
  html: string,
  policy: PagePolicy,
  headers?: HeaderFields,
): Response {
  const base = { 'content-type': 'text/html; charset=utf-8', ...securityHeaders(policy) }
  return plainResponse(status, html, fields(base, headers))
}

/** The headers alone, for responses that are built elsewhere. */
export function securityHeaders(policy: PagePolicy): Readonly<Record<string, string>> {
  return {
    'content-security-policy': contentSecurityPolicy(policy),
    'x-frame-options': 'DENY',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  }
}

function contentSecurityPolicy({ formAction, scripts = [], frames = [] }: PagePolicy): string {
  const directives = [
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self' data: https:",
    ...list('script-src', scripts),
    ...list('frame-src', frames),
    ...formActionDirective(formAction),
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ]
  return directives.join('; ')
}

function formActionDirective(formAction: PagePolicy['formAction']): readonly string[] {
  if (formAction === 'anywhere') return []
  if (formAction === 'nowhere') return ["form-action 'none'"]
  return [`form-action ${formAction === 'self' ? "'self'" : formAction.join(' ')}`]
}

function list(directive: string, sources: readonly string[]): readonly string[] {
  return sources.length === 0 ? [] : [`${directive} ${sources.join(' ')}`]
}
