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
  'introspection_client',
  'introspection_user',
  'refresh',
  'code_flow',
  'discovery',
] as const

export type CaseName = (typeof caseNames)[number]

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
  /** `grant_type=client_credentials` for the opaque or the JWT client. */
  clientCredentials(format: 'opaque' | 'jwt'): Step
  /** Introspection of an access token, the way this server's resource servers ask. */
  introspect(token: string): Step
  /** `grant_type=refresh_token`. */
  refresh(token: string): Step
  /** The complete code flow of a new browser: authorize, login, consent, code, token. */
  codeFlow(): Operation<Tokens>
  /** `/.well-known/openid-configuration`. */
  discovery(): Step
}

/** A case: what is set up once per connection, and the operation that is repeated. */
export interface Case {
  readonly name: CaseName
  /** One sentence for the report: what one operation is. */
  readonly operation: string
  /** Requests in one operation, for orientation in the report. */
  readonly requests: number
  /**
   * Prepares one connection's script, with requests of its own over that connection.
   *
   * @returns the script; throws when an answer of the set-up is not the expected one.
   */
  prepare(dialect: Dialect): Operation<Script>
}
