/** One listener: a fetch handler that routes, guards, runs and finishes every request. */

import { TooBusy } from '../clients/hash-turnstile.ts'
import type { Services } from '../context.ts'
import { apiError } from '../protocol/api-error.ts'
import { oauthError } from '../protocol/oauth-error.ts'
import { findRepeated } from '../protocol/parameters.ts'
import { allowanceHeaders, type RateAllowance } from '../protocol/rate-limit.ts'
import { StorageUnavailable } from '../storage/storage.ts'
import { checkAdminAccess } from './admin-access.ts'
import {
  answerPreflight,
  clientAllowsOrigin,
  isPreflight,
  permission,
  type ClientOfToken,
  type Cors,
} from './cors.ts'
import type { EndpointRequest } from './endpoint.ts'
import { oauthErrorResponse } from './errors.ts'
import { notFound, type NotFoundPage } from './not-found.ts'
import type { RequestObserver } from './observe.ts'
import { sizeOf } from './respond.ts'
import { tooManyRequestsResponse } from './too-many-requests.ts'
import { pathOf, type Route, type RouteMatch, type Router } from './router.ts'
import { plainResponse } from './plain-response.ts'

/** Who sent a request, as far as the server around the handler knows. */
export interface Peer {
  /** Address of the client: the socket's other end, or as trusted proxies report it. */
  readonly address: string | undefined
  /**
   * Sets a header of the response that is to come, unless the response has one of that name. Without it the handler
   * writes into the response itself, which costs a copy.
   */
  setHeader?(name: string, value: string): void
}

/** A server in the terms of the Fetch Standard. It never rejects. */
export type FetchHandler = (request: Request, peer?: Peer) => Promise<Response>

/** What one listener consists of. */
export interface HandlerOptions {
  readonly services: Services
  readonly router: Router
  /** Rules by path: one listener may serve both APIs. */
  readonly cors: (path: string) => Cors | undefined
  readonly observers: readonly RequestObserver[]
  readonly clientOfToken: ClientOfToken | undefined
  /** What people see at a path without a route; a bare page if not given. */
  readonly notFoundPage?: NotFoundPage | undefined
}

const noStore = 'private, no-cache, no-store, must-revalidate'

/** Makes the handler of one listener. */
export function createHandler(options: HandlerOptions): FetchHandler {
  const { services, observers } = options
  const observed = observers.length > 0
  return async function handle(request, peer) {
    const startedAt = observed ? performance.now() : 0
    const requestId = acceptedId(request.headers.get('x-request-id')) ?? services.random.uuid()
    const path = pathOf(request.url)
    const match = options.router.match(request.method, path)
    const headers: Record<string, string> = { 'x-request-id': requestId }
    let response: Response
    try {
      response = await respond({ request, peer, requestId, path, match, headers }, options)
    } catch (error) {
      response = failure(error, request, requestId, services)
    }
    response = finish(response, request, headers, peer)
    if (observed) {
      const exchange = {
        request,
        path,
        route: match.kind === 'found' ? match.route.label : '/',
        status: response.status,
        responseBytes: sizeOf(response),
        milliseconds: performance.now() - startedAt,
        peerAddress: peer?.address,
        requestId,
      }
      for (const observe of observers) observe(exchange)
    }
    return response
  }
}

interface Exchange {
  readonly request: Request
  readonly peer: Peer | undefined
  readonly requestId: string
  readonly path: string
  readonly match: RouteMatch
  /** Headers that the response gets unless it has them. */
  readonly headers: Record<string, string>
}

async function respond(exchange: Exchange, options: HandlerOptions): Promise<Response> {
  const { request, match, headers, path } = exchange
  if (request.url.charCodeAt(4) === letterS) {
    headers['strict-transport-security'] = 'max-age=31536000; includeSubDomains'
  }
  const cors = options.cors(path)
  if (cors !== undefined) {
    if (isPreflight(request)) return answerPreflight(request, cors)
    headers['vary'] = 'Origin'
    Object.assign(headers, await corsHeaders(exchange, cors, options))
  }
  if (match.kind === 'unknown') return notFound(request, options.notFoundPage)
  if (match.kind === 'wrong_method') {
    return request.method === 'OPTIONS' && match.crossOrigin
      ? plainResponse(200, null, {})
      : notFound(request, options.notFoundPage, match.allow)
  }
  const { services } = options
  const refusal = refusalOf(exchange, match.route, services)
  if (refusal !== undefined) return refusal
  const { endpoint } = match.route
  if (endpoint.method === 'GET') headers['cache-control'] = noStore
  const routed = new RoutedRequest(exchange, match.params, services)
  const repeated =
    endpoint.query === undefined ? undefined : findRepeated(routed.url.searchParams, pageParameters)
  return repeated === undefined ? endpoint.handle(routed) : oauthErrorResponse(repeated)
}

/** Of these, repeated, the reference takes the first one that is not empty. */
const pageParameters = new Set(['page_size', 'page_token'])

const letterS = 0x73

/** What keeps a request from its endpoint: no access to the admin API, or a rate limit. */
function refusalOf(
  { request, peer, requestId, headers }: Exchange,
  { restricted, endpoint }: Route,
  { settings, rateLimits }: Services,
): Response | undefined {
  if (restricted) {
    const refusal = checkAdminAccess(request, settings.admin, requestId)
    if (refusal !== undefined) return refusal
  }
  if (endpoint.rateLimit === undefined) return undefined
  const refusal = rateLimits.takeOfAddress(endpoint.rateLimit, peer?.address, (allowance) =>
    noteIn(headers, allowance),
  )
  return refusal === undefined ? undefined : tooManyRequestsResponse(request, refusal)
}

function noteIn(headers: Exchange['headers'], allowance: RateAllowance): void {
  Object.assign(headers, allowanceHeaders(allowance))
}

async function corsHeaders(
  { request, match }: Exchange,
  cors: Cors,
  { services, clientOfToken }: HandlerOptions,
): Promise<Readonly<Record<string, string>>> {
  const origin = request.headers.get('origin')
  if (origin === null) return {}
  if (await cors.allows(origin)) return permission(origin, cors.settings)
  if (match.kind !== 'found' || match.route.endpoint.crossOrigin !== true) return {}
  const allowed = await clientAllowsOrigin(request, origin, services, clientOfToken)
  return allowed ? permission(origin, cors.settings) : {}
}

/** A request at its endpoint; the URL is parsed only for those who ask. */
class RoutedRequest implements EndpointRequest {
  readonly request: Request
  readonly params: Readonly<Record<string, string>>
  readonly peerAddress: string | undefined
  readonly requestId: string
  readonly services: Services
  readonly #headers: Exchange['headers']
  #url: URL | undefined

  constructor(exchange: Exchange, params: Readonly<Record<string, string>>, services: Services) {
    this.request = exchange.request
    this.params = params
    this.peerAddress = exchange.peer?.address
    this.requestId = exchange.requestId
    this.services = services
    this.#headers = exchange.headers
  }

  note(allowance: RateAllowance): void {
    noteIn(this.#headers, allowance)
  }

  get url(): URL {
    return (this.#url ??= new URL(this.request.url))
  }
}

/** Adds the headers that the response lacks; a `HEAD` request gets no body. */
function finish(
  response: Response,
  request: Request,
  headers: Readonly<Record<string, string>>,
  peer: Peer | undefined,
): Response {
  if (peer?.setHeader !== undefined) {
    for (const name in headers) peer.setHeader(name, headers[name] ?? '')
    return response
  }
  for (const [name, value] of Object.entries(headers)) {
    if (name === 'vary') response.headers.append(name, value)
    else if (!response.headers.has(name)) response.headers.set(name, value)
  }
  return request.method === 'HEAD' && response.body !== null
    ? plainResponse(response.status, null, response.headers)
    : response
}

/** The sender's id if it is short and plain, so that logs stay readable and free of injected text. */
function acceptedId(id: string | null): string | undefined {
  return id !== null && id.length <= 128 && /^[\w.:/+=-]+$/u.test(id) ? id : undefined
}

function failure(error: unknown, request: Request, requestId: string, { log }: Services): Response {
  if (request.signal.aborted) {
    log.debug({ request_id: requestId }, 'The client went away.')
    return plainResponse(499, null, {})
  }
  if (error instanceof TooBusy) {
    log.warn(
      { request_id: requestId },
      'Too many slow hashes are waiting; a request was sent away.',
    )
    return oauthErrorResponse(oauthError('temporarily_unavailable'), undefined, {
      'retry-after': '1',
    })
  }
  if (error instanceof StorageUnavailable) {
    log.error({ request_id: requestId, error }, 'The database is not available.')
    return oauthErrorResponse(oauthError('temporarily_unavailable'), undefined, {
      'retry-after': '1',
    })
  }
  log.error({ request_id: requestId, error }, 'An error occurred while handling a request.')
  return oauthErrorResponse(apiError('server_error', 'The error is unrecognizable'))
}
