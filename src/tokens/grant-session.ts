/** What a grant remembers about its authorization besides scopes: the source of token claims, sealed at rest. */

import type { Instant } from '../brand.ts'
import { parseJson, type Json, type JsonObject } from '../protocol/json.ts'
import type { Sealer } from './sealer.ts'

/** The facts behind the claims of the tokens of one grant. */
export interface GrantSession {
  /** `session.access_token` of the consent: `ext` of introspection, claims of JWT access tokens. */
  readonly accessToken: JsonObject
  /** `session.id_token` of the consent: claims of ID tokens and userinfo. */
  readonly idToken: JsonObject
  /** Further claims of userinfo; `undefined` in grants that were stored before there were any. */
  readonly userinfo: JsonObject | undefined
  /** `sub` of ID tokens and userinfo: the raw subject or its pairwise form. */
  readonly idTokenSubject: string
  /** When the end user authenticated. */
  readonly authTime: Instant
  readonly acr: string
  readonly amr: readonly string[]
  /** `''` when the request had none. */
  readonly nonce: string
  /** The login session id; kept here because the session may be deleted while its tokens live on. */
  readonly sid: string
  /** True when the code came beside tokens: the ID token that it is exchanged for carries its `c_hash` too. */
  readonly isHybrid: boolean
  /** As sent on the authorization request; `undefined` when it was omitted (RFC 6749 §4.1.3). */
  readonly redirectUri: string | undefined
  /** S256 challenge of RFC 7636; `undefined` without PKCE. */
  readonly codeChallenge: string | undefined
  readonly requestUrl: string
  readonly oidcContext: Json
  /** `context` of the consent object. */
  readonly context: Json
}

/** Serialises a session for {@link Grant.session}; in clear JSON when `encrypt` is false. */
export function sealGrantSession(sealer: Sealer, session: GrantSession, encrypt: boolean): string {
  const text = JSON.stringify(session)
  return encrypt ? sealer.seal('grant_session', text) : text
}

/** Reads what {@link sealGrantSession} wrote, in either form. @throws when no secret opens it. */
export function openGrantSession(sealer: Sealer, sealed: string): GrantSession {
  const text = sealed.startsWith('{') ? sealed : sealer.open('grant_session', sealed)
  if (text === undefined)
    throw new Error('a grant session does not open under any of secrets.system')
  return parseJson(text) as GrantSession
}
