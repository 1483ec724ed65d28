/**
 * Client authentication: exactly the method a client registered, and no other.
 *
 * @see RFC 6749 §2.3, RFC 7591 §2
 */

import { asClientId } from '../brand.ts'
import { verifyClientSecret, verifyUnknownClientSecret } from '../clients/client-secret.ts'
import type { Services } from '../context.ts'
import { isPublic, type TokenEndpointAuthMethod } from '../protocol/client.ts'
import { oauthError, type OAuthError } from '../protocol/oauth-error.ts'
import type { Parameters } from '../protocol/parameters.ts'
import type { NoteAllowance } from '../protocol/rate-limit.ts'
import { tooManyRequests } from '../protocol/too-many-requests.ts'
import { err, ok, type Result } from '../result.ts'
import type { ClientRecord } from '../storage/storage.ts'
import { clientSecretBasic } from './client-secret-basic.ts'
import { clientSecretPost } from './client-secret-post.ts'
import { parseBasic, parsePost } from './credentials.ts'
import type { ChooseSecret } from './method.ts'
import { none } from './none.ts'
import { authenticateByAssertion } from './private-key-jwt.ts'
import { findProvenClient, rememberProof } from './proven-header.ts'

const methods: Readonly<Record<TokenEndpointAuthMethod, ChooseSecret>> = {
  client_secret_basic: clientSecretBasic,
  client_secret_post: clientSecretPost,
  none,
  private_key_jwt: () =>
    err(
      oauthError(
        'invalid_client',
        "The client must authenticate with 'private_key_jwt': send a client_assertion.",
      ),
    ),
}

/** What a request to the token, revocation or device endpoint carries for authentication. */
export interface ClientRequest {
  readonly authorization: string | null
  readonly form: Parameters
  /** Address of the client, by which failures are counted; `undefined` in embedded use. */
  readonly address: string | undefined
  /** Told what is left of the client's allowance, where it has one. */
  readonly note?: NoteAllowance
}

/**
 * Authenticates the client of a request.
 *
 * An unknown client, a wrong secret and a wrong method cost the same and answer `invalid_client`; a request without any
 * client credentials, or with undecodable ones, answers `invalid_request`.
 */
export async function authenticateClient(
  services: Services,
  request: ClientRequest,
): Promise<Result<ClientRecord, OAuthError>> {
  const { authorization, form } = request
  const isBasicOnly = authorization !== null && !carriesOtherCredentials(form)
  const known = isBasicOnly ? await findProvenClient(services, authorization) : undefined
  if (known !== undefined) return withinLimit(services, known, request.note)
  const proven = await proveWithinLimit(services, request)
  if (proven.ok && isBasicOnly && !isPublic(proven.value.client)) {
    rememberProof(services, authorization, proven.value)
  }
  return proven.ok ? withinLimit(services, proven.value, request.note) : proven
}

/** Counts the request of a client that is who it says. */
function withinLimit(
  { rateLimits }: Services,
  record: ClientRecord,
  note: NoteAllowance | undefined,
): Result<ClientRecord, OAuthError> {
  const refusal = rateLimits.takeOfClient(record.client.client_id, note)
  return refusal === undefined ? ok(record) : err(tooManyRequests(refusal))
}

const failures = 'failed_authentications'

/** Counts a failure before it happens, so that tries at once cannot pass the limit, and takes it back when there was none. */
async function proveWithinLimit(
  services: Services,
  request: ClientRequest,
): Promise<Result<ClientRecord, OAuthError>> {
  const { rateLimits } = services
  const refusal = rateLimits.takeOfAddress(failures, request.address)
  if (refusal !== undefined) return err(tooManyRequests(refusal))
  let failed = false
  try {
    const proven = await prove(services, request)
    failed = !proven.ok && proven.error.code === 'invalid_client'
    return proven
  } finally {
    if (!failed) rateLimits.giveBackToAddress(failures, request.address)
  }
}

function carriesOtherCredentials(form: Parameters): boolean {
  const names = ['client_secret', 'client_assertion_type']
  return names.some((name) => (form.get(name) ?? '') !== '')
}

async function prove(
  services: Services,
  { authorization, form }: Pick<ClientRequest, 'authorization' | 'form'>,
): Promise<Result<ClientRecord, OAuthError>> {
  if ((form.get('client_assertion_type') ?? '') !== '') {
    return authenticateByAssertion(services, form)
  }
  const basic = parseBasic(authorization)
  if (!basic.ok) return basic
  const presented = { basic: basic.value, post: parsePost(form) }
  const named = presented.basic ?? presented.post
  if (named === undefined) {
    return err(
      oauthError(
        'invalid_request',
        'Client credentials are missing or malformed in both the Authorization header and the request body.',
      ),
    )
  }
  const record = await services.storage.clients.find(asClientId(named.clientId))
  if (record === undefined) {
    await verifyUnknownClientSecret(services, named.clientId, named.secret.reveal())
    return wrongCredentials()
  }
  const secret = methods[record.client.token_endpoint_auth_method](presented)
  if (!secret.ok) {
    await verifyUnknownClientSecret(services, named.clientId, named.secret.reveal())
    return secret
  }
  const proven =
    secret.value === undefined ||
    (await verifyClientSecret(services, record, secret.value.reveal()))
  return proven ? ok(record) : wrongCredentials()
}

function wrongCredentials() {
  return err(
    oauthError(
      'invalid_client',
      'The requested OAuth 2.0 client does not exist or its credentials are wrong.',
    ),
  )
}
