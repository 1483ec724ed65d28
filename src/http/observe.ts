/** What logs and metrics learn about a finished request. */

/** A request that was answered. */
export interface ObservedExchange {
  readonly request: Request
  /** As sent, without the query. */
  readonly path: string
  /** Template of the route, `/` when none matched. */
  readonly route: string
  readonly status: number
  /** Bytes of the response's body; 0 when unknown. */
  readonly responseBytes: number
  readonly milliseconds: number
  readonly peerAddress: string | undefined
  readonly requestId: string
}

/** Called once per request, after the response was made and before it is sent. Must not throw. */
export type RequestObserver = (exchange: ObservedExchange) => void
