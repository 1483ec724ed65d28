/** The client as the API reads and writes it. Names of schemas are those of the official API document. */

import { z } from 'zod'
import { lifespanNames, type LifespanName, type ResponseAlgorithmName } from '../protocol/client.ts'
import { parseGoDuration } from '../protocol/duration.ts'
import { jsonWebKeySet } from '../keys/jwk-schema.ts'

const text = z.string().optional()
const flag = z.boolean().optional()
const texts = z.array(z.string()).optional()
const time = z.iso.datetime({ offset: true }).optional()

const lifespan = z
  .string()
  .refine((value) => parseGoDuration(value) !== undefined, {
    error: 'expected a duration such as 1h30m',
  })
  .optional()
  .meta({
    description: 'A duration in milliseconds, seconds, minutes or hours.',
    examples: ['1h', '90m'],
  })

const lifespans = Object.fromEntries(lifespanNames.map((name) => [name, lifespan])) as Record<
  LifespanName,
  typeof lifespan
>

const keyAlgorithm = '`RSA-OAEP`, `RSA-OAEP-256`, `ECDH-ES`, `ECDH-ES+A128KW` or `ECDH-ES+A256KW`.'
const contentAlgorithm = '`A128GCM`, `A256GCM`, `A128CBC-HS256` (default) or `A256CBC-HS512`.'

/** Members that the Ory API does not know. */
const responseAlgorithms = {
  id_token_signed_response_alg: text.describe('Algorithm that ID tokens are signed with.'),
  id_token_encrypted_response_alg: text.describe(`Encrypts ID tokens: ${keyAlgorithm}`),
  id_token_encrypted_response_enc: text.describe(
    `How ID tokens are encrypted: ${contentAlgorithm}`,
  ),
  userinfo_encrypted_response_alg: text.describe(`Encrypts userinfo: ${keyAlgorithm}`),
  userinfo_encrypted_response_enc: text.describe(`How userinfo is encrypted: ${contentAlgorithm}`),
  request_object_encryption_alg: text.describe(
    `Request objects may be encrypted by: ${keyAlgorithm}`,
  ),
  request_object_encryption_enc: text.describe(
    `How request objects are encrypted: ${contentAlgorithm}`,
  ),
} satisfies Record<ResponseAlgorithmName, typeof text>

/** Body of `PUT /admin/clients/{id}/lifespans`. */
export const oAuth2ClientTokenLifespans = z
  .object(lifespans)
  .meta({ id: 'oAuth2ClientTokenLifespans', title: 'Lifespans of different token types' })

/** A client in requests and responses. Every member may be absent. */
export const oAuth2Client = z
  .object({
    client_id: text.describe('Identifies the client. A UUID is generated when it is absent.'),
    client_name: text.describe('Shown to the end user.'),
    client_secret: text.describe('Sent back only when it was just set; only a hash is stored.'),
    client_secret_expires_at: z.int().optional().describe('Always 0: secrets do not expire.'),
    redirect_uris: texts.describe('Where authorization responses may go; matched exactly.'),
    grant_types: texts.describe('Empty behaves as `authorization_code` alone.'),
    response_types: texts.describe('Empty behaves as `code` alone.'),
    scope: text.describe('What the client may ask for, space-separated.'),
    audience: texts.describe('Audiences that the client may ask for.'),
    owner: text.describe('Free text; clients can be listed by it.'),
    policy_uri: text.describe('Privacy policy, http or https.'),
    allowed_cors_origins: texts.describe('Origins that may call the OAuth 2.0 endpoints.'),
    tos_uri: text.describe('Terms of service, http or https.'),
    client_uri: text.describe('Home page, http or https.'),
    logo_uri: text.describe('Logo, http or https.'),
    contacts: texts.describe('People responsible for the client.'),
    subject_type: text.describe('`public` or `pairwise`.'),
    sector_identifier_uri: text.describe(
      'An https URL of a JSON array that lists all redirect URIs. It groups clients that see the same pairwise subjects.',
    ),
    jwks: jsonWebKeySet.optional(),
    jwks_uri: text.describe('Where the public keys of the client are found; excludes `jwks`.'),
    token_endpoint_auth_method: text.describe(
      '`client_secret_basic`, `client_secret_post`, `private_key_jwt` or `none`.',
    ),
    token_endpoint_auth_signing_alg: text.describe('Algorithm of `private_key_jwt`.'),
    request_uris: texts.describe('Allowed values of `request_uri`.'),
    request_object_signing_alg: text.describe('Algorithm that request objects must have.'),
    userinfo_signed_response_alg: text.describe('`none`, or an algorithm to sign with.'),
    created_at: time.describe('Read-only.'),
    updated_at: time.describe('Read-only.'),
    frontchannel_logout_uri: text.describe('Loaded in an iframe when the end user logs out.'),
    frontchannel_logout_session_required: flag.describe('Asks for `iss` and `sid`.'),
    post_logout_redirect_uris: texts.describe('Where the end user may go after logout.'),
    backchannel_logout_uri: text.describe('Gets a logout token when the end user logs out.'),
    backchannel_logout_session_required: flag.describe('Asks for `sid`.'),
    metadata: z.unknown().optional().describe('Any JSON.'),
    registration_access_token: text.describe(
      'Lets the client manage itself (RFC 7592). Sent back only when it was just issued.',
    ),
    registration_client_uri: text.describe('Where the client manages itself (RFC 7592).'),
    access_token_strategy: text.describe('`opaque` or `jwt`; empty follows the server.'),
    skip_consent: flag.describe('A hint for the consent app.'),
    skip_logout_consent: flag.describe('A hint for the logout app.'),
    default_max_age: z.int().optional().describe('Seconds; used when `max_age` is not sent.'),
    require_auth_time: flag.describe('Every ID token has `auth_time` anyway.'),
    default_acr_values: texts.describe('Used when `acr_values` is not sent.'),
    initiate_login_uri: text.describe('Where others may begin a login at the client; https.'),
    ...responseAlgorithms,
    ...lifespans,
  })
  .meta({ id: 'oAuth2Client', title: 'OAuth 2.0 Client' })

/** Metadata of a client as it was sent: typed, not yet checked by the rules of {@link validateClient}. */
export type ClientMetadata = z.infer<typeof oAuth2Client>

/** Lifespans as they were sent. */
export type LifespanMetadata = z.infer<typeof oAuth2ClientTokenLifespans>

/** One operation of RFC 6902. */
export const jsonPatch = z
  .object({
    op: z.string().describe('`add`, `remove` or `replace`.'),
    path: z.string().describe('A JSON pointer (RFC 6901).'),
    value: z.unknown().optional().describe('Needed by `add` and `replace`.'),
    from: z.string().optional().describe('Not used by the supported operations.'),
  })
  .meta({ id: 'jsonPatch', title: 'A JSONPatch operation as defined by RFC 6902' })

/** Body of `PATCH /admin/clients/{id}`. */
export const jsonPatchDocument = z
  .array(jsonPatch)
  .meta({ id: 'jsonPatchDocument', title: 'A JSONPatchDocument request' })
