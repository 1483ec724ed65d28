/** A complete server inside the test process, on a real database, with a clock that can be moved. */

import { asProjectId, instant, type Instant } from '../../src/brand.ts'
import { configSchema } from '../../src/config/schema.ts'
import { toSettings } from '../../src/config/to-settings.ts'
import { createFirebrand, type Firebrand, type FirebrandOptions } from '../../src/firebrand.ts'
import type { FetchHandler } from '../../src/http/handler.ts'
import { listen, type Listener } from '../../src/node/listen.ts'
import { openStorage } from '../../src/storage/sql/open.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { CookieJar } from './cookie-jar.ts'
import type { Engine } from './engines.ts'
import { withoutHazards } from './sdk-hazards.ts'

/** What a suite wants different from the usual test server. */
export interface ServerOverrides {
  /** Merged, key by key, into the configuration as an operator would write it. */
  readonly config?: Readonly<Record<string, unknown>>
  /** Replaces parts of the composition: random, log, outgoing, … */
  readonly options?: Partial<FirebrandOptions>
}

/** A clock that stands still until it is moved. */
export interface TestClock {
  (): Instant
  advance(milliseconds: number): void
}

export interface TestServer {
  readonly firebrand: Firebrand
  readonly storage: Storage
  readonly clock: TestClock
  /** `http://127.0.0.1`: issuer and public URL. */
  readonly issuer: string
  /** Requests to the public API; redirects are not followed. */
  readonly publicFetch: (path: string, init?: RequestInit) => Promise<Response>
  /** Requests to the admin API, with or without `/admin`. */
  readonly adminFetch: (path: string, init?: RequestInit) => Promise<Response>
  /** A browser on the public API, with cookies of its own. */
  browser(): TestBrowser
  /** Opens real ports on 127.0.0.1; they are closed with the server. */
  listen(): Promise<{ readonly public: Listener; readonly admin: Listener }>
  close(): Promise<void>
}

/** Keeps cookies, follows nothing by itself. */
export interface TestBrowser {
  readonly cookies: CookieJar
  /** `url` may be absolute, as in a `Location` header, or a path. Throws for another origin than the server's. */
  fetch(url: string, init?: RequestInit): Promise<Response>
  /** Follows redirects while they stay at the server; ends with the first response that leads elsewhere or nowhere. */
  follow(url: string, init?: RequestInit): Promise<Response>
}

const origin = 'http://127.0.0.1'

/** Starts a server on the suite's engine, or on any DSN; `memory` is the fastest. Migrates the database first. */
export async function startServer(
  where: Engine | string,
  { config = {}, options = {} }: ServerOverrides = {},
): Promise<TestServer> {
  const dsn = typeof where === 'string' ? where : where.dsn
  const settings = toSettings(configSchema.parse(merge({ ...usualConfig, dsn }, config)))
  const storage = await openStorage({
    dsn,
    projectId: asProjectId('test'),
    log: { info() {}, warn() {} },
    migrate: true,
  })
  const clock = testClock()
  const made = createFirebrand({ settings, storage, clock, outgoing: noOutgoing, ...options })
  const firebrand: Firebrand = {
    ...made,
    public: withoutHazards(made.public),
    admin: withoutHazards(made.admin),
    oneOrigin: withoutHazards(made.oneOrigin),
  }
  const listeners: Listener[] = []
  const publicFetch = fetcher(firebrand.public)
  return {
    firebrand,
    storage,
    clock,
    issuer: settings.issuer,
    publicFetch,
    adminFetch: fetcher(firebrand.admin),
    browser: () => testBrowser(publicFetch),
    async listen() {
      const place = { host: '127.0.0.1', port: 0 }
      const opened = {
        public: await listen(firebrand.public, place),
        admin: await listen(firebrand.admin, place),
      }
      listeners.push(opened.public, opened.admin)
      return opened
    },
    async close() {
      await Promise.all(listeners.map((each) => each.close(0)))
      await firebrand.close()
    },
  }
}

const usualConfig = {
  dev: true,
  urls: { self: { issuer: origin } },
  secrets: { system: ['the system secret of the tests'] },
}

const noOutgoing: NonNullable<FirebrandOptions['outgoing']> = {
  fetch: async () => ({ ok: false, error: 'This test server sends no requests.' }),
  mayConnect: async () => false,
}

/** Starts on a whole second of 2030, so that real certificates and timers never matter. */
function testClock(): TestClock {
  let now = Date.UTC(2030, 0, 1)
  const clock = (): Instant => instant(now)
  return Object.assign(clock, {
    advance(milliseconds: number) {
      now += milliseconds
    },
  })
}

function fetcher(handler: FetchHandler): TestServer['publicFetch'] {
  return (path, init) => handler(new Request(new URL(path, origin), init))
}

function testBrowser(publicFetch: TestServer['publicFetch']): TestBrowser {
  const cookies = new CookieJar()
  async function fetch(url: string, init: RequestInit = {}): Promise<Response> {
    const target = new URL(url, origin)
    if (target.origin !== origin) throw new Error(`${target.origin} is not the test server.`)
    const headers = new Headers(init.headers)
    if (cookies.header !== '') headers.set('cookie', cookies.header)
    const response = await publicFetch(`${target.pathname}${target.search}`, { ...init, headers })
    cookies.take(response)
    return response
  }
  return {
    cookies,
    fetch,
    async follow(url, init) {
      let response = await fetch(url, init)
      for (let hops = 0; hops < 20; hops += 1) {
        const location = response.headers.get('location')
        if (location === null || new URL(location, origin).origin !== origin) return response
        response = await fetch(location)
      }
      throw new Error('The server redirects for ever.')
    },
  }
}

/** Merges objects key by key; anything else of `more` replaces. */
function merge(
  base: Readonly<Record<string, unknown>>,
  more: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...base }
  for (const [key, value] of Object.entries(more)) {
    const before = merged[key]
    merged[key] = isTree(before) && isTree(value) ? merge(before, value) : value
  }
  return merged
}

function isTree(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
