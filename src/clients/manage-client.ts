/** What administrators and registrants do with clients. Each function is one operation, atomic in the database. */

import { asClientId, wholeSeconds, type ClientId } from '../brand.ts'
import { apiError } from '../protocol/api-error.ts'
import type { Client } from '../protocol/client.ts'
import type { OAuthError } from '../protocol/oauth-error.ts'
import { err, ok, type Result } from '../result.ts'
import type { ClientRecord } from '../storage/storage.ts'
import { draftClient } from './client-draft.ts'
import {
  generateSecret,
  hashChosenSecret,
  hashGeneratedSecret,
  maxRotatedSecrets,
} from './client-secret.ts'
import type { Lifespans, SentClient } from './parse-client.ts'
import { issueRegistrationToken } from './registration-token.ts'
import { changeClient, type ClientServices } from './store-client.ts'
import { validateClient } from './validate-client.ts'

/** A stored client, with the credentials that are shown this once. */
export interface WrittenClient {
  readonly record: ClientRecord
  readonly client: Client
  /** The secret, if this write set it and the caller may see it. */
  readonly secret: string | undefined
  /** The registration access token, if this write issued it. */
  readonly registrationAccessToken: string | undefined
}

type Written = Promise<Result<WrittenClient, OAuthError>>

/** `''` counts as not sent. */
function chosen(secret: string | undefined): string | undefined {
  return secret === '' ? undefined : secret
}

function written(record: ClientRecord, secret?: string): WrittenClient {
  return { record, client: record.client, secret, registrationAccessToken: undefined }
}

/**
 * Registers a client with a secret and a registration access token.
 *
 * @param sent its `client_id` is kept; a UUID is made up for an empty one.
 * @returns `invalid_client_metadata`, `invalid_redirect_uri`, or `already_exists`.
 */
export async function createClient(services: ClientServices, sent: SentClient): Written {
  const { settings, storage, random, clock, outgoing, keys } = services
  const now = clock()
  const clientId = asClientId(
    sent.client_id === undefined || sent.client_id === '' ? random.uuid() : sent.client_id,
  )
  const draft = draftClient(sent, { clientId, createdAt: wholeSeconds(now), now, settings })
  const chosenSecret = chosen(sent.client_secret)
  const checked = await validateClient({
    draft,
    before: undefined,
    chosenSecret,
    settings,
    outgoing,
    keys,
  })
  if (!checked.ok) return checked
  const client = checked.value
  const secret = chosenSecret ?? generateSecret(random)
  const registration = issueRegistrationToken(services, clientId)
  const record: ClientRecord = {
    client,
    secretHash:
      chosenSecret === undefined
        ? hashGeneratedSecret(services, secret)
        : await hashChosenSecret(services, secret),
    rotatedSecretHashes: [],
    registrationAccessTokenHash: registration.hash,
    // A former client of this id may have left tokens behind that name nothing but the id.
    tokensValidAfter: now,
    version: 1,
  }
  const stored = await storage.clients.create(record)
  if (!stored.ok) return err(apiError('already_exists'))
  // A public client has no use for a secret.
  const shown = client.token_endpoint_auth_method === 'none' ? undefined : secret
  return ok({ ...written(record, shown), registrationAccessToken: registration.token })
}

/** How a write treats the secrets of a client. */
export type SecretChange =
  | { readonly kind: 'keep' }
  /** The current one stays, former ones end. */
  | { readonly kind: 'keep_current' }
  | { readonly kind: 'replace'; readonly secret: string }

/**
 * Makes the record that replaces another one: all metadata as sent, absent members reset to their defaults. What no
 * caller can send survives: the id, the time of creation, the registration access token.
 *
 * @returns the failure of validation.
 */
export async function replacement(
  services: ClientServices,
  current: ClientRecord,
  sent: SentClient,
  change: SecretChange,
): Written {
  const { settings, clock, outgoing, keys } = services
  const { client_id, created_at } = current.client
  const draft = draftClient(sent, {
    clientId: client_id,
    createdAt: created_at,
    now: clock(),
    settings,
  })
  const checked = await validateClient({
    draft,
    before: current.client,
    chosenSecret: change.kind === 'replace' ? change.secret : undefined,
    settings,
    outgoing,
    keys,
  })
  if (!checked.ok) return checked
  const record: ClientRecord = { ...current, client: checked.value }
  if (change.kind === 'keep') return ok(written(record))
  if (change.kind === 'keep_current') return ok(written({ ...record, rotatedSecretHashes: [] }))
  const secretHash = await hashChosenSecret(services, change.secret)
  return ok(written({ ...record, secretHash, rotatedSecretHashes: [] }, change.secret))
}

/**
 * Replaces a client's metadata. A secret that was sent replaces the current one and ends all former ones.
 *
 * @returns the failure of validation, also when there is no such client; then `unknown_resource`.
 */
export async function setClient(services: ClientServices, id: ClientId, sent: SentClient): Written {
  const secret = chosen(sent.client_secret)
  const change: SecretChange = secret === undefined ? { kind: 'keep' } : { kind: 'replace', secret }
  const result = await changeClient(services, id, (current) =>
    replacement(services, current, sent, change),
  )
  if (result.ok || result.error.status !== 404) return result
  const { settings, outgoing, clock, keys } = services
  const now = clock()
  const draft = draftClient(sent, { clientId: id, createdAt: now, now, settings })
  const checked = await validateClient({
    draft,
    before: undefined,
    chosenSecret: secret,
    settings,
    outgoing,
    keys,
  })
  return checked.ok ? result : checked
}

/** Replaces all lifespans of a client; those not given become unset. Nothing else is checked or changed. */
export function setLifespans(
  services: ClientServices,
  id: ClientId,
  lifespans: Lifespans,
): Written {
  return changeClient(services, id, async (current) =>
    ok(
      written({
        ...current,
        client: { ...current.client, lifespans, updated_at: services.clock() },
      }),
    ),
  )
}

/** Secrets of other clients (`private_key_jwt`, `none`) authenticate nobody, so there is nothing to rotate. */
function usesSecret(client: Client): boolean {
  return client.token_endpoint_auth_method.startsWith('client_secret_')
}

function changeSecrets(
  services: ClientServices,
  id: ClientId,
  change: (current: ClientRecord) => Pick<ClientRecord, 'secretHash' | 'rotatedSecretHashes'>,
  secret?: string,
): Written {
  return changeClient(services, id, async (current) => {
    if (!usesSecret(current.client))
      return err(
        apiError('malformed_request', 'The client does not authenticate with a client secret.'),
      )
    const client = { ...current.client, updated_at: services.clock() }
    return ok(written({ ...current, client, ...change(current) }, secret))
  })
}

/**
 * Gives a client a new secret. The former one authenticates until it is the sixth oldest or is deleted.
 *
 * @returns `malformed_request` when the client does not authenticate with a secret, `unknown_resource`.
 */
export function rotateSecret(services: ClientServices, id: ClientId): Written {
  const secret = generateSecret(services.random)
  const secretHash = hashGeneratedSecret(services, secret)
  return changeSecrets(
    services,
    id,
    ({ secretHash: former, rotatedSecretHashes }) => ({
      secretHash,
      rotatedSecretHashes: [former, ...rotatedSecretHashes].slice(0, maxRotatedSecrets),
    }),
    secret,
  )
}

/** Ends all former secrets of a client; failures as those of {@link rotateSecret}. */
export function deleteRotatedSecrets(services: ClientServices, id: ClientId): Written {
  return changeSecrets(services, id, ({ secretHash }) => ({
    secretHash,
    rotatedSecretHashes: [],
  }))
}
