/** Mints the tokens of a user grant, the same way for every grant type that ends in one. */

import { after, milliseconds, wholeSeconds, type ChainId, type Instant } from '../brand.ts'
import type { Services } from '../context.ts'
import { encryptForClient } from '../clients/encrypt-for-client.ts'
import type { Client } from '../protocol/client.ts'
import type { Grant } from '../protocol/grant.ts'
import { hasScope } from '../protocol/scope.ts'
import type { NewChain } from '../storage/storage.ts'
import type { OAuthError } from '../protocol/oauth-error.ts'
import { ok, type Result } from '../result.ts'
import { sealGrantSession, type GrantSession } from '../tokens/grant-session.ts'
import { lifespanOf, type GrantKind } from '../tokens/lifespan.ts'
import { mintAccessToken } from '../tokens/access-token.ts'
import { credentialNonceLifespan, mintCredentialNonce } from '../tokens/credential-nonce.ts'
import { mintRefreshToken } from '../tokens/code-and-refresh-token.ts'
import { mintIdToken } from '../tokens/id-token.ts'
import type { Approval, CustomClaims, TokenResponse } from './grant.ts'

/** Time that a chain's row outlives its last token, so that clocks may differ. */
const slack = milliseconds(10 * 60_000)

/** What the tokens speak for. */
export interface Issue {
  readonly client: Client
  readonly grant: Grant
  readonly session: GrantSession
  /** Decides the lifespans. */
  readonly kind: GrantKind
  /** The chain and the generation that the refresh token will have; `undefined` issues none. */
  readonly chain: { readonly id: ChainId; readonly generation: number } | undefined
  readonly now: Instant
  /** The code of a hybrid flow, hashed into the ID token. */
  readonly code?: string | undefined
}

/** Ends of the tokens about to be minted. */
export interface TokenEnds {
  readonly accessToken: Instant
  /** `undefined`: the refresh token never expires. */
  readonly refreshToken: Instant | undefined
  /** Earliest instant at which the chain's row may go; `undefined` never. */
  readonly chainPurge: Instant | undefined
}

/** Computes when the tokens will end. A negative refresh token lifespan means never. */
export function tokenEnds(
  services: Pick<Services, 'settings'>,
  { client, kind, now }: Omit<Issue, 'grant' | 'session' | 'chain'>,
): TokenEnds {
  const from = wholeSeconds(now)
  const accessToken = after(from, lifespanOf(services.settings, client, kind, 'access_token'))
  const refreshLifespan = lifespanOf(services.settings, client, kind, 'refresh_token')
  const refreshToken = refreshLifespan < 0 ? undefined : after(from, refreshLifespan)
  const chainPurge =
    refreshToken === undefined
      ? undefined
      : after(refreshToken > accessToken ? refreshToken : accessToken, slack)
  return { accessToken, refreshToken, chainPurge }
}

/** The chain row that goes with a refresh token. */
export function newChain(grant: Grant, id: ChainId, ends: TokenEnds): NewChain {
  return { id, grantId: grant.id, expiresAt: ends.refreshToken, purgeAt: ends.chainPurge }
}

/**
 * Mints an access token, with a chain a refresh token, and with `openid` an ID token. Stores nothing.
 *
 * @returns the failures of encrypting the ID token for the client.
 */
export async function issueTokens(
  services: Services,
  issue: Issue,
  ends: TokenEnds,
): Promise<Result<TokenResponse, OAuthError>> {
  const { client, grant, session, chain, now } = issue
  const accessToken = await mintAccessToken(services, {
    client,
    subject: grant.subject,
    grantId: grant.id,
    chainId: chain?.id,
    generation: chain?.generation ?? 0,
    scope: grant.grantedScope,
    audience: grant.grantedAudience,
    issuedAt: now,
    expiresAt: ends.accessToken,
    extra: session.accessToken,
    authentication: session,
  })
  const signed = hasScope(grant.grantedScope, 'openid')
    ? await mintIdToken(services, {
        client,
        session,
        requestedAt: grant.requestedAt,
        issuedAt: now,
        lifespan: lifespanOf(services.settings, client, issue.kind, 'id_token'),
        accessToken,
        code: issue.code,
      })
    : undefined
  const idToken =
    signed === undefined
      ? ok(undefined)
      : await encryptForClient(services, client, { what: 'id_token', text: signed, isNested: true })
  if (!idToken.ok) return idToken
  return ok({
    access_token: accessToken,
    ...credentialNonce(services, issue, accessToken),
    expires_in: Math.floor((ends.accessToken - wholeSeconds(now)) / 1000),
    ...(idToken.value === undefined ? {} : { id_token: idToken.value }),
    ...(chain === undefined
      ? {}
      : {
          refresh_token: mintRefreshToken(services, {
            grantId: grant.id,
            chainId: chain.id,
            generation: chain.generation,
            issuedAt: wholeSeconds(now),
            expiresAt: ends.refreshToken,
          }),
        }),
    scope: grant.grantedScope.join(' '),
    token_type: 'bearer',
  })
}

/** A nonce for a verifiable credential, where the scope asks for one. Devices get none. */
function credentialNonce(
  services: Services,
  { grant, kind, now }: Issue,
  accessToken: string,
): Pick<TokenResponse, 'c_nonce_draft_00' | 'c_nonce_expires_in_draft_00'> {
  const isAsked =
    kind !== 'device_authorization' &&
    hasScope(grant.grantedScope, 'openid') &&
    hasScope(grant.grantedScope, 'userinfo_credential_draft_00')
  return isAsked
    ? {
        c_nonce_draft_00: mintCredentialNonce(services, accessToken, now),
        c_nonce_expires_in_draft_00: credentialNonceLifespan,
      }
    : {}
}

/** What a user grant is exchanged for, and how the exchange is written. */
export interface UserApproval extends Issue {
  readonly ends: TokenEnds
  readonly hookClaims: Approval['hookClaims']
  /** Spends what was presented, exactly once; a caller that lost a race gets the error. */
  commit(): Promise<Result<void, OAuthError>>
}

/**
 * Approves a request that ends in the tokens of a user grant.
 *
 * The tokens are minted, what was presented is spent, and claims that a hook changed are stored with the grant. They are stored
 * by the one caller that won the commit, and before its response leaves: nobody holds a token of this exchange whose
 * claims are not stored, and a caller that lost changes nothing. A process that dies in between had sent no response.
 */
export function approveUser(services: Services, approval: UserApproval): Approval {
  const { grant, session, ends, hookClaims } = approval
  return {
    subject: grant.subject,
    requestedScope: grant.requestedScope,
    grantedScope: grant.grantedScope,
    grantedAudience: grant.grantedAudience,
    claims: { accessToken: session.accessToken, idToken: session.idToken },
    hookClaims,
    accessTokenEnd: ends.accessToken,
    refreshTokenEnd: approval.chain === undefined ? undefined : ends.refreshToken,
    user: { grant, session },
    async issue(claims) {
      const changed = withClaims(session, claims)
      const tokens = await issueTokens(services, { ...approval, session: changed }, ends)
      if (!tokens.ok) return tokens
      const committed = await approval.commit()
      if (!committed.ok) return committed
      if (changed !== session) await storeSession(services, grant, changed)
      return tokens
    },
  }
}

/** The session with other claims; the same object when nothing changed, so that nothing is written. */
function withClaims(session: GrantSession, claims: CustomClaims): GrantSession {
  const { accessToken, idToken } = session
  if (claims.accessToken === accessToken && claims.idToken === idToken) return session
  const isSame =
    JSON.stringify([accessToken, idToken]) === JSON.stringify([claims.accessToken, claims.idToken])
  return isSame ? session : { ...session, ...claims }
}

function storeSession(
  { sealer, settings, storage }: Services,
  grant: Grant,
  session: GrantSession,
): Promise<void> {
  const sealed = sealGrantSession(sealer, session, settings.oauth2.encryptSessionAtRest)
  return storage.grants.replaceSession(grant.id, sealed)
}
