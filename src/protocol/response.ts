/**
 * Response types and response modes of the authorization endpoint.
 *
 * @see RFC 6749 §3.1.1, OAuth 2.0 Multiple Response Type Encoding Practices, OAuth 2.0 Form Post Response Mode
 */

/** How an authorization response may travel to the client. */
export const responseModes = ['query', 'fragment', 'form_post'] as const

/** How the parameters of an authorization response travel to the client. */
export type ResponseMode = (typeof responseModes)[number]

/** Parses `response_mode`; `undefined` when it is none we know. */
export function parseResponseMode(text: string): ResponseMode | undefined {
  return responseModes.find((mode) => mode === text)
}

/** Splits a response type into its lower-cased values in alphabetical order, since their order means nothing. */
export function responseTypeValues(text: string): readonly string[] {
  return [
    ...new Set(
      text
        .toLowerCase()
        .split(' ')
        .filter((value) => value !== ''),
    ),
  ].sort()
}

/** Whether a requested response type is, as a set, one of those registered; no registration means `code` (RFC 7591 §2). */
export function allowsResponseType(registered: readonly string[], requested: string): boolean {
  const wanted = responseTypeValues(requested).join(' ')
  if (wanted === '') return false
  const allowed = registered.length === 0 ? ['code'] : registered
  return allowed.some((candidate) => responseTypeValues(candidate).join(' ') === wanted)
}

/** Multiple Response Types §2.1: a response that carries a token must not travel in the query by default. */
export function defaultResponseMode(responseType: string): ResponseMode {
  const carriesToken = responseTypeValues(responseType).some(
    (value) => value === 'token' || value === 'id_token',
  )
  return carriesToken ? 'fragment' : 'query'
}

/** What an authorization response may carry. */
export type ResponseValue = 'code' | 'token' | 'id_token'

/** The response types that this server answers, as sets; the order of their values means nothing. */
const answered = [
  'code',
  'id_token',
  'id_token token',
  'token',
  'code id_token',
  'code token',
  'code id_token token',
]

/** The values of a response type; `undefined` when this server does not answer it. */
export function parseResponseType(text: string): ReadonlySet<ResponseValue> | undefined {
  const values = responseTypeValues(text)
  return answered.includes(values.join(' '))
    ? new Set(values as readonly ResponseValue[])
    : undefined
}

/** Hybrid: a code together with tokens (OpenID Connect Core §3.3). */
export function isHybrid(values: ReadonlySet<ResponseValue>): boolean {
  return values.has('code') && values.size > 1
}
