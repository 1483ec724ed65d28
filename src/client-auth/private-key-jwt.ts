/**
 * `private_key_jwt`: a client signs an assertion with a key of its own.
 *
 * @see OpenID Connect Core §9, RFC 7523 §2.2 and §3
 */

import { asClientId } from '../brand.ts'
import { verifyClientJws, type ClientJwsFailure } from '../clients/client-keys.ts'
import type { Services } from '../context.ts'
import { peekClaims } from '../keys/foreign-jws.ts'
import { checkAssertion, endOf } from '../protocol/assertion.ts'
import type { JsonObject } from '../protocol/json.ts'
import { oauthError, type OAuthError } from '../protocol/oauth-error.ts'
import type { Parameters } from '../protocol/parameters.ts'
import { err, ok, type Result } from '../result.ts'
import type { ClientRecord } from '../storage/storage.ts'
import { assertionAudience } from './token-audiences.ts'

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** `typ` of assertions that name their kind (draft-ietf-oauth-rfc7523bis). */
const kind = 'client-authentication+jwt'

/** A day: an assertion is made for one request (RFC 7523 §5 asks for short lives). */
const maxLifetimeSeconds = 86_400

const failures: Readonly<Record<ClientJwsFailure, OAuthError>> = {
  malformed: oauthError('invalid_client', 'The client_assertion is not a signed JWT.'),
  algorithm: oauthError(
    'invalid_client',
    'The client_assertion is signed with another algorithm than the client registered.',
  ),
  no_keys: oauthError(
    'invalid_client',
    'The client has registered no keys: neither jwks nor jwks_uri is set.',
  ),
  unknown_key: oauthError(
    'invalid_request',
    'None of the registered keys of the client fits the client_assertion.',
  ),
  bad_signature: oauthError(
    'invalid_client',
    'The signature of the client_assertion does not match the key of the client.',
  ),
  unreachable: oauthError('server_error', undefined, 'The jwks_uri of the client gave no key set.'),
}

function refuse(hint: string): Result<never, OAuthError> {
  return err(oauthError('invalid_client', hint))
}

/**
 * Authenticates by `client_assertion`. Other credentials in the request are ignored.
 *
 * Every rule is judged before the `jti` is spent, so that an assertion refused for another reason is not used up. Of concurrent uses
 * of one assertion exactly one succeeds, in any number of processes.
 *
 * @returns `invalid_client`, `jti_known` for a second use, `invalid_request` for a foreign assertion type or no fitting key.
 */
export async function authenticateByAssertion(
  services: Services,
  form: Parameters,
): Promise<Result<ClientRecord, OAuthError>> {
  if (form.get('client_assertion_type') !== assertionType) {
    return err(
      oauthError('invalid_request', `The client_assertion_type must be '${assertionType}'.`),
    )
  }
  const assertion = form.get('client_assertion') ?? ''
  if (assertion === '') {
    return err(
      oauthError(
        'invalid_request',
        'The client_assertion_type was sent without a client_assertion.',
      ),
    )
  }
  const record = await findClient(services, form, assertion)
  if (!record.ok) return record
  const { client } = record.value
  const algorithm = client.token_endpoint_auth_signing_alg || 'RS256'
  const claims = await verifyClientJws(services, client, assertion, {
    algorithms: [algorithm],
    kind,
  })
  if (!claims.ok) return err(failures[claims.error])
  return spendAssertion(services, record.value, claims.value)
}

async function findClient(
  { storage }: Services,
  form: Parameters,
  assertion: string,
): Promise<Result<ClientRecord, OAuthError>> {
  const claims = peekClaims(assertion)
  const sub = claims?.['sub']
  const clientId = form.get('client_id') ?? (typeof sub === 'string' ? sub : '')
  if (claims === undefined) return err(failures.malformed)
  if (clientId === '') return refuse('The client_assertion has no sub claim.')
  const record = await storage.clients.find(asClientId(clientId))
  if (record === undefined) {
    return refuse('The requested OAuth 2.0 client does not exist or its credentials are wrong.')
  }
  return record.client.token_endpoint_auth_method === 'private_key_jwt'
    ? ok(record)
    : refuse("The client is not registered for the authentication method 'private_key_jwt'.")
}

async function spendAssertion(
  { storage, settings, clock }: Services,
  record: ClientRecord,
  claims: JsonObject,
): Promise<Result<ClientRecord, OAuthError>> {
  const { client_id: clientId } = record.client
  const now = clock()
  const checked = checkAssertion(claims, {
    ...assertionAudience(settings),
    now,
    maxLifetimeSeconds,
    isIatRequired: false,
    mayIatBeFuture: false,
    isJtiRequired: true,
  })
  if (!checked.ok) return refuse(checked.error)
  const { iss, sub, jti = '' } = checked.value
  if (iss !== clientId || sub !== clientId) {
    return refuse('The iss and sub claims of the client_assertion must both be the client_id.')
  }
  const isFirst = await storage.tokens.consumeJti(
    `client ${clientId}`,
    jti,
    endOf(checked.value),
    now,
  )
  return isFirst
    ? ok(record)
    : err(
        oauthError(
          'jti_known',
          'The client_assertion was used before. Make a new one for every request.',
        ),
      )
}
