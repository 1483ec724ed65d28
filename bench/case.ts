import type { Answer, RawRequest } from './load/wire.ts'

/** The listeners a server may have; a server with one listener has only `public`. */
export type OriginName = 'public' | 'admin'

/** One step of an operation: where the request goes and its bytes. */
export interface Step {
  readonly origin: OriginName
  readonly request: RawRequest
}

/** An operation, from its first request to its last answer. It throws when an answer is not the expected one. */
export type Operation<T = void> = Generator<Step, T, Answer>

/** One connection's endless supply of operations; what an operation learns (a newer refresh token) stays in its closure. */
export type Script = () => Operation

/** The names of the cases, in the order in which they run and are printed. */
export const caseNames = [
  'client_credentials',
  'client_credentials_es256',
  'client_credentials_rs256',
  'introspection_client',
  'introspection_user',
  'introspection_jwt',
  'introspection_revoked',
  'refresh',
  'code_flow',
  'userinfo',
  'discovery',
  'list_clients',
] as const

export type CaseName = (typeof caseNames)[number]

/** Forms of access tokens: opaque, or a JWT signed with this algorithm. */
export type TokenFormat = 'opaque' | 'ES256' | 'RS256'

/** Tokens as a token endpoint answers them. */
export interface Tokens {
  readonly access_token: string
  readonly refresh_token: string
  readonly id_token: string
}

/**
 * How one kind of server is spoken to. The cases are written against this, so that every server gets the same
 * work and the same checks.
 */
export interface Dialect {
  /** `grant_type=client_credentials` for an access token of this format. */
  clientCredentials(format: TokenFormat): Step
  /** Introspection of an access token, the way this server's resource servers ask. */
  introspect(token: string): Step
  /** Revocation of an opaque access token that `clientCredentials` got (RFC 7009). */
  revoke(token: string): Step
  /** `grant_type=refresh_token`. */
  refresh(token: string): Step
  /** The complete code flow of a new browser: authorize, login, consent, code, token. */
  codeFlow(): Operation<Tokens>
  /** The userinfo endpoint, with an access token of the code flow in the `Authorization` header. */
  userinfo(token: string): Step
  /** `/.well-known/openid-configuration`. */
  discovery(): Step
  /** A page of `clientsPerPage` from the middle of the list of all clients; throws where there is none. */
  listClients(): Step
}

/** The size of a page of the list of clients: the one that a request gets without saying. */
export const clientsPerPage = 100

/** Clients in the list that `list_clients` reads from. */
export const clientsInList = 100_000

/** A case: what is set up once per connection, and the operation that is repeated. */
export interface Case {
  readonly name: CaseName
  /** One sentence for the report: what one operation is. */
  readonly operation: string
  /** Requests in one operation, for orientation in the report. */
  readonly requests: number
  /** What Firebrand's database must hold first; such a case has a server of its own, and quick runs leave it out. */
  readonly needs: 'nothing' | 'many clients'
  /**
   * Prepares one connection's script, with requests of its own over that connection.
   *
   * @returns the script; throws when an answer of the set-up is not the expected one.
   */
  prepare(dialect: Dialect): Operation<Script>
}
