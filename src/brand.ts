declare const brand: unique symbol

/** A primitive that must not be mixed up with another of the same shape. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name }

/** Milliseconds since the Unix epoch. */
export type Instant = Brand<number, 'Instant'>

/** A span of time in milliseconds; may be negative where the wire allows it. */
export type Milliseconds = Brand<number, 'Milliseconds'>

/** Tenant. Every stored row starts with one; a storage is opened for exactly one. */
export type ProjectId = Brand<string, 'ProjectId'>

/** `client_id` of RFC 6749 §2.2: any string up to 255 characters. */
export type ClientId = Brand<string, 'ClientId'>

/** The end user's identifier as the login app gave it (never the pairwise form). */
export type Subject = Brand<string, 'Subject'>

/** 32 hex digits; the `consent_request_id` of the API and the request id of every token of the grant. */
export type GrantId = Brand<string, 'GrantId'>

/** 32 hex digits; one live line of refresh tokens of a grant. */
export type ChainId = Brand<string, 'ChainId'>

/** UUIDv4; the `sid` claim and the content of the session cookie. */
export type SessionId = Brand<string, 'SessionId'>

/** 32 hex digits; one run through login and consent. */
export type FlowId = Brand<string, 'FlowId'>

/** 32 hex digits; names one issued token in `revoked_tokens`. */
export type TokenId = Brand<string, 'TokenId'>

/** Casts a trusted number (clock, database, own payload) of epoch milliseconds. */
export function instant(epochMilliseconds: number): Instant {
  return epochMilliseconds as Instant
}

/** Casts a trusted number of milliseconds. */
export function milliseconds(value: number): Milliseconds {
  return value as Milliseconds
}

/** The instant `span` after `from`. */
export function after(from: Instant, span: Milliseconds): Instant {
  return (from + span) as Instant
}

/** Seconds since the epoch, rounded down, as JWT NumericDate wants it (RFC 7519 §2). */
export function epochSeconds(at: Instant): number {
  return Math.floor(at / 1000)
}

/** The instant cut to whole seconds, the precision at which tokens and flows speak. */
export function wholeSeconds(at: Instant): Instant {
  return (Math.floor(at / 1000) * 1000) as Instant
}

/** Casts a string that came from our own storage, seal or a checked request. */
export const asProjectId = (value: string): ProjectId => value as ProjectId
/** The project that a server serves unless told otherwise. */
export const defaultProject: ProjectId = asProjectId('default')
/** Takes text that was checked, or that our own database holds, for a client id. */
export const asClientId = (value: string): ClientId => value as ClientId
/** Takes text that was checked, or that our own database holds, for a subject. */
export const asSubject = (value: string): Subject => value as Subject
/** Takes text that we minted or stored for the id of a grant. */
export const asGrantId = (value: string): GrantId => value as GrantId
/** Takes text that we minted or stored for the id of a chain. */
export const asChainId = (value: string): ChainId => value as ChainId
/** Takes text that we minted or stored for the id of a login session. */
export const asSessionId = (value: string): SessionId => value as SessionId
/** Takes text that we minted or stored for the id of a flow. */
export const asFlowId = (value: string): FlowId => value as FlowId
/** Takes text that we minted or stored for the id of a token. */
export const asTokenId = (value: string): TokenId => value as TokenId

/** A value that refuses to be printed, logged or serialised by accident. */
export class Secret {
  readonly #value: string
  constructor(value: string) {
    this.#value = value
  }
  reveal(): string {
    return this.#value
  }
  toString(): string {
    return '[redacted]'
  }
  toJSON(): string {
    return '[redacted]'
  }
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[redacted]'
  }
}
