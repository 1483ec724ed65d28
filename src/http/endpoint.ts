/** An endpoint declares itself once; the router, the OpenAPI document and the contract tests read the same object. */

import type { z } from 'zod'
import type { AddressLimit, Services } from '../context.ts'
import type { RateAllowance } from '../protocol/rate-limit.ts'

/** HTTP methods that endpoints answer; `HEAD` and `OPTIONS` follow from them. */
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** Groups of the API document; official SDKs derive their class names from them. */
export type Tag = 'oAuth2' | 'oidc' | 'jwk' | 'wellknown' | 'metadata'

/** One request on its way through an endpoint. */
export interface EndpointRequest {
  readonly request: Request
  /** Parsed once per request. Its origin is what the peer sent in `Host`; never build links from it. */
  readonly url: URL
  /** Percent-decoded path parameters. */
  readonly params: Readonly<Record<string, string>>
  /** Address of the client: the socket's other end, or as trusted proxies report it; `undefined` in embedded use. */
  readonly peerAddress: string | undefined
  readonly requestId: string
  readonly services: Services
  /** Has the response say what is left of an allowance (`RateLimit`, draft-ietf-httpapi-ratelimit-headers). */
  note(allowance: RateAllowance): void
}

/** One response as the API document describes it. */
export interface ResponseDeclaration {
  readonly description: string
  readonly schema?: z.ZodType
  readonly contentType?: string
}

/** The request body as the API document describes it. */
export interface RequestBodyDeclaration {
  readonly contentType:
    | 'application/json'
    | 'application/json-patch+json'
    | 'application/x-www-form-urlencoded'
  readonly schema: z.ZodType
  readonly required: boolean
}

/** One operation: the router and the API document read the same object. */
export interface Endpoint {
  readonly method: Method
  /** With `{name}` segments, and with the `/admin` prefix on the admin API. */
  readonly path: string
  /** Absent for browser pages that are not part of the API document. */
  readonly operationId?: string
  readonly tag?: Tag
  readonly summary: string
  readonly query?: z.ZodObject
  readonly body?: RequestBodyDeclaration
  readonly responses: Readonly<Record<number, ResponseDeclaration>>
  /** Public endpoints that browsers call across origins: layer-2 CORS (per client) applies and OPTIONS is routed. */
  readonly crossOrigin?: boolean
  /** The limit by address that a request must pass before `handle` sees it. */
  readonly rateLimit?: AddressLimit
  handle(input: EndpointRequest): Promise<Response>
}
