/** How long tokens live: the client's own setting for the grant, else the server's. */

import type { Milliseconds } from '../brand.ts'
import type { Client, LifespanName } from '../protocol/client.ts'
import type { Settings } from '../settings.ts'

/** How a token came about. */
export type GrantKind =
  | 'authorization_code'
  | 'client_credentials'
  | 'implicit'
  | 'jwt_bearer'
  | 'refresh_token'
  | 'device_authorization'

/** The kinds of tokens that have lifespans of their own for each grant type. */
export type TokenKind = 'access_token' | 'id_token' | 'refresh_token'

type Overrides = Readonly<Record<GrantKind, Readonly<Partial<Record<TokenKind, LifespanName>>>>>

const overrides: Overrides = {
  authorization_code: {
    access_token: 'authorization_code_grant_access_token_lifespan',
    id_token: 'authorization_code_grant_id_token_lifespan',
    refresh_token: 'authorization_code_grant_refresh_token_lifespan',
  },
  client_credentials: { access_token: 'client_credentials_grant_access_token_lifespan' },
  implicit: {
    access_token: 'implicit_grant_access_token_lifespan',
    id_token: 'implicit_grant_id_token_lifespan',
  },
  jwt_bearer: { access_token: 'jwt_bearer_grant_access_token_lifespan' },
  refresh_token: {
    access_token: 'refresh_token_grant_access_token_lifespan',
    id_token: 'refresh_token_grant_id_token_lifespan',
    refresh_token: 'refresh_token_grant_refresh_token_lifespan',
  },
  device_authorization: {
    access_token: 'device_authorization_grant_access_token_lifespan',
    id_token: 'device_authorization_grant_id_token_lifespan',
    refresh_token: 'device_authorization_grant_refresh_token_lifespan',
  },
}

/**
 * Lifespan of a token in milliseconds. A client's zero counts as set; a negative refresh token lifespan means never.
 */
export function lifespanOf(
  settings: Pick<Settings, 'ttl'>,
  client: Pick<Client, 'lifespans'>,
  grant: GrantKind,
  token: TokenKind,
): Milliseconds {
  const name = overrides[grant][token]
  const own = name === undefined ? undefined : client.lifespans[name]
  if (own !== undefined) return own
  switch (token) {
    case 'access_token':
      return settings.ttl.accessToken
    case 'id_token':
      return settings.ttl.idToken
    case 'refresh_token':
      return settings.ttl.refreshToken
  }
}
