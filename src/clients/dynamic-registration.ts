/**
 * Clients that register and manage themselves.
 *
 * @see RFC 7591, RFC 7592, OpenID Connect Dynamic Client Registration
 */

import type { ClientId } from '../brand.ts'
import { apiError } from '../protocol/api-error.ts'
import type { Client } from '../protocol/client.ts'
import { oauthError, type OAuthError } from '../protocol/oauth-error.ts'
import { err, ok, type Result } from '../result.ts'
import type { ClientRecord } from '../storage/storage.ts'
import { createClient, replacement, type WrittenClient } from './manage-client.ts'
import type { SentClient } from './parse-client.ts'
import { issueRegistrationToken, verifyRegistrationToken } from './registration-token.ts'
import { changeClient, type ClientServices } from './store-client.ts'

/** One text for every cause, so that nobody learns which clients exist. */
const unauthorized = apiError('unauthorized', 'Unknown client or incorrect credentials.')

function isEmptyObject(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.keys(value).length === 0
  )
}

/** What only an administrator may set: the hints that let a consent app skip the end user, and our own extensions. */
function privilegedMember(sent: SentClient): OAuthError | undefined {
  const { metadata, access_token_strategy, skip_consent, skip_logout_consent } = sent
  if (metadata !== undefined)
    return oauthError('invalid_client_metadata', 'Field metadata cannot be set here.')
  if (access_token_strategy !== undefined && access_token_strategy !== '')
    return apiError('malformed_request', 'Field access_token_strategy cannot be set here.')
  if (skip_consent === true)
    return oauthError('invalid_request', 'Field skip_consent cannot be set here.')
  if (skip_logout_consent === true)
    return oauthError('invalid_request', 'Field skip_logout_consent cannot be set here.')
  return undefined
}

function sendsSecret({ client_secret }: SentClient): boolean {
  return client_secret !== undefined && client_secret !== ''
}

/**
 * Registers a client under an id of ours.
 *
 * @returns the failure of a privileged member (`client_secret` is one), or that of validation.
 */
export async function registerClient(
  services: ClientServices,
  sent: SentClient,
): Promise<Result<WrittenClient, OAuthError>> {
  if (sendsSecret(sent))
    return err(apiError('malformed_request', 'Field client_secret cannot be chosen.'))
  const failure = privilegedMember(sent)
  return failure === undefined
    ? createClient(services, { ...sent, client_id: undefined })
    : err(failure)
}

/** Finds the client that a registration access token belongs to, if it is the one that is named. */
export async function authorizeRegistrant(
  { storage }: ClientServices,
  id: ClientId,
  token: string | undefined,
): Promise<Result<ClientRecord, OAuthError>> {
  const record = await storage.clients.find(id)
  const known = verifyRegistrationToken(token ?? '', record?.registrationAccessTokenHash ?? '')
  return record !== undefined && token !== undefined && known ? ok(record) : err(unauthorized)
}

/** Registrants send back what they were shown, which has an empty `metadata` in it. */
function withoutEmptyMetadata(sent: SentClient): SentClient {
  const { metadata } = sent
  return metadata === null || isEmptyObject(metadata) ? { ...sent, metadata: undefined } : sent
}

/** What an administrator decided, which a registrant cannot send and must not reset. */
function keepPrivileged(sent: SentClient, { metadata, ...client }: Client): SentClient {
  return {
    ...sent,
    metadata,
    access_token_strategy: client.access_token_strategy,
    skip_consent: client.skip_consent,
    skip_logout_consent: sent.skip_logout_consent ?? client.skip_logout_consent,
  }
}

/**
 * Replaces the metadata of the client that `token` belongs to, and the token. Of concurrent callers with one token
 * exactly one succeeds.
 *
 * @returns `unauthorized`, the failure of a privileged member (`forbidden` for `client_secret`), or that of validation.
 */
export async function updateRegistration(
  services: ClientServices,
  registrant: { readonly id: ClientId; readonly token: string },
  sent: SentClient,
): Promise<Result<WrittenClient, OAuthError>> {
  if (sendsSecret(sent)) return err(apiError('forbidden', 'Field client_secret cannot be chosen.'))
  const wanted = withoutEmptyMetadata(sent)
  const failure = privilegedMember(wanted)
  if (failure !== undefined) return err(failure)
  const result = await changeClient(services, registrant.id, async (current) => {
    if (!verifyRegistrationToken(registrant.token, current.registrationAccessTokenHash))
      return err(unauthorized)
    const kept = keepPrivileged(wanted, current.client)
    const next = await replacement(services, current, kept, { kind: 'keep' })
    if (!next.ok) return next
    const { token, hash } = issueRegistrationToken(services, registrant.id)
    const record: ClientRecord = { ...next.value.record, registrationAccessTokenHash: hash }
    return ok({ ...next.value, record, registrationAccessToken: token })
  })
  return !result.ok && result.error.status === 404 ? err(unauthorized) : result
}
