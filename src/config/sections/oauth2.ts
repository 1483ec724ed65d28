import { z } from 'zod'
import { duration, section, tolerantSection, uri } from '../value-types.ts'

const hook = (description: string) =>
  z
    .union(
      [
        uri(),
        z.strictObject({
          url: uri().meta({ description: 'Where to POST.' }),
          auth: z
            .strictObject({
              type: z.literal('api_key').meta({ description: 'Kind of credential.' }),
              config: z.strictObject({
                in: z
                  .enum(['header', 'cookie'])
                  .default('header')
                  .meta({ description: 'Where the credential goes.' }),
                name: z.string().meta({ description: 'Name of the header or cookie.' }),
                value: z.string().meta({ description: 'The credential.', writeOnly: true }),
              }),
            })
            .optional(),
        }),
      ],
      {
        error:
          'must be a URL, or an object with url and auth {type: api_key, config: {in, name, value}}',
      },
    )
    .transform((value) => (typeof value === 'string' ? { url: value, auth: undefined } : value))
    .optional()
    .meta({ description, examples: ['https://hooks.example.com/token'] })

const flag = (byDefault: boolean, description: string) =>
  z
    .boolean()
    .default(byDefault)
    .meta({ description, examples: [!byDefault] })

const userCode = z
  .strictObject({
    entropy_preset: z
      .enum(['high', 'medium', 'low'])
      .optional()
      .meta({
        description: 'high: 8 mixed characters; medium: 8 letters A–Z; low: 9 digits.',
        examples: ['medium'],
      }),
    length: z
      .int()
      .min(6, 'must be at least 6')
      .optional()
      .meta({ description: 'Characters of a user code; together with `character_set`.' }),
    character_set: z
      .string()
      .min(8, 'must have at least 8 characters')
      .optional()
      .meta({ description: 'Characters that user codes are made of; together with `length`.' }),
  })
  .refine((value) => (value.length === undefined) === (value.character_set === undefined), {
    error: 'length and character_set must be given together',
  })
  .refine((value) => value.entropy_preset === undefined || value.length === undefined, {
    error: 'entropy_preset excludes length and character_set',
  })
  .prefault({})
  .meta({ description: 'Form of the user codes.' })

/** Keys below `oauth2`. */
export const oauth2 = section(
  {
    expose_internal_errors: flag(false, 'Add the cause to OAuth 2.0 errors. For debugging only.'),
    authorization_response_iss_parameter: flag(
      true,
      'Send `iss` with every authorization response, so that clients of several servers can tell whose it is (RFC 9207).',
    ),
    access_token_authentication_claims: flag(
      false,
      'Tell resource servers how and when the end user authenticated: `acr`, `amr` and `auth_time` in JWT access tokens, `acr` and `auth_time` at introspection (RFC 9470 §6).',
    ),
    assertion_audience: z
      .enum(['compatible', 'issuer'])
      .default('compatible')
      .meta({
        description:
          'Whom `aud` of assertions (`private_key_jwt`, JWT bearer grant) must name. `issuer`: the issuer, as a single string, as draft-ietf-oauth-rfc7523bis demands against assertions that were made for another server. `compatible`: the issuer or the token endpoint, also in a list.',
        examples: ['issuer'],
      }),
    session: tolerantSection(
      { encrypt_at_rest: flag(true, 'Encrypt the session data of grants in the database.') },
      'Session data.',
    ),
    request_object_encryption: flag(
      false,
      'Publish keys at `jwks_uri` that clients may encrypt request objects to, and accept such objects (OpenID Connect Core §6.1).',
    ),
    exclude_not_before_claim: flag(false, 'Leave `nbf` out of JWT access tokens.'),
    allowed_top_level_claims: z
      .array(z.string())
      .default([])
      .meta({
        description: 'Custom claims that appear at the top level of access tokens.',
        examples: [['tenant', 'roles']],
      }),
    mirror_top_level_claims: flag(true, 'Keep custom claims under `ext` as well.'),
    preserve_ext_claims: flag(
      false,
      'With `mirror_top_level_claims: false`, keep claims that were not promoted under `ext`.',
    ),
    hashers: section(
      {
        algorithm: z
          .enum(['pbkdf2', 'bcrypt'])
          .default('pbkdf2')
          .meta({ description: 'Hash of new client secrets.', examples: ['bcrypt'] }),
        bcrypt: section(
          {
            cost: z
              .int()
              .min(4, 'must be between 4 and 31')
              .max(31, 'must be between 4 and 31')
              .default(10)
              .meta({ description: 'Work factor.', examples: [12] }),
          },
          'bcrypt.',
        ),
        pbkdf2: section(
          {
            iterations: z
              .int()
              .min(1, 'must be at least 1')
              .default(25_000)
              .meta({ description: 'Iterations.', examples: [100_000] }),
          },
          'PBKDF2.',
        ),
      },
      'Hashing of client secrets.',
    ),
    pkce: section(
      {
        enforced: flag(false, 'Require PKCE (RFC 7636) of every client.'),
        enforced_for_public_clients: flag(false, 'Require PKCE of public clients.'),
      },
      'PKCE.',
    ),
    client_credentials: section(
      {
        default_grant_allowed_scope: flag(
          false,
          'Grant the whole scope of the client when a client_credentials request names none.',
        ),
      },
      'The client_credentials grant.',
    ),
    grant: section(
      {
        refresh_token: tolerantSection(
          {
            rotation_grace_period: duration('0s').meta({
              description:
                'How long a used refresh token may be used again. At most 5m, or 180 days with a reuse count. 0s is strict rotation.',
              examples: ['30s'],
            }),
            rotation_grace_reuse_count: z
              .int()
              .min(0, 'must not be negative')
              .default(0)
              .meta({
                description: 'How often a used refresh token may be used again; 0 is unlimited.',
                examples: [3],
              }),
          },
          'Refresh tokens.',
        ),
        jwt: section(
          {
            jti_optional: flag(false, 'Accept assertions without `jti` (RFC 7523).'),
            iat_optional: flag(false, 'Accept assertions without `iat`.'),
            max_ttl: duration('720h').meta({
              description: 'Longest accepted life of an assertion.',
              examples: ['1h'],
            }),
            omit_assertion_audience: flag(
              true,
              'Do not copy the audience of the assertion into the token.',
            ),
          },
          'The JWT bearer grant (RFC 7523).',
        ),
      },
      'Grants.',
    ),
    refresh_token_hook: hook('Asked for claims on every refresh, ahead of `token_hook`.'),
    token_hook: hook(
      'Asked for claims by every grant type of the token endpoint, for ten seconds at most.',
    ),
    device_authorization: section(
      {
        token_polling_interval: duration('5s').meta({
          description: 'How often a device may ask (RFC 8628).',
          examples: ['10s'],
        }),
        user_code: userCode,
      },
      'The device authorization grant (RFC 8628).',
    ),
  },
  'OAuth 2.0.',
)
