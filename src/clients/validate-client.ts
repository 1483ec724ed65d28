/**
 * The rules of client metadata, in the order in which failures are reported.
 *
 * @see RFC 7591 §2, OpenID Connect Dynamic Client Registration §2, OpenID Connect Back-/Front-Channel and RP-Initiated
 *   Logout, the Ory OAuth2 API
 */

import { domainToASCII, domainToUnicode } from 'node:url'
import {
  tokenEndpointAuthMethods,
  type AccessTokenStrategy,
  type Client,
  type SubjectType,
} from '../protocol/client.ts'
import { oauthError, type OAuthError } from '../protocol/oauth-error.ts'
import { err, ok, type Result } from '../result.ts'
import { enabledSubjectTypes, type ClientDraft } from './client-draft.ts'
import { checkPrivateAddresses, checkSectorIdentifier } from './remote-checks.ts'
import {
  checkEncryptionAlgorithms,
  checkSigningAlgorithms,
  prepareSigningKeys,
} from './response-algorithms.ts'
import { bcryptMaxBytes } from './slow-hash.ts'
import { checkTexts } from './text-limits.ts'
import { haveSameOrigin, isWebUri, parseUri } from './uri.ts'
import type { Candidate } from './candidate.ts'

type Rule = (candidate: Candidate) => OAuthError | undefined | Promise<OAuthError | undefined>

function invalid(hint: string): OAuthError {
  return oauthError('invalid_client_metadata', hint)
}

/** Algorithms of RFC 7518 §3.1 that verify with a public key, without EdDSA, which clients of this API do not know. */
const assertionAlgorithms = /^(?:RS|PS|ES)(?:256|384|512)$/u

const authMethod: Rule = ({ draft }) => {
  const method = draft.token_endpoint_auth_method
  if (!(tokenEndpointAuthMethods as readonly string[]).includes(method))
    return invalid(
      `Field token_endpoint_auth_method must be one of ${tokenEndpointAuthMethods.join(', ')}.`,
    )
  if (method !== 'private_key_jwt') return undefined
  if (draft.jwks === undefined && draft.jwks_uri === '')
    return invalid(
      'With token_endpoint_auth_method private_key_jwt, either jwks or jwks_uri must be set.',
    )
  const alg = draft.token_endpoint_auth_signing_alg
  return alg === '' || assertionAlgorithms.test(alg)
    ? undefined
    : invalid(
        'Field token_endpoint_auth_signing_alg must be an RS, PS or ES algorithm with SHA-256, SHA-384 or SHA-512.',
      )
}

const keySources: Rule = ({ draft }) =>
  draft.jwks !== undefined && draft.jwks_uri !== ''
    ? invalid('Fields jwks and jwks_uri cannot be set at the same time.')
    : undefined

const asymmetricKeys: Rule = ({ draft }) =>
  draft.jwks?.keys.some((jwk) => jwk['kty'] === 'oct') === true
    ? invalid('Field jwks must not hold symmetric keys.')
    : undefined

const infoUris: Rule = ({ draft }) => {
  for (const name of ['tos_uri', 'policy_uri', 'logo_uri', 'client_uri'] as const) {
    const uri = parseUri(draft[name])
    if (draft[name] !== '' && (uri === undefined || !isWebUri(uri)))
      return invalid(`Field ${name} must be a URL with scheme http or https.`)
  }
  return undefined
}

const minSecretBytes = 6

const secretLength: Rule = ({ chosenSecret, settings }) => {
  if (chosenSecret === undefined) return undefined
  const bytes = Buffer.byteLength(chosenSecret)
  if (bytes < minSecretBytes)
    return invalid(`Field client_secret must be at least ${minSecretBytes} characters long.`)
  // RFC 6749 Appendix A.2; see verifySlowHash.
  if (chosenSecret.includes('\0')) return invalid('Field client_secret must not contain NUL.')
  if (settings.oauth2.hasher.algorithm === 'bcrypt' && bytes > bcryptMaxBytes)
    return invalid(`Field client_secret must not be longer than ${bcryptMaxBytes} bytes.`)
  return undefined
}

/** `https://app.example/` → `https://app.example`; `undefined` for what is no origin. */
function canonicalOrigin(text: string): string | undefined {
  const uri = parseUri(text)
  if (uri === undefined || !isWebUri(uri) || uri.userInfo !== undefined) return undefined
  if (!/^\/*$/u.test(uri.path) || uri.query !== undefined || uri.fragment !== undefined)
    return undefined
  return `${uri.scheme}://${uri.host}${uri.port === '' ? '' : `:${uri.port}`}`
}

const corsOrigins: Rule = ({ draft }) => {
  const wrong = draft.allowed_cors_origins.find((origin) => canonicalOrigin(origin) === undefined)
  return wrong === undefined
    ? undefined
    : invalid(
        'Field allowed_cors_origins must hold origins: scheme http or https, host and port, nothing else.',
      )
}

/** Schemes that make a browser run or show what the URI holds. A client's own scheme is fine (RFC 8252 §7.1). */
const executableSchemes: readonly string[] = [
  'about',
  'blob',
  'data',
  'file',
  'filesystem',
  'javascript',
  'vbscript',
  'view-source',
]

/** Whether browsers go to another name than the one that is written: `app。example` is `app.example` (UTS #46). */
function isMappedHost(host: string): boolean {
  const isAscii = /^[\u0020-\u007e]*$/u.test(host)
  return !isAscii && domainToUnicode(domainToASCII(host)) !== host.toLowerCase()
}

function redirectUriProblem(text: string): string | undefined {
  // RFC 6749 §3.1.2: no fragment.
  if (text.includes('#')) return 'Redirect URIs must not contain fragments.'
  const uri = parseUri(text)
  if (uri === undefined) return 'A redirect URI is not an absolute URI.'
  if (executableSchemes.includes(uri.scheme))
    return `Redirect URIs must not have the scheme ${uri.scheme}.`
  if (/^https?$/u.test(uri.scheme) && uri.host === '') return 'A redirect URI has no host.'
  if (/^https?$/u.test(uri.scheme) && !URL.canParse(text)) return 'A redirect URI is no URL.'
  if (isMappedHost(uri.host))
    return 'The host of a redirect URI is written in another way than it is read.'
  return undefined
}

const redirectUris: Rule = ({ draft }) => {
  for (const text of draft.redirect_uris) {
    const problem = redirectUriProblem(text)
    if (problem !== undefined) return oauthError('invalid_redirect_uri', problem)
  }
  return undefined
}

const subjectType: Rule = ({ draft, settings }) => {
  const enabled = enabledSubjectTypes(draft.access_token_strategy, settings)
  return (enabled as readonly string[]).includes(draft.subject_type)
    ? undefined
    : invalid(`Field subject_type must be one of ${enabled.join(', ')} for this client.`)
}

/** OpenID Connect RP-Initiated Logout §3.1 leaves the choice to the server: only where logins go may logouts go. */
const postLogoutRedirectUris: Rule = ({ draft }) => {
  const redirects = draft.redirect_uris.flatMap((text) => parseUri(text) ?? [])
  for (const text of draft.post_logout_redirect_uris) {
    const uri = parseUri(text)
    if (uri === undefined || !redirects.some((redirect) => haveSameOrigin(redirect, uri)))
      return invalid(
        'Each of post_logout_redirect_uris must have the scheme, host and port of a redirect URI.',
      )
  }
  return undefined
}

const accessTokenStrategy: Rule = ({ draft }) =>
  ['', 'jwt', 'opaque'].includes(draft.access_token_strategy)
    ? undefined
    : invalid("Field access_token_strategy must be 'jwt' or 'opaque'.")

/** OpenID Connect Dynamic Client Registration §2. */
const openIdDefaults: Rule = ({ draft }) => {
  const { default_max_age: maxAge, initiate_login_uri: initiateLoginUri = '' } = draft
  if (maxAge !== undefined && maxAge < 0)
    return invalid('Field default_max_age must be a number of seconds.')
  if (initiateLoginUri === '') return undefined
  const uri = parseUri(initiateLoginUri)
  return uri?.scheme === 'https' && uri.host !== ''
    ? undefined
    : invalid('Field initiate_login_uri must be a URL with scheme https.')
}

const rules: readonly Rule[] = [
  checkTexts,
  authMethod,
  keySources,
  asymmetricKeys,
  checkPrivateAddresses,
  infoUris,
  secretLength,
  corsOrigins,
  checkSectorIdentifier,
  checkSigningAlgorithms,
  redirectUris,
  subjectType,
  postLogoutRedirectUris,
  accessTokenStrategy,
  openIdDefaults,
  checkEncryptionAlgorithms,
]

/** Narrows a draft that passed the rules. */
function asClient(draft: ClientDraft): Client {
  return {
    ...draft,
    allowed_cors_origins: draft.allowed_cors_origins.flatMap((text) => canonicalOrigin(text) ?? []),
    // The rules above have found these values among the known ones.
    token_endpoint_auth_method:
      draft.token_endpoint_auth_method as Client['token_endpoint_auth_method'],
    subject_type: draft.subject_type as SubjectType,
    access_token_strategy: draft.access_token_strategy as AccessTokenStrategy | '',
  }
}

/**
 * Checks a draft by every rule.
 *
 * @returns the client with canonical origins, or the first failure: `invalid_client_metadata` or `invalid_redirect_uri`.
 */
export async function validateClient(candidate: Candidate): Promise<Result<Client, OAuthError>> {
  for (const rule of rules) {
    const failure = await rule(candidate)
    if (failure !== undefined) return err(failure)
  }
  await prepareSigningKeys(candidate)
  return ok(asClient(candidate.draft))
}
