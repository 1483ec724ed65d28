/** The access token of an end user, as userinfo and credentials need it. */

import type { Services } from '../../context.ts'
import { oauthError, type OAuthError } from '../../protocol/oauth-error.ts'
import { err, ok, type Result } from '../../result.ts'
import { inspectAccessToken, inspectRefreshToken, type LiveToken } from '../../tokens/inspect.ts'

/** A live access token that stands for an end user. */
export type UserToken = LiveToken & { readonly user: NonNullable<LiveToken['user']> }

/** Judges an access token that must stand for an end user. @see RFC 6750 §3.1 @throws StorageUnavailable */
export async function userToken(
  services: Services,
  value: string,
): Promise<Result<UserToken, OAuthError>> {
  const token = await inspectAccessToken(services, value)
  if (token.isLive) {
    const { user } = token
    return user === undefined
      ? err(oauthError('insufficient_scope', 'The access token stands for no end user.'))
      : ok({ ...token, user })
  }
  if (token.reason === 'expired')
    return err(oauthError('invalid_token', 'The access token has expired.'))
  if (token.reason === 'unknown' && (await inspectRefreshToken(services, value)).isLive)
    return err(oauthError('invalid_token', 'Only access tokens are allowed here.'))
  return err(
    oauthError('request_unauthorized', 'Send an access token that exists and was not revoked.'),
  )
}
