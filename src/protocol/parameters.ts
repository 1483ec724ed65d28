/** Request parameters as RFC 6749 §3.2 wants them: each at most once, an absent one is not an empty one. */

import { oauthError, type OAuthError } from './oauth-error.ts'

/** Parameters of a parsed form. */
export interface Parameters {
  /** Value of a parameter, the first one where repeating is allowed; `undefined` when it was not sent. */
  get(name: string): string | undefined
  /** Every value of a parameter in the order sent. */
  all(name: string): readonly string[]
}

/** RFC 8707 §2 lets `resource` repeat, the Ory OAuth2 API `audience`. */
export const repeatableParameters: ReadonlySet<string> = new Set(['audience', 'resource'])

/** The refusal of a parameter that was sent more than once. @see RFC 6749 §3.1 and §3.2 */
export function repeatedParameter(name: string): OAuthError {
  // RFC 6749 §5.2 restricts the characters of a description: nothing unusual is echoed.
  const which = /^\w{1,64}$/u.test(name) ? `The parameter '${name}'` : 'A parameter'
  return oauthError('invalid_request', `${which} was sent more than once.`)
}

/**
 * Looks for a parameter that a query has more than once, so that nobody else can have read another value than this server.
 *
 * @returns `invalid_request` naming the first one; `undefined` when each is there once.
 */
export function findRepeated(
  query: URLSearchParams,
  repeatable: ReadonlySet<string> = repeatableParameters,
): OAuthError | undefined {
  const seen = new Set<string>()
  for (const name of query.keys()) {
    if (seen.has(name) && !repeatable.has(name)) return repeatedParameter(name)
    seen.add(name)
  }
  return undefined
}
