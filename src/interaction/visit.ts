/** One visit of an endpoint that a browser passes several times in a flow. */

import type { AuthorizationRequest } from '../protocol/authorization-request.ts'
import type { Client } from '../protocol/client.ts'
import type { Cookies } from './cookies.ts'

/** What login and consent look at in a request, whether a client sent it through the browser or a device asked beside it. */
export interface Asked extends Omit<
  AuthorizationRequest,
  'redirectUri' | 'responseMode' | 'state'
> {
  /** `undefined` in a device flow: the answer goes to the device. */
  readonly redirectUri: string | undefined
}

/** A visit whose parameters were checked. */
export interface Visit {
  readonly endpoint: 'authorization' | 'device'
  readonly client: Client
  readonly request: Asked
  /** The parameters as they were sent; none in a device flow. */
  readonly sent: URLSearchParams
  /** The parameters that count: those sent, or those of a request object. */
  readonly params: URLSearchParams
  /** Query of the request without verifiers, a POST body folded in. */
  readonly query: string
  readonly cookies: Cookies
}

/** A visit of the authorization endpoint. */
export interface AuthorizationVisit extends Visit {
  readonly endpoint: 'authorization'
  readonly request: AuthorizationRequest
}
