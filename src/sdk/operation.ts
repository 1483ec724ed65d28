/** Shapes that the generated table of operations and the client share. */

/** The members of a form besides those that the API document names: parameters of other grants and extensions. */
export type FormFields = Readonly<Record<string, string | undefined>>

/** A value, or a function that is asked for it before every request. */
export type Provided<T> = T | (() => T | Promise<T>)

/** What a client of the token endpoint authenticates with (RFC 6749 §2.3.1). */
export interface ClientCredentials {
  readonly client_id: string
  readonly client_secret: string
}

/** What one call does differently. */
export interface CallOptions {
  /** Ends the call; the promise is rejected with the signal's reason. */
  readonly signal?: AbortSignal | undefined
  /** Bearer token instead of the client's own: a user's at `getOidcUserInfo`, a registration token at `getOidcDynamicClient`. */
  readonly accessToken?: Provided<string | undefined> | undefined
  /** Credentials instead of the client's own, at the operations that take Basic authentication. */
  readonly credentials?: Provided<ClientCredentials | undefined> | undefined
  /** Header fields to add. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Query parameters that the API document does not name, as authorization requests have them. */
  readonly query?: Readonly<Record<string, string>> | undefined
  /** For one attempt, its answer read to the end. */
  readonly timeoutMilliseconds?: number | undefined
  /** How many times a request is sent again at most. */
  readonly retries?: number | undefined
}

/** How an operation travels. */
export interface Operation {
  readonly method: string
  /** With `{name}` segments. */
  readonly path: string
  readonly listener: 'public' | 'admin'
  readonly credentials: 'none' | 'basic' | 'bearer'
  /** Whether the first argument of the method is its parameters. */
  readonly takesParameters: boolean
  /** Names of the query parameters. */
  readonly query: readonly string[]
  /** Of the request's body, if there is one. */
  readonly contentType?: string
  /** Statuses below 400. */
  readonly answers: readonly number[]
  /** Whether it may be sent again when nobody knows whether it arrived. */
  readonly repeatable: boolean
}

/** The operations by name. */
export type OperationTable<Name extends string> = Readonly<Record<Name, Operation>>

/** An answer with its status and header fields. */
export interface ApiResponse<Data> {
  readonly data: Data
  readonly status: number
  readonly headers: Headers
}
