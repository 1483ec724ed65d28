/**
 * Finds the endpoint of a path. Paths are compared as sent, never decoded, so that `%2fadmin`, `/admin;x/` or a second
 * leading slash cannot reach a route that a proxy in front has closed.
 */

import type { Router as PatternRouter } from 'hono/router'
import { RegExpRouter } from 'hono/router/reg-exp-router'
import { SmartRouter } from 'hono/router/smart-router'
import { TrieRouter } from 'hono/router/trie-router'
import type { Endpoint, Method } from './endpoint.ts'

/** An endpoint as it is routed. */
export interface Route {
  readonly endpoint: Endpoint
  /** Template with every parameter named alike, for metrics: `/admin/clients/{param}`. */
  readonly label: string
  /** Whether the admin API's access control applies. */
  readonly restricted: boolean
  readonly parameterNames: readonly string[]
}

/** All methods of one path. */
type PathRoutes = Map<string, Route>

/** What the router says of a method and a path. */
export type RouteMatch =
  | {
      readonly kind: 'found'
      readonly route: Route
      readonly params: Readonly<Record<string, string>>
    }
  /** The path is known, the method is not. */
  | { readonly kind: 'wrong_method'; readonly allow: string; readonly crossOrigin: boolean }
  | { readonly kind: 'unknown' }

/** How a listener offers endpoints. */
export interface RouteTable {
  readonly endpoints: readonly Endpoint[]
  /** Further paths of an endpoint. */
  aliases(endpoint: Endpoint): readonly string[]
  /** Whether the admin API's access control applies. */
  restricted(endpoint: Endpoint): boolean
  /** Whether a path that starts with several slashes, as SDKs build it, may mean this endpoint. */
  toleratesSlashes(endpoint: Endpoint): boolean
}

const noParams: Readonly<Record<string, string>> = Object.freeze({})

const unknown: RouteMatch = { kind: 'unknown' }

/** Routes of one listener. Building it throws when two endpoints claim one method and path. */
export class Router {
  readonly #fixed = new Map<string, PathRoutes>()
  readonly #patterns: PatternRouter<PathRoutes> = new SmartRouter({
    routers: [new RegExpRouter(), new TrieRouter()],
  })
  readonly #byPattern = new Map<string, PathRoutes>()
  readonly #toleratesSlashes: (endpoint: Endpoint) => boolean

  constructor(table: RouteTable) {
    this.#toleratesSlashes = (endpoint) => table.toleratesSlashes(endpoint)
    for (const endpoint of table.endpoints) {
      const route: Route = {
        endpoint,
        label: endpoint.path.replaceAll(/\{\w+\}/gu, '{param}'),
        restricted: table.restricted(endpoint),
        parameterNames: [...endpoint.path.matchAll(/\{(\w+)\}/gu)].map(([, name = '']) => name),
      }
      for (const path of [endpoint.path, ...table.aliases(endpoint)]) this.#add(path, route)
    }
  }

  /** `path` as sent, without query; one trailing slash is passed over. `HEAD` finds the route of `GET`. */
  match(method: string, path: string): RouteMatch {
    const trimmed = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path
    const match = this.#lookUp(method, trimmed)
    if (match.kind !== 'unknown' || !trimmed.startsWith('//')) return match
    const collapsed = this.#lookUp(method, trimmed.replace(/^\/+/u, '/'))
    return collapsed.kind === 'found' && this.#toleratesSlashes(collapsed.route.endpoint)
      ? collapsed
      : unknown
  }

  #add(path: string, route: Route): void {
    const isFixed = route.parameterNames.length === 0
    const known = isFixed ? this.#fixed : this.#byPattern
    let count = 0
    const pattern = path.replaceAll(/\{\w+\}/gu, () => `:p${count++}`)
    let routes = known.get(pattern)
    if (routes === undefined) {
      routes = new Map()
      known.set(pattern, routes)
      if (!isFixed) this.#patterns.add('ANY', pattern, routes)
    }
    for (const method of methodsOf(route.endpoint.method)) {
      if (routes.has(method)) throw new Error(`Two endpoints claim ${method} ${path}.`)
      routes.set(method, route)
    }
  }

  #lookUp(method: string, path: string): RouteMatch {
    const fixed = this.#fixed.get(path)
    if (fixed !== undefined) {
      const route = fixed.get(method)
      return route === undefined ? wrongMethod(fixed) : { kind: 'found', route, params: noParams }
    }
    const [handlers, stash] = this.#patterns.match('ANY', path)
    const [routes, positions] = handlers[0] ?? []
    if (routes === undefined || positions === undefined) return unknown
    const route = routes.get(method)
    if (route === undefined) return wrongMethod(routes)
    const params: Record<string, string> = {}
    for (const [index, name] of route.parameterNames.entries()) {
      const position = positions[`p${index}`]
      const segment = typeof position === 'number' ? stash?.[position] : position
      const decoded = decodeSegment(segment ?? '')
      if (decoded === undefined) return unknown
      params[name] = decoded
    }
    return { kind: 'found', route, params }
  }
}

function wrongMethod(routes: PathRoutes): RouteMatch {
  const crossOrigin = [...routes.values()].some(({ endpoint }) => endpoint.crossOrigin === true)
  const allow = [...routes.keys(), ...(crossOrigin ? ['OPTIONS'] : [])].join(', ')
  return { kind: 'wrong_method', allow, crossOrigin }
}

function methodsOf(method: Method): readonly string[] {
  return method === 'GET' ? ['GET', 'HEAD'] : [method]
}

function decodeSegment(segment: string): string | undefined {
  if (!segment.includes('%')) return segment
  try {
    return decodeURIComponent(segment)
  } catch (error) {
    if (error instanceof URIError) return undefined
    throw error
  }
}

/** The path of an absolute URL as it was sent: not decoded, without query and fragment. */
export function pathOf(url: string): string {
  const start = url.indexOf('/', url.indexOf('://') + 3)
  if (start < 0) return '/'
  for (let end = start; end < url.length; end += 1) {
    const code = url.charCodeAt(end)
    if (code === questionMark || code === hash) return url.slice(start, end)
  }
  return url.slice(start)
}

const questionMark = 0x3f
const hash = 0x23
