/** Client secrets: made, hashed for storage and checked. */

import { createHmac } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { Random, Services } from '../context.ts'
import type { Settings } from '../settings.ts'
import type { ClientRecord } from '../storage/storage.ts'
import { isSameSecret } from '../tokens/same-secret.ts'
import { hashInTurn } from './hash-turnstile.ts'
import { slowHash, verifySlowHash } from './slow-hash.ts'

const alphabet = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.~'

/** Characters of a generated secret. Each is one of 66: 157 bits of entropy together. */
const generatedLength = 26

/** Former secrets that still authenticate a client. */
export const maxRotatedSecrets = 5

/** What hashing and checking secrets needs of the server. */
export type SecretServices = Pick<Services, 'settings' | 'random'>

/** Makes a secret of 26 characters of `[A-Za-z0-9_.~-]`, drawn uniformly. */
export function generateSecret(random: Random): string {
  const uniform = 256 - (256 % alphabet.length)
  let secret = ''
  while (secret.length < generatedLength) {
    for (const byte of random.bytes(generatedLength)) {
      if (byte < uniform && secret.length < generatedLength)
        secret += alphabet[byte % alphabet.length]
    }
  }
  return secret
}

const keyedHashPrefix = '$hmac-sha256$'

interface SystemKey {
  readonly hint: string
  readonly key: Buffer
}

/** What is derived from, or remembered under, the settings of one running server. */
interface State {
  readonly systemKeys: readonly SystemKey[]
  readonly outcomeKey: Uint8Array
  /** Outcome of a slow check by {@link outcomeName}. A running check is shared by all who wait for it. */
  readonly outcomes: LRUCache<string, Promise<boolean>>
  /** A hash that nothing matches, made by the configured hasher. */
  decoy: Promise<string> | undefined
}

const states = new WeakMap<Settings, State>()

function stateOf({ settings, random }: SecretServices): State {
  const known = states.get(settings)
  if (known !== undefined) return known
  const systemKeys = settings.secrets.system.map((secret) => {
    const key = createHmac('sha256', secret.reveal()).update('client secret').digest()
    const hint = createHmac('sha256', key).update('hint').digest('base64url').slice(0, 8)
    return { hint, key }
  })
  const state: State = {
    systemKeys,
    outcomeKey: random.bytes(32),
    outcomes: new LRUCache({ max: 10_000 }),
    decoy: undefined,
  }
  states.set(settings, state)
  return state
}

function keyedHash({ hint, key }: SystemKey, secret: string): string {
  return `${keyedHashPrefix}${hint}$${createHmac('sha256', key).update(secret).digest('base64url')}`
}

/** Hashes a secret that {@link generateSecret} made. Never for chosen ones: the hash is fast. */
export function hashGeneratedSecret(services: SecretServices, secret: string): string {
  const [first] = stateOf(services).systemKeys
  if (first === undefined) throw new Error('there is no system secret')
  return keyedHash(first, secret)
}

/**
 * Hashes a secret that somebody chose, with the configured slow hasher.
 *
 * @throws TooBusy when too many hashes wait; RangeError for more than 72 bytes when the hasher is bcrypt; validation refuses those before.
 */
export function hashChosenSecret(services: SecretServices, secret: string): Promise<string> {
  const { settings, random } = services
  return hashInTurn(settings, () => slowHash(secret, random.bytes(16), settings.oauth2.hasher))
}

function verifyKeyedHash(state: State, hashText: string, secret: string): boolean {
  const key = state.systemKeys.find(({ hint }) => hashText.startsWith(`${keyedHashPrefix}${hint}$`))
  if (key === undefined) return false
  return isSameSecret(keyedHash(key, secret), hashText)
}

/** Names a pair of hash and secret so that the memory of outcomes is of no use to whoever reads it. */
function outcomeName(state: State, hashText: string, secret: string): string {
  return createHmac('sha256', state.outcomeKey)
    .update(`${hashText.length}:${hashText}${secret}`)
    .digest('base64url')
}

/** The slow check, done once for each pair of hash and secret while its outcome is remembered. */
function verifyOnce(
  settings: Settings,
  hashText: string,
  secret: string,
  state: State,
): Promise<boolean> {
  return remembered(state, outcomeName(state, hashText, secret), () =>
    hashInTurn(settings, () => verifySlowHash(hashText, secret)),
  )
}

function remembered(state: State, name: string, check: () => Promise<boolean>): Promise<boolean> {
  const known = state.outcomes.get(name)
  if (known !== undefined) return known
  const outcome = check()
  state.outcomes.set(name, outcome)
  // A check that threw (out of memory, too many waiting) decided nothing.
  outcome.catch(() => state.outcomes.delete(name))
  return outcome
}

/** Spends the time of one slow check, once for each client and secret, as {@link verifyOnce} does. */
async function verifyDecoy(
  services: SecretServices,
  clientId: string,
  secret: string,
): Promise<void> {
  const state = stateOf(services)
  const { hasher } = services.settings.oauth2
  state.decoy ??= slowHash(services.random.hex(16), services.random.bytes(16), hasher)
  const decoy = await state.decoy
  const name = outcomeName(state, `${clientId} ${decoy}`, secret)
  await remembered(state, name, () =>
    hashInTurn(services.settings, () => verifySlowHash(decoy, secret)),
  )
}

/**
 * Checks a secret against the client's current hash and then its rotated ones, newest first.
 *
 * The outcome of a slow hash is remembered in memory, so that it is paid once. A failure costs one slow hash at least.
 * The caller checks that the client may authenticate with a secret at all.
 */
export async function verifyClientSecret(
  services: SecretServices,
  record: ClientRecord,
  secret: string,
): Promise<boolean> {
  const state = stateOf(services)
  let slow = false
  for (const hashText of [record.secretHash, ...record.rotatedSecretHashes]) {
    if (hashText.startsWith(keyedHashPrefix)) {
      if (verifyKeyedHash(state, hashText, secret)) return true
    } else {
      slow = true
      if (await verifyOnce(services.settings, hashText, secret, state)) return true
    }
  }
  if (!slow) await verifyDecoy(services, record.client.client_id, secret)
  return false
}

/**
 * Takes as long as {@link verifyClientSecret} takes to refuse, for a client that does not exist, or may not use a secret.
 * Always false.
 */
export async function verifyUnknownClientSecret(
  services: SecretServices,
  clientId: string,
  secret: string,
): Promise<false> {
  await verifyDecoy(services, clientId, secret)
  return false
}
