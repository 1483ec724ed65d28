/**
 * `grant_type=refresh_token`: a refresh token becomes its successor, once.
 *
 * Strict rotation moves the chain one generation on. Graceful rotation (`rotation_grace_period`) lets a refresh token be
 * used again for a while, each use giving birth to a chain of its own.
 *
 * @see RFC 6749 §6, RFC 9700 §4.14.2
 */

import { after, asChainId, instant, milliseconds, type ChainId, type Instant } from '../brand.ts'
import type { Services } from '../context.ts'
import { findForbiddenAudience } from '../protocol/audience.ts'
import { isUsable } from '../protocol/chain.ts'
import type { Client } from '../protocol/client.ts'
import type { Chain, Grant } from '../protocol/grant.ts'
import { oauthError, printable, type OAuthError } from '../protocol/oauth-error.ts'
import {
  findForbiddenScope,
  grantsOfflineAccess,
  parseScope,
  scopeStrategies,
} from '../protocol/scope.ts'
import { err, ok, type Result } from '../result.ts'
import type { Settings } from '../settings.ts'
import { openGrantSession } from '../tokens/grant-session.ts'
import { openRefreshToken } from '../tokens/code-and-refresh-token.ts'
import type { GrantType } from './grant.ts'
import { approveUser, newChain, tokenEnds, type TokenEnds } from './issue.ts'

const unknownToken = () =>
  err(
    oauthError(
      'invalid_grant',
      'The refresh token does not exist, was revoked, or was not issued by this server.',
    ),
  )

/** Rotates a refresh token (RFC 6749 §6, RFC 9700 §4.14.2). */
export const refreshToken: GrantType = async (services, { form, record, now }) => {
  const { client } = record
  const found = await findPresented(services, form.get('refresh_token') ?? '', now)
  if (!found.ok) return found
  const { grant, chain } = found.value
  if (chain === undefined) return revokeReused(services, grant, now)
  const refreshable = checkRefresh(grant, client, services.settings)
  if (!refreshable.ok) return refreshable

  const isGraceful = services.settings.oauth2.rotationGracePeriod > 0
  const next = isGraceful
    ? { id: asChainId(services.random.hex(16)), generation: 0 }
    : { id: chain.id, generation: chain.generation + 1 }
  const ends = tokenEnds(services, { client, kind: 'refresh_token', now })
  const session = openGrantSession(services.sealer, grant.session)
  const rotation = { grant, chain, next: next.id, ends, now }
  return ok(
    approveUser(services, {
      client,
      grant,
      session,
      kind: 'refresh_token',
      chain: next,
      now,
      ends,
      hookClaims: 'replace',
      async commit() {
        const rotated = isGraceful
          ? await fork(services, rotation)
          : await advance(services, rotation)
        return rotated ? ok(undefined) : revokeReused(services, grant, now)
      },
    }),
  )
}

interface Presented {
  readonly grant: Grant
  /** `undefined` when the refresh token was used before: its chain moved on, or is gone. */
  readonly chain: Chain | undefined
}

/** Loads the grant and the chain that a refresh token names. */
async function findPresented(
  services: Services,
  value: string,
  now: Instant,
): Promise<Result<Presented, OAuthError>> {
  const presented = openRefreshToken(services, value)
  if (presented === undefined) return unknownToken()
  const found = await services.storage.grants.findWithChain(presented.grantId, presented.chainId)
  if (found === undefined || found.grant.tokensRevokedAt !== undefined) return unknownToken()
  if (presented.expiresAt !== undefined && presented.expiresAt <= now) {
    return err(oauthError('invalid_grant', 'The refresh token has expired.'))
  }
  const { grant, chain } = found
  const isCurrent =
    chain !== undefined && isUsable(chain, presented.generation, services.settings.oauth2, now)
  return ok({ grant, chain: isCurrent ? chain : undefined })
}

/** RFC 9700 §4.14.2: a refresh token used again was stolen; attacker and client cannot be told apart, so all tokens die. */
async function revokeReused(services: Services, grant: Grant, now: Instant) {
  await services.storage.grants.revokeTokens(grant.id, now)
  services.log.warn(
    { grant_id: grant.id, client_id: grant.clientId },
    'a refresh token was used again; the tokens of its grant are revoked',
  )
  return err(
    oauthError(
      'invalid_grant',
      'The refresh token has already been used. All tokens of this authorization are revoked.',
    ),
  )
}

/** Judges a refresh by what the client may ask for today. */
function checkRefresh(grant: Grant, client: Client, settings: Settings): Result<void, OAuthError> {
  if (grant.clientId !== client.client_id) {
    return err(oauthError('invalid_grant', 'The refresh token was issued to another client.'))
  }
  if (!grantsOfflineAccess(grant.grantedScope)) {
    return err(
      oauthError(
        'scope_not_granted',
        "The refresh token needs the scope 'offline' or 'offline_access'.",
      ),
    )
  }
  const strategy = scopeStrategies[settings.strategies.scope]
  const scope = findForbiddenScope(strategy, parseScope(client.scope), grant.grantedScope)
  if (scope !== undefined) {
    return err(
      oauthError(
        'invalid_scope',
        `The client may not request the scope '${printable(scope)}' any more.`,
      ),
    )
  }
  const audience = findForbiddenAudience(client.audience, grant.grantedAudience)
  return audience === undefined
    ? ok(undefined)
    : err(
        oauthError(
          'invalid_request',
          `The client may not request the audience '${printable(audience)}' any more.`,
        ),
      )
}

interface Rotation {
  readonly grant: Grant
  readonly chain: Chain
  readonly next: ChainId
  readonly ends: TokenEnds
  readonly now: Instant
}

/** Strict rotation: the chain moves one generation on. */
function advance({ storage }: Services, { chain, ends }: Rotation): Promise<boolean> {
  return storage.grants.rotateChain({
    id: chain.id,
    generation: chain.generation,
    expiresAt: ends.refreshToken,
    purgeAt: ends.chainPurge,
  })
}

/** Graceful rotation: the chain counts a use and gives birth to the next one. */
function fork(services: Services, { grant, chain, next, ends, now }: Rotation): Promise<boolean> {
  const { rotationGracePeriod, rotationGraceReuseCount } = services.settings.oauth2
  return services.storage.grants.forkChain({
    parent: chain.id,
    generation: chain.generation,
    now,
    notUsedBefore: instant(now - rotationGracePeriod),
    maxUses: rotationGraceReuseCount,
    parentPurgeAt: after(now, milliseconds(rotationGracePeriod + 10 * 60_000)),
    child: newChain(grant, next, ends),
  })
}
