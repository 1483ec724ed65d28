/**
 * The `claims` parameter: single claims that a client asks for, and what it expects of them.
 *
 * @see OpenID Connect Core §5.5
 */

import { err, ok, type Result } from '../result.ts'
import type { Json } from './json.ts'
import { oauthError, printable, type OAuthError } from './oauth-error.ts'

/** One claim that was asked for. */
export interface ClaimRequest {
  /** The client cannot do its job without it; for most claims still no reason to fail (§5.5.1). */
  readonly essential: boolean
  /** What the value should be one of; `undefined` takes any. */
  readonly values: readonly Json[] | undefined
}

/** Claims by name, for each of the two places where they may be delivered. */
export interface ClaimsRequest {
  readonly userinfo: ReadonlyMap<string, ClaimRequest>
  readonly id_token: ReadonlyMap<string, ClaimRequest>
}

/** What a request without the parameter asks for. */
export const noClaimsRequest: ClaimsRequest = { userinfo: new Map(), id_token: new Map() }

/** Characters; a request with more could not travel in a URL. */
const longestText = 4000

/** Of both places together. */
const mostClaims = 100

const places = ['userinfo', 'id_token'] as const

function refuse(hint: string): Result<never, OAuthError> {
  return err(oauthError('invalid_request', hint))
}

/**
 * Parses the parameter. Members other than `userinfo` and `id_token` are ignored, claims that nobody knows are kept.
 *
 * @param text the JSON; `''` asks for nothing.
 * @returns `invalid_request` when it is too long, no JSON object, or holds a request of another form.
 */
export function parseClaimsRequest(text: string): Result<ClaimsRequest, OAuthError> {
  if (text === '') return ok(noClaimsRequest)
  if (text.length > longestText)
    return refuse(`The parameter claims must have at most ${longestText} characters.`)
  const body = parseObject(text)
  if (body === undefined)
    return refuse(
      "The parameter claims must be a JSON object with the members 'userinfo' and 'id_token'.",
    )
  const found = { userinfo: new Map<string, ClaimRequest>(), id_token: new Map() }
  for (const place of places) {
    const asked = parsePlace(place, body[place])
    if (!asked.ok) return asked
    found[place] = asked.value
  }
  return found.userinfo.size + found.id_token.size > mostClaims
    ? refuse(`The parameter claims must not ask for more than ${mostClaims} claims.`)
    : ok(found)
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return asObject(JSON.parse(text))
  } catch {
    return undefined
  }
}

function asObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined
}

function parsePlace(place: string, value: unknown): Result<Map<string, ClaimRequest>, OAuthError> {
  const asked = new Map<string, ClaimRequest>()
  if (value === undefined || value === null) return ok(asked)
  const members = asObject(value)
  if (members === undefined)
    return refuse(`The member '${place}' of the parameter claims must be a JSON object.`)
  for (const [name, wanted] of Object.entries(members)) {
    const claim = parseClaim(wanted)
    if (claim === undefined)
      return refuse(
        `The claim '${printable(name)}' must be asked for with null, or with an object of essential (true or false), value and values (a list).`,
      )
    asked.set(name, claim)
  }
  return ok(asked)
}

/** §5.5.1: `null`, or an object. Members that are not known are ignored. */
function parseClaim(wanted: unknown): ClaimRequest | undefined {
  if (wanted === null) return { essential: false, values: undefined }
  const members = asObject(wanted)
  if (members === undefined) return undefined
  const { essential = false, value, values } = members
  if (typeof essential !== 'boolean') return undefined
  if (values !== undefined && !Array.isArray(values)) return undefined
  const one = value === undefined ? [] : [value as Json]
  const all = [...one, ...((values as readonly Json[] | undefined) ?? [])]
  return { essential, values: all.length === 0 ? undefined : all }
}

function textsOf(request: ClaimRequest | undefined): readonly string[] | undefined {
  return request?.values?.filter((each) => typeof each === 'string')
}

/** The values of `acr` that an ID token may have, in the order of preference; empty when none is named. */
export function requestedAcr({ id_token: claims }: ClaimsRequest): readonly string[] {
  return textsOf(claims.get('acr')) ?? []
}

/**
 * Whether a login may answer the request: an essential `acr` must be one of those named (§5.5.1.1).
 *
 * @returns `unmet_authentication_requirements` otherwise.
 */
export function checkAcr(claims: ClaimsRequest, acr: string): Result<void, OAuthError> {
  const request = claims.id_token.get('acr')
  if (request?.essential !== true || request.values === undefined) return ok(undefined)
  return requestedAcr(claims).includes(acr)
    ? ok(undefined)
    : err(
        oauthError(
          'unmet_authentication_requirements',
          'The end user did not authenticate in one of the ways that the essential claim acr names.',
        ),
      )
}

/** The subjects that the client will take, if it named any: no tokens are issued for another one (§5.5.1). */
export function requestedSubjects(claims: ClaimsRequest): readonly string[] | undefined {
  const [first, ...more] = places.flatMap((place) => {
    const named = textsOf(claims[place].get('sub'))
    return named === undefined ? [] : [named]
  })
  return first?.filter((subject) => more.every((each) => each.includes(subject)))
}
