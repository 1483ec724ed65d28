import { z } from 'zod'
import {
  duration,
  durationOrForever,
  optionalSection,
  secretList,
  section,
  uriReference,
} from '../value-types.ts'

/** Keys below `secrets`. */
export const secrets = section(
  {
    system: secretList().meta({
      description:
        'Secrets that seal tokens and what is secret in the database. The first seals, all open: prepend a new one to rotate, keep the old ones. Required outside dev mode.',
      examples: [['a-secret-of-at-least-16-characters']],
      writeOnly: true,
    }),
    cookie: secretList().meta({
      description: 'Secrets of the cookies. Unset: derived from `secrets.system`.',
      writeOnly: true,
    }),
    pagination: secretList().meta({
      description: 'Secrets of the page tokens. Unset: `secrets.system`.',
      writeOnly: true,
    }),
  },
  'Secrets. The first of each list is used, all are accepted.',
)

/** Keys below `strategies`. */
export const strategies = section(
  {
    scope: z
      .enum(['exact', 'wildcard'])
      .default('wildcard')
      .meta({ description: 'How requested scopes are matched with those of a client.' }),
    access_token: z
      .enum(['opaque', 'jwt'])
      .default('opaque')
      .meta({
        description: 'Form of access tokens; a client may choose its own.',
        examples: ['jwt'],
      }),
    jwt: section(
      {
        scope_claim: z.enum(['list', 'string', 'both']).default('list').meta({
          description: 'Scopes in JWT access tokens: `scp` list, `scope` string, or both.',
        }),
      },
      'JWT access tokens.',
    ),
  },
  'Choices between forms.',
)

/** Keys below `ttl`. */
export const ttl = section(
  {
    login_consent_request: duration('30m').meta({
      description: 'How long a login, consent, logout or device flow may take.',
      examples: ['1h'],
    }),
    authentication_session: duration('720h').meta({
      description: 'How long a login is remembered; at most 180 days.',
      examples: ['24h'],
    }),
    access_token: duration('1h').meta({ description: 'Life of access tokens.', examples: ['15m'] }),
    refresh_token: durationOrForever('720h').meta({
      description: 'Life of refresh tokens; `-1` has no end.',
      examples: ['-1'],
    }),
    id_token: duration('1h').meta({ description: 'Life of ID tokens.', examples: ['15m'] }),
    auth_code: duration('10m').meta({
      description: 'Life of authorization codes.',
      examples: ['1m'],
    }),
    device_user_code: duration('10m').meta({
      description: 'Life of device and user codes.',
      examples: ['15m'],
    }),
  },
  'Lifespans. Clients may have their own.',
)

/** Keys below `oidc`. */
export const oidc = section(
  {
    subject_identifiers: section(
      {
        supported_types: z
          .array(z.enum(['public', 'pairwise']))
          .default(['public'])
          .meta({
            description: 'Kinds of `sub` that clients may choose (OpenID Connect Core §8).',
            examples: [['public', 'pairwise']],
          }),
        pairwise: optionalSection(
          {
            salt: z.string().optional().meta({
              description:
                'Salt of the pairwise identifiers, at least 8 characters; never change it.',
              writeOnly: true,
            }),
          },
          'Pairwise identifiers.',
        ),
      },
      'Subject identifiers.',
    ),
    session_management: section(
      {
        enabled: z
          .boolean()
          .default(false)
          .meta({
            description:
              'Serve `check_session_iframe` and send `session_state` with authorization responses (OpenID Connect Session Management 1.0).',
            examples: [true],
          }),
      },
      'Session management.',
    ),
    dynamic_client_registration: section(
      {
        enabled: z
          .boolean()
          .default(false)
          .meta({ description: 'Open `/oauth2/register` (RFC 7591).', examples: [true] }),
        default_scope: z.array(z.string()).default(['offline_access', 'offline', 'openid']).meta({
          description: 'Scope of clients that are created without one.',
        }),
      },
      'Dynamic client registration.',
    ),
  },
  'OpenID Connect.',
)

const advertised = (what: string) =>
  uriReference()
    .optional()
    .meta({ format: 'uri-reference', description: `Overrides the advertised ${what}.` })

/** Keys below `webfinger`. */
export const webfinger = section(
  {
    jwks: section(
      {
        broadcast_keys: z.array(z.string()).default(['hydra.openid.id-token']).meta({
          description: 'Key sets published at `/.well-known/jwks.json`.',
        }),
      },
      'The JSON Web Key Set.',
    ),
    oidc_discovery: section(
      {
        jwks_url: advertised('`jwks_uri`'),
        token_url: advertised('`token_endpoint`'),
        auth_url: advertised('`authorization_endpoint`'),
        device_authorization_url: advertised('`device_authorization_endpoint`'),
        client_registration_url: advertised('`registration_endpoint`'),
        userinfo_url: advertised('`userinfo_endpoint`'),
        supported_claims: z
          .array(z.string())
          .default([])
          .meta({ description: 'Added to `claims_supported`.', examples: [['email', 'name']] }),
        supported_scope: z
          .array(z.string())
          .default([])
          .meta({ description: 'Added to `scopes_supported`.', examples: [['email']] }),
        supported_acr_values: z
          .array(z.string())
          .default([])
          .meta({
            description:
              'Values of `acr` that the login app can give, for `acr_values_supported`. Those of the built-in pages need not be named.',
            examples: [['urn:example:mfa']],
          }),
        extensions: z
          .boolean()
          .default(true)
          .meta({
            description:
              'List what the Ory API does not know, as OpenID Connect and the newer RFCs name it. Turn it off where a generated SDK that refuses unknown members (Go) reads the document.',
            examples: [false],
          }),
      },
      'The discovery document.',
    ),
  },
  'Well-known documents.',
)

/** Keys below `clients`. */
export const clients = section(
  {
    http: section(
      {
        disallow_private_ip_ranges: z
          .boolean()
          .default(false)
          .meta({
            description: 'Refuse calls to private addresses for URLs that clients name.',
            examples: [true],
          }),
        private_ip_exception_urls: z
          .array(uriReference())
          .default([])
          .meta({
            description: 'URL patterns that may be called all the same.',
            examples: [['https://jwks.internal/**']],
          }),
      },
      'Outgoing calls.',
    ),
  },
  'Calls this server makes.',
)
