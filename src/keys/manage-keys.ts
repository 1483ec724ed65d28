/** Key sets as administrators see and change them. Keys are sealed at rest. */

import { instant } from '../brand.ts'
import type { Services } from '../context.ts'
import { apiError } from '../protocol/api-error.ts'
import type { JsonObject } from '../protocol/json.ts'
import type { OAuthError } from '../protocol/oauth-error.ts'
import { err, ok, type Result } from '../result.ts'
import type { StoredKey } from '../storage/storage.ts'
import { keyManagementAlgorithms } from './encryption-algorithms.ts'
import { generatedAlgorithms, generateJwk } from './generate.ts'
import { parseJwk, showJwk } from './parse-jwk.ts'
import { openJwk } from './stored-jwk.ts'

type ManageServices = Pick<Services, 'storage' | 'sealer' | 'clock' | 'random'>

/** What a new key is to be like; `''` takes the default. */
export interface NewKey {
  readonly alg: string
  /** `sig` if empty, `enc` for key management algorithms. */
  readonly use: string
  /** A UUIDv4 if empty. */
  readonly kid: string
}

const maxNameLength = 255

/** Whether databases take a name of a set or key: neither PostgreSQL stores NUL, nor does UTF-8 carry half of a surrogate pair. */
function isName(text: string): boolean {
  return text.length <= maxNameLength && !text.includes('\0') && text.isWellFormed()
}

const badName = () =>
  err(
    apiError(
      'malformed_request',
      'Names of key sets and keys have at most 255 characters, without NUL.',
    ),
  )

function malformed(reason: string): Result<never, OAuthError> {
  return err(apiError('malformed_request', `Unable to decode the JSON Web Key: ${reason}.`))
}

/**
 * The keys of a set with their private members, newest first; empty for a set that does not exist. Behind them come the public keys of the
 * trusted issuer of that name, which are kept apart so that no issuer adds a key to a set of the server.
 */
export async function listKeys(
  services: ManageServices,
  set: string,
): Promise<readonly JsonObject[]> {
  return isName(set) ? readKeys(services, set, undefined) : []
}

/** One key of {@link listKeys}. */
export async function findKey(
  services: ManageServices,
  set: string,
  kid: string,
): Promise<JsonObject | undefined> {
  return isName(set) && isName(kid) ? (await readKeys(services, set, kid))[0] : undefined
}

async function readKeys(
  services: ManageServices,
  set: string,
  kid: string | undefined,
): Promise<readonly JsonObject[]> {
  const { keys, trustedIssuers } = services.storage
  const isWanted = (key: StoredKey) => kid === undefined || key.kid === kid
  const own = (await keys.list(set))
    .filter(isWanted)
    .map((key) => showJwk(openJwk(services, key), key.kid))
  const trusted = (await trustedIssuers.findKeys(set, kid)).map(showTrusted)
  return [...own, ...trusted.filter((key) => own.every((each) => each['kid'] !== key['kid']))]
}

function showTrusted(jwk: JsonObject): JsonObject {
  const { kid } = jwk
  return showJwk(jwk, typeof kid === 'string' ? kid : '')
}

/**
 * Generates a key and adds it to a set, where it is the newest.
 *
 * @returns the key with its private members; `Bad Request` for an algorithm that keys cannot be made for, `already_exists` for
 *   a `kid` that the set has.
 */
export async function generateKey(
  services: ManageServices,
  set: string,
  { alg, use, kid: wanted }: NewKey,
): Promise<Result<JsonObject, OAuthError>> {
  const kid = wanted === '' ? services.random.uuid() : wanted
  if (!isName(set) || !isName(kid) || !isName(use)) return badName()
  if (!generatedAlgorithms.includes(alg))
    return err(
      apiError('unsupported', `Keys can be generated for ${generatedAlgorithms.join(', ')} only.`),
    )
  const present = await services.storage.keys.list(set)
  if (present.some((key) => key.kid === kid)) return err(apiError('already_exists'))
  const jwk = await generateJwk(alg, { kid, use: use === '' ? usualUse(alg) : use })
  if (jwk === undefined) throw new Error(`keys for ${alg} cannot be generated`)
  const sealed = sealJwk(services, { set, kid, jwk })
  // The clock of another machine may be ahead of ours; the new key is the newest all the same.
  const createdAt = instant(Math.max(sealed.createdAt, ...present.map((key) => key.createdAt)))
  const created = await services.storage.keys.create({ ...sealed, createdAt })
  return created.ok ? ok(showJwk(jwk, kid)) : err(apiError('already_exists'))
}

function usualUse(alg: string): string {
  return Object.hasOwn(keyManagementAlgorithms, alg) ? 'enc' : 'sig'
}

/** Puts a key into a set, in place of one with its `kid`; it is the newest afterwards. A key without `kid` gets `defaultKid`. */
export async function putKey(
  services: ManageServices,
  {
    set,
    defaultKid,
    key,
  }: { readonly set: string; readonly defaultKid: string; readonly key: unknown },
): Promise<Result<JsonObject, OAuthError>> {
  const named = parseNamed(set, key, defaultKid)
  if (!named.ok) return named
  await services.storage.keys.put(sealJwk(services, { set, ...named.value }))
  return ok(showJwk(named.value.jwk, named.value.kid))
}

/** Replaces a whole set, atomically. The last key is the newest; no keys end the set. A key without `kid` has the empty one. */
export async function replaceKeys(
  services: ManageServices,
  set: string,
  keys: readonly unknown[],
): Promise<Result<readonly JsonObject[], OAuthError>> {
  const named: NamedJwk[] = []
  for (const key of keys) {
    const one = parseNamed(set, key, '')
    if (!one.ok) return one
    named.push(one.value)
  }
  if (!isName(set)) return badName()
  if (new Set(named.map(({ kid }) => kid)).size < named.length)
    return err(apiError('already_exists'))
  const sealed = named.map((one) => sealJwk(services, { set, ...one }))
  await services.storage.keys.replaceSet(set, sealed)
  return ok(named.map(({ jwk, kid }) => showJwk(jwk, kid)))
}

/** Deletes one key, or the set. What does not exist is no error. */
export async function deleteKeys(
  { storage }: Pick<ManageServices, 'storage'>,
  set: string,
  kid?: string,
): Promise<void> {
  if (isName(set) && isName(kid ?? '')) await storage.keys.delete(set, kid)
}

interface NamedJwk {
  readonly kid: string
  readonly jwk: JsonObject
}

function parseNamed(set: string, key: unknown, defaultKid: string): Result<NamedJwk, OAuthError> {
  const parsed = parseJwk(key)
  if (!parsed.ok) return malformed(parsed.error)
  const { kid: own, kty } = parsed.value
  const kid = typeof own === 'string' && own !== '' ? own : defaultKid
  if (!isName(set) || !isName(kid)) return badName()
  // Whoever knows a symmetric key could sign as this server, and it must never be published.
  if (kty === 'oct' && set.startsWith('hydra.'))
    return malformed('sets of the server itself take no symmetric keys')
  return ok({ kid, jwk: { ...parsed.value, kid } })
}

function sealJwk(
  { sealer, clock }: ManageServices,
  { set, kid, jwk }: NamedJwk & { readonly set: string },
): StoredKey {
  const sealedJwk = sealer.seal('private_jwk', JSON.stringify(jwk))
  return { set, kid, sealedJwk, createdAt: clock() }
}
