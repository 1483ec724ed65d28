/**
 * The public keys of clients, and signatures checked with them.
 *
 * @see RFC 7591 §2 (`jwks`, `jwks_uri`), RFC 7515, RFC 8725 §3.1
 */

import { LRUCache } from 'lru-cache'
import { milliseconds, type Instant } from '../brand.ts'
import type { Outgoing, Services } from '../context.ts'
import { mayBeOfKind, readJwsHeader, type JwsHeader } from '../keys/compact-jws.ts'
import { fitsHeader, keyTypeOf, verifyForeignJws } from '../keys/foreign-jws.ts'
import type { Client } from '../protocol/client.ts'
import type { JsonObject } from '../protocol/json.ts'
import { err, ok, type Result } from '../result.ts'

/** Why a signed object of a client was not accepted. */
export type ClientJwsFailure =
  /** Not a compact JWS with a JSON object as payload, or another kind of JWT. */
  | 'malformed'
  /** The header names an algorithm that is not allowed here. */
  | 'algorithm'
  /** The client registered no keys at all. */
  | 'no_keys'
  /** None of its keys fits the header. */
  | 'unknown_key'
  | 'bad_signature'
  /** Its `jwks_uri` gave no key set. */
  | 'unreachable'

type KeyServices = Pick<Services, 'outgoing' | 'clock' | 'settings'>

interface KeySet {
  readonly keys: readonly JsonObject[]
  readonly fetchedAt: Instant
}

/** The last attempt to fetch a set; everyone who needs it meanwhile waits for the same one. */
interface Attempt {
  readonly startedAt: Instant
  /** What it gave, or else the set before it; `undefined` when there is neither. */
  readonly set: Promise<KeySet | undefined>
}

/** A fetched set is trusted for an hour; for an unknown key or after a failure it is fetched again, at most every ten seconds. */
const keptFor = milliseconds(3_600_000)
const notBefore = milliseconds(10_000)

const attempts = new WeakMap<Outgoing, LRUCache<string, Attempt>>()

function attemptsOf({ outgoing }: KeyServices): LRUCache<string, Attempt> {
  const known = attempts.get(outgoing) ?? new LRUCache<string, Attempt>({ max: 1000 })
  attempts.set(outgoing, known)
  return known
}

function parseKeys(text: string): readonly JsonObject[] | undefined {
  try {
    const { keys } = JSON.parse(text) as { readonly keys?: unknown }
    const isList =
      Array.isArray(keys) && keys.every((key) => typeof key === 'object' && key !== null)
    return isList ? (keys as readonly JsonObject[]) : undefined
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined
    throw error
  }
}

async function fetchKeys(services: KeyServices, url: string): Promise<KeySet | undefined> {
  const response = await services.outgoing.fetch({
    url,
    method: 'GET',
    headers: { accept: 'application/jwk-set+json, application/json' },
    body: undefined,
    ...services.settings.limits.outgoing.jwks,
  })
  if (!response.ok || response.value.status >= 400) return undefined
  const keys = parseKeys(response.value.text)
  return keys === undefined ? undefined : { keys, fetchedAt: services.clock() }
}

function isTrusted(set: KeySet | undefined, now: Instant): set is KeySet {
  return set !== undefined && now - set.fetchedAt < keptFor
}

/** The set at `url`; `isNeeded` says that the remembered one held no fitting key. */
async function setAt(
  services: KeyServices,
  url: string,
  isNeeded: boolean,
): Promise<KeySet | undefined> {
  const known = attemptsOf(services)
  const last = known.get(url)
  const set = await last?.set
  const now = services.clock()
  if (last !== undefined && now - last.startedAt < notBefore) return set
  if (isTrusted(set, now) && !isNeeded) return set
  // Someone else may have started the next attempt while this one waited.
  if (known.get(url) !== last) return setAt(services, url, isNeeded)
  const next = fetchKeys(services, url).then(
    (fresh) => fresh ?? (isTrusted(set, now) ? set : undefined),
  )
  known.set(url, { startedAt: now, set: next })
  return next
}

/** Registered keys, or those at `jwks_uri`. */
async function keysOf(
  services: KeyServices,
  client: Client,
  isNeeded: boolean,
): Promise<Result<readonly JsonObject[], ClientJwsFailure>> {
  if (client.jwks !== undefined) return ok(client.jwks.keys)
  if (client.jwks_uri === '') return err('no_keys')
  const set = await setAt(services, client.jwks_uri, isNeeded)
  return set === undefined ? err('unreachable') : ok(set.keys)
}

/**
 * Checks a compact JWS with the keys of a client and gives its claims. The key decides: HMAC and `none` are never accepted, an
 * embedded key is never used. Times and names in the claims are the caller's to judge.
 *
 * @param rules allowed values of `alg`, and the kind of JWT that its `typ` may name.
 */
export async function verifyClientJws(
  services: KeyServices,
  client: Client,
  jws: string,
  { algorithms, kind }: { readonly algorithms: readonly string[]; readonly kind: string },
): Promise<Result<JsonObject, ClientJwsFailure>> {
  const header = readJwsHeader(jws)
  if (header === undefined || !mayBeOfKind(header, kind)) return err('malformed')
  const { alg } = header
  if (!algorithms.includes(alg) || keyTypeOf(alg) === undefined) return err('algorithm')
  const keys = await candidates(services, client, header)
  if (!keys.ok) return keys
  for (const key of keys.value) {
    const claims = await verifyForeignJws(key, jws, alg)
    if (claims !== undefined) return claims
  }
  return err(keys.value.length === 0 ? 'unknown_key' : 'bad_signature')
}

function candidates(services: KeyServices, client: Client, header: JwsHeader) {
  return findClientKeys(services, client, (key) => fitsHeader(key, header))
}

/**
 * The keys of a client that fit. Keys at a `jwks_uri` are fetched again when none of those that are remembered does.
 *
 * @returns none is no failure; `no_keys` when the client registered none at all, `unreachable` when its `jwks_uri` gave none.
 */
export async function findClientKeys(
  services: KeyServices,
  client: Client,
  fits: (key: JsonObject) => boolean,
): Promise<Result<readonly JsonObject[], ClientJwsFailure>> {
  const known = await keysOf(services, client, false)
  if (!known.ok) return known
  const fitting = known.value.filter(fits)
  if (fitting.length > 0 || client.jwks !== undefined) return ok(fitting)
  const fresh = await keysOf(services, client, true)
  return fresh.ok ? ok(fresh.value.filter(fits)) : fresh
}
