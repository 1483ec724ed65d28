/**
 * `grant_type=authorization_code`: a code becomes tokens, once.
 *
 * Everything that can fail happens before the one write, so that a failed request leaves the code as it was.
 *
 * @see RFC 6749 §4.1.3, RFC 7636 §4.6, RFC 9700 §2.1.1
 */

import { createHash } from 'node:crypto'
import { asChainId, type Instant } from '../brand.ts'
import type { Services } from '../context.ts'
import { allowsGrantType, isPublic, type Client } from '../protocol/client.ts'
import type { Grant } from '../protocol/grant.ts'
import { oauthError, type OAuthError } from '../protocol/oauth-error.ts'
import type { Parameters } from '../protocol/parameters.ts'
import { checkCodeVerifier } from '../protocol/pkce.ts'
import { grantsOfflineAccess } from '../protocol/scope.ts'
import { err, ok, type Result } from '../result.ts'
import type { Settings } from '../settings.ts'
import { openGrantSession, type GrantSession } from '../tokens/grant-session.ts'
import { openAuthorizationCode } from '../tokens/code-and-refresh-token.ts'
import { isSameSecret } from '../tokens/same-secret.ts'
import type { GrantType } from './grant.ts'
import { approveUser, newChain, tokenEnds } from './issue.ts'

const unknownCode = () =>
  err(
    oauthError(
      'invalid_grant',
      'The authorization code does not exist or was not issued by this server.',
    ),
  )

/** Redeems an authorization code (RFC 6749 §4.1.3). */
export const authorizationCode: GrantType = async (services, { form, record, now }) => {
  const { client } = record
  const code = form.get('code') ?? ''
  const opened = openAuthorizationCode(services, code)
  if (opened === undefined) return unknownCode()
  const grant = await services.storage.grants.find(opened.grantId)
  if (grant === undefined) return unknownCode()
  if (grant.codeRedeemedAt !== undefined) return revokeReplayed(services, grant, now)

  const session = openGrantSession(services.sealer, grant.session)
  const redeemable = checkRedemption({
    grant,
    session,
    client,
    form,
    now,
    settings: services.settings,
  })
  if (!redeemable.ok) return redeemable

  const getsRefreshToken =
    grantsOfflineAccess(grant.grantedScope) && allowsGrantType(client, 'refresh_token')
  const chain = getsRefreshToken
    ? { id: asChainId(services.random.hex(16)), generation: 0 }
    : undefined
  const ends = tokenEnds(services, { client, kind: 'authorization_code', now })
  return ok(
    approveUser(services, {
      client,
      grant,
      session,
      kind: 'authorization_code',
      chain,
      now,
      code: session.isHybrid ? code : undefined,
      ends,
      // What the person consented to stays; a hook adds to it.
      hookClaims: 'add',
      async commit() {
        const redeemed = await services.storage.grants.redeemCode(
          grant.id,
          now,
          chain === undefined ? undefined : newChain(grant, chain.id, ends),
        )
        return redeemed ? ok(undefined) : revokeReplayed(services, grant, now)
      },
    }),
  )
}

/** RFC 6749 §4.1.2: a code used twice was stolen, so the tokens issued for it die with it. */
async function revokeReplayed(services: Services, grant: Grant, now: Instant) {
  await services.storage.grants.revokeTokens(grant.id, now)
  services.log.warn(
    { grant_id: grant.id, client_id: grant.clientId },
    'an authorization code was used twice; its tokens are revoked',
  )
  return err(oauthError('invalid_grant', 'The authorization code has already been used.'))
}

interface Redemption {
  readonly grant: Grant
  readonly session: GrantSession
  readonly client: Client
  readonly form: Parameters
  readonly now: Instant
  readonly settings: Settings
}

/** Judges a redemption. The code survives every refusal. */
function checkRedemption({
  grant,
  session,
  client,
  form,
  now,
  settings,
}: Redemption): Result<void, OAuthError> {
  if (grant.clientId !== client.client_id) {
    return err(oauthError('invalid_grant', 'The authorization code was issued to another client.'))
  }
  if (grant.tokensRevokedAt !== undefined) {
    return err(oauthError('invalid_grant', 'The authorization was revoked.'))
  }
  if (grant.codeExpiresAt === undefined || grant.codeExpiresAt <= now) {
    return err(oauthError('invalid_grant', 'The authorization code has expired.'))
  }
  if (session.redirectUri !== undefined && form.get('redirect_uri') !== session.redirectUri) {
    return err(
      oauthError(
        'invalid_grant',
        'The redirect_uri differs from the one of the authorization request.',
      ),
    )
  }
  const { pkceEnforced, pkceEnforcedForPublicClients } = settings.oauth2
  if (
    session.codeChallenge === undefined &&
    (pkceEnforced || (pkceEnforcedForPublicClients && isPublic(client)))
  ) {
    return err(
      oauthError(
        'invalid_request',
        'PKCE is enforced, but the authorization request carried no code_challenge.',
      ),
    )
  }
  return checkCodeVerifier(
    session.codeChallenge,
    form.get('code_verifier'),
    (challenge, verifier) =>
      isSameSecret(challenge, createHash('sha256').update(verifier).digest('base64url')),
  )
}
