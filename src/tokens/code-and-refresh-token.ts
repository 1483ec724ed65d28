/** Authorization codes and refresh tokens: sealed references to a grant and its chain. */

import {
  asChainId,
  asGrantId,
  epochSeconds,
  instant,
  type ChainId,
  type GrantId,
  type Instant,
} from '../brand.ts'
import type { Services } from '../context.ts'

type SealServices = Pick<Services, 'sealer'>

/** What an authorization code carries (RFC 6749 §1.3.1). */
export interface AuthorizationCode {
  readonly grantId: GrantId
  readonly expiresAt: Instant
}

/** Makes the `code` of an authorization response (RFC 6749 §4.1.2). */
export function mintAuthorizationCode({ sealer }: SealServices, code: AuthorizationCode): string {
  return sealer.seal('authorization_code', JSON.stringify([code.grantId, code.expiresAt]))
}

/** Opens a code; `undefined` when this server did not make it. Its time is not judged. */
export function openAuthorizationCode(
  { sealer }: SealServices,
  value: string,
): AuthorizationCode | undefined {
  const text = sealer.open('authorization_code', value)
  if (text === undefined) return undefined
  const [grantId, expiresAt] = JSON.parse(text) as [string, number]
  return { grantId: asGrantId(grantId), expiresAt: instant(expiresAt) }
}

/** What a refresh token carries (RFC 6749 §1.5). */
export interface RefreshToken {
  readonly grantId: GrantId
  readonly chainId: ChainId
  readonly generation: number
  /** Whole seconds. */
  readonly issuedAt: Instant
  /** `undefined`: never. */
  readonly expiresAt: Instant | undefined
}

/** What is sealed; times in seconds, and no end is 0. */
type RefreshTokenPayload = readonly [
  grant: string,
  chain: string,
  generation: number,
  iat: number,
  exp: number,
]

/** Makes a refresh token (RFC 6749 §1.5). */
export function mintRefreshToken({ sealer }: SealServices, token: RefreshToken): string {
  const { grantId, chainId, generation, issuedAt, expiresAt } = token
  const payload: RefreshTokenPayload = [
    grantId,
    chainId,
    generation,
    epochSeconds(issuedAt),
    expiresAt === undefined ? 0 : epochSeconds(expiresAt),
  ]
  return sealer.seal('refresh_token', JSON.stringify(payload))
}

/** Opens a refresh token; `undefined` when this server did not make it. Its time is not judged. */
export function openRefreshToken(
  { sealer }: SealServices,
  value: string,
): RefreshToken | undefined {
  const text = sealer.open('refresh_token', value)
  if (text === undefined) return undefined
  const [grant, chain, generation, iat, exp] = JSON.parse(text) as RefreshTokenPayload
  return {
    grantId: asGrantId(grant),
    chainId: asChainId(chain),
    generation,
    issuedAt: instant(iat * 1000),
    expiresAt: exp === 0 ? undefined : instant(exp * 1000),
  }
}
