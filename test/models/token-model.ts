/** What must hold of codes and tokens, as plain data: the model that the real server is compared with after every command. */

/** A client of the model; its secrets are those of the real one. */
export interface ModelClient {
  readonly id: string
  readonly redirectUri: string
  /** The newest secret. */
  secret: string
  /** Secrets that were rotated out and still authenticate, newest first. */
  former: string[]
  /** Secrets that must authenticate nobody. */
  dead: string[]
  /** Access tokens issued before are dead. Milliseconds. */
  validAfter: number
}

/** A token, with what decides whether it lives. */
export interface ModelToken {
  readonly value: string
  readonly kind: 'access' | 'refresh'
  readonly generation: number
  readonly issuedAt: number
  readonly expiresAt: number
}

/** An authorization of a user, with its code and every token that ever came of it. */
export interface ModelGrant {
  readonly client: ModelClient
  readonly subject: string
  readonly scope: readonly string[]
  readonly code: string
  readonly codeExpiresAt: number
  isRedeemed: boolean
  isRevoked: boolean
  /** Generation of the newest refresh token. */
  generation: number
  readonly tokens: ModelToken[]
}

/** An access token that a client got for itself. */
export interface ModelClientToken {
  readonly client: ModelClient
  readonly scope: readonly string[]
  readonly value: string
  readonly issuedAt: number
  readonly expiresAt: number
  isRevoked: boolean
}

/** Everything that was issued so far. */
export interface TokenModel {
  readonly clients: ModelClient[]
  readonly grants: ModelGrant[]
  readonly clientTokens: ModelClientToken[]
}

/** Whether a token of a grant must be active. */
export function isLive(model: TokenModel, grant: ModelGrant, token: ModelToken, now: number) {
  return (
    model.clients.includes(grant.client) &&
    !grant.isRevoked &&
    token.generation === grant.generation &&
    token.expiresAt > now &&
    (token.kind === 'refresh' || token.issuedAt >= grant.client.validAfter)
  )
}

/** Whether a client's own token must be active. */
export function isClientTokenLive(model: TokenModel, token: ModelClientToken, now: number) {
  return (
    model.clients.includes(token.client) &&
    !token.isRevoked &&
    token.expiresAt > now &&
    token.issuedAt >= token.client.validAfter
  )
}
