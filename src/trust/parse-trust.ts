/** Reads and judges requests to trust an issuer. */

import { instant, type Instant } from '../brand.ts'
import { isObject, parsePublicJwk, textOf } from '../keys/public-jwk.ts'
import { apiError } from '../protocol/api-error.ts'
import type { JsonObject } from '../protocol/json.ts'
import { oauthError, type OAuthError } from '../protocol/oauth-error.ts'
import { err, ok, type Result } from '../result.ts'
import type { TrustedIssuer } from '../storage/storage.ts'
import { sentTrust, type SentTrust } from './trust-schema.ts'

/** A request that passed every rule. */
export type NewTrust = Omit<TrustedIssuer, 'id' | 'createdAt'>

interface Draft {
  readonly sent: SentTrust
  /** Public members only; `{}` when there is none, and `{kty: 'oct'}` for a symmetric key. */
  readonly jwk: JsonObject
}

function undecodable(reason: string): Result<never, OAuthError> {
  return err(apiError('undecodable', `Unable to decode the request body: ${reason}.`))
}

/** Absent members and those that are `null` are the same. */
function withoutNulls(body: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null))
}

function decode(body: unknown): Result<Draft, OAuthError> {
  if (!isObject(body)) return undecodable('an object was expected')
  const { jwk, ...members } = withoutNulls(body)
  const sent = sentTrust.safeParse(members)
  if (!sent.success) {
    const [issue] = sent.error.issues
    return undecodable(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unexpected form'}`)
  }
  if (jwk === undefined) return ok({ sent: sent.data, jwk: {} })
  const key = parsePublicJwk(jwk)
  return key.ok ? ok({ sent: sent.data, jwk: key.value }) : undecodable(`jwk ${key.error}`)
}

function missing(hint: string): OAuthError {
  return oauthError('missing_required_parameter', hint)
}

/** In whole seconds; `undefined` for an absent time and for the year 1, which is how some languages write one. */
function parseTime(text: string | undefined): Instant | undefined {
  if (text === undefined || text.startsWith('0001-01-01T00:00:00')) return undefined
  return instant(Math.round(Date.parse(text) / 1000) * 1000)
}

type Rule = (draft: Draft) => OAuthError | undefined

const maxLength = 255

/** Neither PostgreSQL stores NUL, nor does UTF-8 carry half of a surrogate pair. */
function isStorable(text: string): boolean {
  return Array.from(text).length <= maxLength && !text.includes('\0') && text.isWellFormed()
}

const texts: Rule = ({ sent, jwk }) => {
  const named = [sent.issuer ?? '', sent.subject ?? '', textOf(jwk, 'kid'), ...(sent.scope ?? [])]
  return named.every(isStorable)
    ? undefined
    : oauthError(
        'invalid_request',
        "The fields 'issuer', 'subject', 'scope' and 'jwk.kid' hold at most 255 characters, without NUL.",
      )
}

/** Sets of this name are the server's own, and whoever could put a key there could sign as the server. */
const issuerName: Rule = ({ sent }) =>
  sent.issuer?.startsWith('hydra.') === true
    ? oauthError('invalid_request', "The field 'issuer' must not begin with 'hydra.'.")
    : undefined

const minModulusBytes = 256

/** RFC 7518 §3.3 and §3.5 demand 2048 bits; an assertion signed with a shorter key would never verify. */
const publicKey: Rule = ({ jwk }) => {
  if (jwk['kty'] === 'oct')
    return missing("Field 'jwk' must be a public key; symmetric keys are refused.")
  const isShort =
    jwk['kty'] === 'RSA' && Buffer.from(textOf(jwk, 'n'), 'base64url').length < minModulusBytes
  return isShort
    ? oauthError('invalid_request', "The RSA key in the field 'jwk' has less than 2048 bits.")
    : undefined
}

/** First failure wins. */
const rules: readonly Rule[] = [
  ({ sent }) => ((sent.issuer ?? '') === '' ? missing("Field 'issuer' is required.") : undefined),
  ({ sent }) =>
    (sent.subject ?? '') === '' && sent.allow_any_subject !== true
      ? missing("One of 'subject' or 'allow_any_subject' field must be set.")
      : undefined,
  ({ sent }) =>
    (sent.subject ?? '') !== '' && sent.allow_any_subject === true
      ? missing("Both 'subject' and 'allow_any_subject' fields cannot be set at the same time.")
      : undefined,
  ({ sent }) =>
    parseTime(sent.expires_at) === undefined
      ? missing("Field 'expires_at' is required.")
      : undefined,
  ({ jwk }) => (textOf(jwk, 'kid') === '' ? missing("Field 'jwk.kid' is required.") : undefined),
  issuerName,
  texts,
  publicKey,
]

/**
 * Reads a decoded JSON body.
 *
 * @returns `error` (400) for members of a wrong type and for what is no key; `missing_required_parameter` for members that lack or
 *   contradict each other; `invalid_request` for values that are refused.
 */
export function parseTrust(body: unknown): Result<NewTrust, OAuthError> {
  const draft = decode(body)
  if (!draft.ok) return draft
  for (const rule of rules) {
    const failure = rule(draft.value)
    if (failure !== undefined) return err(failure)
  }
  const { sent, jwk } = draft.value
  return ok({
    issuer: sent.issuer ?? '',
    subject: sent.subject ?? '',
    allowAnySubject: sent.allow_any_subject === true,
    scope: (sent.scope ?? []).filter((scope) => scope !== ''),
    kid: textOf(jwk, 'kid'),
    publicJwk: jwk,
    expiresAt: parseTime(sent.expires_at) ?? instant(0),
  })
}
