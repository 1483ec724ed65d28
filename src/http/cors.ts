/**
 * Cross-origin requests: which origins may read responses.
 *
 * Layer 1 is the operator's list, for a whole listener. Layer 2 adds, on the endpoints that browsers call, the origins
 * registered with the client that a request names.
 *
 * @see Fetch Standard §3.2
 */

import { asClientId, type ClientId } from '../brand.ts'
import type { Services } from '../context.ts'
import type { CorsSettings } from '../settings.ts'
import { readForm } from './form.ts'
import { plainResponse } from './plain-response.ts'
import { isRegistrableDomain } from './registrable-domain.ts'

/** The rules of one listener, compiled once. */
export interface Cors {
  /** Whether the operator's list allows the origin. */
  allows(origin: string): Promise<boolean>
  readonly settings: CorsSettings
}

/** Names the client of a bearer token; `undefined` when the token is none of ours or not live. */
export type ClientOfToken = (services: Services, token: string) => Promise<ClientId | undefined>

/**
 * Compiles the list of origins: exact ones, `*`, or one wildcard that stands for whole leading labels of a domain that
 * somebody can register (`https://*.example.com`). Other wildcards match nothing, since they would admit strangers.
 */
export function compileCors(settings: CorsSettings): Cors | undefined {
  if (!settings.enabled) return undefined
  const patterns = settings.allowedOrigins.map((each) => each.toLowerCase())
  const exact = new Set(patterns)
  const compile = settings.allowsUnboundedWildcards ? unboundedWildcard : wildcardOf
  const wildcards = patterns.flatMap((each) => compile(each) ?? [])
  return {
    settings,
    async allows(origin) {
      const lower = origin.toLowerCase()
      if (lower === 'null') return false
      if (exact.has('*') || exact.has(lower)) return true
      for (const covers of wildcards) if (await covers(lower)) return true
      return false
    },
  }
}

/** Whether a pattern covers an origin in lower case. */
type Wildcard = (origin: string) => boolean | Promise<boolean>

function wildcardOf(pattern: string): Wildcard | undefined {
  const match = /^([a-z][a-z0-9+.-]*:\/\/)\*(\.[a-z0-9.-]+(?::\d+)?)$/u.exec(pattern)
  const [, prefix, suffix] = match ?? []
  if (prefix === undefined || suffix === undefined) return undefined
  return (origin) =>
    /^[a-z0-9-]+(?:\.[a-z0-9-]+)*$/u.test(between(origin, prefix, suffix) ?? '') && isOwned(suffix)
}

/** Whether what stands behind the asterisk, with its dot in front and a port behind, is a domain that somebody owns. */
function isOwned(suffix: string): Promise<boolean> {
  return isRegistrableDomain(suffix.slice(1).replace(/:\d+$/u, ''))
}

/** `feature_flags.legacy_allow_insecure_origins`: the asterisk stands for anything but nothing. */
function unboundedWildcard(pattern: string): Wildcard | undefined {
  const [prefix = '', suffix, ...more] = pattern.split('*')
  if (suffix === undefined || more.length > 0) return undefined
  return (origin) => between(origin, prefix, suffix) !== undefined
}

/** What stands between; `undefined` when an origin does not begin and end so, or has nothing between. */
function between(origin: string, prefix: string, suffix: string): string | undefined {
  const length = origin.length - prefix.length - suffix.length
  if (length <= 0 || !origin.startsWith(prefix) || !origin.endsWith(suffix)) return undefined
  return origin.slice(prefix.length, prefix.length + length)
}

/**
 * Whether scripts of other origins may have a use for a path: not for what people look at, such as the authorization endpoint
 * and the pages. Whoever could read those could answer them.
 *
 * @see RFC 9700 §2.6
 */
export function isForScripts(path: string): boolean {
  return !/^\/+(?:oauth2\/(?:auth|device\/verify|sessions|fallbacks)|ui)?(?:\/|$)/u.test(path)
}

/** Whether a browser asks for permission, rather than for the resource. */
export function isPreflight(request: Request): boolean {
  return request.method === 'OPTIONS' && request.headers.has('access-control-request-method')
}

/** Answers a preflight: always 204, with permission only if origin, method and headers pass. */
export async function answerPreflight(request: Request, cors: Cors): Promise<Response> {
  const headers: Record<string, string> = {
    vary: 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers',
  }
  const origin = request.headers.get('origin')
  const method = request.headers.get('access-control-request-method') ?? ''
  const wanted = request.headers.get('access-control-request-headers') ?? ''
  const { settings } = cors
  const passes =
    origin !== null &&
    settings.allowedMethods.some((each) => each.toUpperCase() === method.toUpperCase()) &&
    allowsHeaders(settings, wanted) &&
    (await cors.allows(origin))
  if (passes) {
    headers['access-control-allow-origin'] = origin
    headers['access-control-allow-methods'] = method
    if (wanted !== '') headers['access-control-allow-headers'] = wanted
    if (settings.allowCredentials) headers['access-control-allow-credentials'] = 'true'
    if (settings.maxAgeSeconds > 0) {
      headers['access-control-max-age'] = String(settings.maxAgeSeconds)
    }
  }
  return plainResponse(204, null, headers)
}

function allowsHeaders({ allowedHeaders }: CorsSettings, wanted: string): boolean {
  const allowed = new Set(allowedHeaders.map((each) => each.toLowerCase()))
  return wanted
    .split(',')
    .map((each) => each.trim().toLowerCase())
    .every((each) => each === '' || each === 'origin' || allowed.has(each) || allowed.has('*'))
}

/** Headers that let a script at the origin read a response. */
export function permission(
  origin: string,
  settings: CorsSettings,
): Readonly<Record<string, string>> {
  const headers: Record<string, string> = { 'access-control-allow-origin': origin }
  if (settings.allowCredentials) headers['access-control-allow-credentials'] = 'true'
  if (settings.exposedHeaders.length > 0) {
    headers['access-control-expose-headers'] = settings.exposedHeaders.join(', ')
  }
  return headers
}

/**
 * Layer 2: whether the client that the request names has registered the origin. The client is found from the form's
 * `client_id`, else the user of Basic authentication, else the bearer token. The request can still be read afterwards.
 */
export async function clientAllowsOrigin(
  request: Request,
  origin: string,
  services: Services,
  clientOfToken: ClientOfToken | undefined,
): Promise<boolean> {
  if (origin === 'null') return false
  const id = await namedClient(request, services, clientOfToken)
  if (id === undefined) return false
  const record = await services.storage.clients.find(id)
  const settings = services.settings.cors.public
  for (const pattern of record?.client.allowed_cors_origins ?? [])
    if (await clientOriginCovers(settings, pattern, origin)) return true
  return false
}

async function namedClient(
  request: Request,
  services: Services,
  clientOfToken: ClientOfToken | undefined,
): Promise<ClientId | undefined> {
  const fromForm = await formClient(request, services)
  if (fromForm !== undefined) return asClientId(fromForm)
  const [scheme = '', credentials = ''] = (request.headers.get('authorization') ?? '').split(' ')
  if (scheme.toLowerCase() === 'basic') {
    const [user = ''] = Buffer.from(credentials, 'base64').toString('utf8').split(':')
    return asClientId(formDecoded(user))
  }
  return scheme.toLowerCase() === 'bearer' ? clientOfToken?.(services, credentials) : undefined
}

async function formClient(request: Request, services: Services): Promise<string | undefined> {
  if (request.method !== 'POST') return undefined
  const form = await readForm(request.clone(), services.settings.limits)
  const id = form.ok ? (form.value.get('client_id') ?? '') : ''
  return id === '' ? undefined : id
}

function formDecoded(text: string): string {
  return new URLSearchParams(`v=${text.replaceAll('&', '%26')}`).get('v') ?? ''
}

/**
 * In a client's origins `*` stands for one label or a part of one, except in `scheme://*`, where it stands for any host. A domain that
 * anybody could register (`https://*foo.com`) is covered by the legacy flag only.
 */
async function clientOriginCovers(
  { allowsUnboundedWildcards }: CorsSettings,
  pattern: string,
  origin: string,
): Promise<boolean> {
  const at = pattern.indexOf('*')
  if (at < 0) return pattern.toLowerCase() === origin.toLowerCase()
  const prefix = pattern.slice(0, at).toLowerCase()
  const suffix = pattern.slice(at + 1).toLowerCase()
  const lower = origin.toLowerCase()
  const middle = between(lower, prefix, suffix)
  if (middle === undefined) return false
  if (prefix.endsWith('://') && suffix === '') return true
  if (!/^[a-z0-9-]+$/u.test(middle) || prefix.endsWith(':')) return false
  if (allowsUnboundedWildcards) return true
  const dot = suffix.indexOf('.')
  return dot >= 0 && isOwned(suffix.slice(dot))
}
