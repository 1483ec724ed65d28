/** The server as a value: two web-standard fetch handlers over one set of services. */

import type { Clock, Log, Outgoing, ProcessState, Random, Services } from './context.ts'
import { adminEndpoints } from './http/admin/endpoints.ts'
import { compileCors, isForScripts, type ClientOfToken } from './http/cors.ts'
import type { Endpoint } from './http/endpoint.ts'
import { createHandler, type FetchHandler, type HandlerOptions } from './http/handler.ts'
import type { RequestObserver } from './http/observe.ts'
import { openApiEndpoint } from './http/openapi.ts'
import { publicEndpoints } from './http/public/endpoints.ts'
import { Router, type RouteTable } from './http/router.ts'
import { firebrandVersion } from './http/version.ts'
import type { KeyRing } from './keys/key-ring.ts'
import { createKeyRing } from './keys/stored-key-ring.ts'
import { startJanitor, type JanitorOptions } from './node/janitor.ts'
import { createMetrics, type MetricsSources, type ProcessMetrics } from './node/metrics.ts'
import { createOutgoing } from './node/outgoing.ts'
import { createRateLimits } from './node/rate-limits.ts'
import { systemClock, systemRandom } from './node/random.ts'
import { startRounds, type Rounds } from './node/rounds.ts'
import { deliverLogoutTokens } from './sessions/back-channel-logout.ts'
import type { Settings } from './settings.ts'
import type { Storage } from './storage/storage.ts'
import { createSealer } from './tokens/aead-sealer.ts'
import { clientOfAccessToken } from './tokens/inspect.ts'
import type { Sealer } from './tokens/sealer.ts'
import { uiEndpoints } from './ui/endpoints.ts'
import { notFoundPage } from './ui/not-found.ts'
import type { Surroundings } from './ui/self.ts'

/** What an embedding program gives; only the settings and the storage are needed. */
export interface FirebrandOptions {
  readonly settings: Settings
  readonly storage: Storage
  /** Requests to URLs that clients name; made of `settings.clientsHttp` if not given. */
  readonly outgoing?: Outgoing
  /** Made of `settings.secrets` if not given. */
  readonly sealer?: Sealer
  /** The keys in the storage if not given. */
  readonly keys?: KeyRing
  /** Wall clock; the system's if not given. */
  readonly clock?: Clock
  /** Cryptographically secure generator; node:crypto's if not given. */
  readonly random?: Random
  /** Where log lines go; nowhere if not given. */
  readonly log?: Log
  /** What the other processes of this server have counted, for the metrics of all. */
  readonly metricsPeers?: MetricsSources['peers']
  /** Told about every finished request, for access logs. */
  readonly observers?: readonly RequestObserver[]
  /** Names the client of a bearer token, for the origins that clients may register; our own access tokens if not given. */
  readonly clientOfToken?: ClientOfToken
  /** Further endpoints of the public API, of the embedding program. */
  readonly endpoints?: readonly Endpoint[]
  /** What the start page of development mode says about its surroundings. */
  readonly surroundings?: Surroundings
}

/** A running server without sockets. */
export interface Firebrand {
  /** The public API. */
  readonly public: FetchHandler
  /** The admin API, with and without the `/admin` prefix. Keep it off the internet, or configure `admin.tokens`. */
  readonly admin: FetchHandler
  /** Both APIs on one origin; the admin API below `/admin` only. */
  readonly oneOrigin: FetchHandler
  readonly services: Services
  /** What this process counts. */
  readonly metrics: ProcessMetrics
  /** Begins to remove expired rows and to send queued logout tokens in the background; a second call does nothing. */
  startJanitor(options?: Partial<JanitorOptions>): void
  /** Turns readiness red, ahead of {@link Firebrand.close}. */
  drain(): void
  /** Stops background work and closes the storage. */
  close(): Promise<void>
}

/** Composes a server. Throws when there is no system secret, or when the endpoint tables contradict each other. */
export function createFirebrand(options: FirebrandOptions): Firebrand {
  const clock = options.clock ?? systemClock
  const rateLimits = createRateLimits(options.settings.limits, clock)
  const metrics = createMetrics({
    refusals: () => rateLimits.refusals(),
    peers: options.metricsPeers,
  })
  let draining = false
  let background: readonly Rounds[] | undefined
  const services = composeServices(
    options,
    { clock, rateLimits },
    {
      isDraining: () => draining,
      metrics: () => metrics.text(),
    },
  )
  const { settings, storage } = services
  const publicCors = compileCors(settings.cors.public)
  const corsOf = (path: string) => (isForScripts(path) ? publicCors : undefined)
  const adminCors = compileCors(settings.cors.admin)
  const surroundings = options.surroundings ?? {
    adminUrl: settings.publicUrl,
    database: { engine: 'Embedded', detail: '' },
  }
  const pages = uiEndpoints(settings, {
    ...surroundings,
    version: firebrandVersion,
    fetchPublic: (request) => firebrand.public(request),
    fetchAdmin: (request) => firebrand.admin(request),
  })
  const ofPublic = [...publicEndpoints, ...pages, ...(options.endpoints ?? [])]
  const documented = [...ofPublic, ...adminEndpoints]
  const endpoints = [...ofPublic, openApiEndpoint('', documented)]
  const forAdmins = [...adminEndpoints, openApiEndpoint('/admin', documented)]
  const base = {
    services,
    observers: [metrics.observe, ...(options.observers ?? [])],
    clientOfToken: options.clientOfToken ?? clientOfAccessToken,
  }
  const handler = (table: RouteTable, cors: HandlerOptions['cors'], more?: WithPages) =>
    createHandler({ ...base, ...more, router: new Router(table), cors })
  const withPages: WithPages = { notFoundPage: notFoundPage(settings) }
  const firebrand: Firebrand = {
    public: handler(publicTable(endpoints), corsOf, withPages),
    admin: handler(adminTable(forAdmins), () => adminCors),
    oneOrigin: handler(
      oneOriginTable([...endpoints, ...forAdmins]),
      (path) => (path.startsWith('/admin') ? adminCors : corsOf(path)),
      withPages,
    ),
    services,
    metrics,
    startJanitor(janitorOptions) {
      background ??= [
        startJanitor(services, { ...janitorDefaults, ...janitorOptions }),
        startRounds(deliveryPauseMilliseconds, () => deliverLogoutTokens(services)),
      ]
    },
    drain() {
      draining = true
    },
    async close() {
      draining = true
      await Promise.all((background ?? []).map((each) => each.stop()))
      await storage.close()
    },
  }
  return firebrand
}

/** Of listeners that serve the pages. */
type WithPages = Pick<HandlerOptions, 'notFoundPage'>

function composeServices(
  options: FirebrandOptions,
  { clock, rateLimits }: Pick<Services, 'clock' | 'rateLimits'>,
  process: ProcessState,
): Services {
  const { settings, storage, log = silentLog } = options
  const outgoing = options.outgoing ?? createOutgoing({ rules: settings.clientsHttp })
  const random = options.random ?? systemRandom
  const sealer = options.sealer ?? createSealer({ ...settings.secrets, random })
  const keys =
    options.keys ?? createKeyRing({ keys: storage.keys, sealer, clock, random, settings })
  return { settings, storage, sealer, keys, outgoing, rateLimits, clock, random, log, process }
}

/** How long a logout token whose delivery failed may be overdue at most. */
const deliveryPauseMilliseconds = 5000

const janitorDefaults: JanitorOptions = { intervalMilliseconds: 60_000, batch: 500 }

function publicTable(endpoints: readonly Endpoint[]): RouteTable {
  return {
    endpoints,
    aliases: () => [],
    restricted: () => false,
    toleratesSlashes: () => true,
  }
}

function adminTable(endpoints: readonly Endpoint[]): RouteTable {
  return {
    endpoints,
    aliases: ({ path }) => [path.slice('/admin'.length)],
    restricted: isRestricted,
    toleratesSlashes: () => true,
  }
}

/** `/version` is the one path of the admin API that the official API document puts outside of `/admin`. */
function oneOriginTable(endpoints: readonly Endpoint[]): RouteTable {
  return {
    endpoints,
    aliases: ({ path }) => (path === '/admin/version' ? ['/version'] : []),
    restricted: isRestricted,
    toleratesSlashes: ({ path }) => !path.startsWith('/admin/'),
  }
}

/** Health checks must work for orchestrators that hold no token. */
function isRestricted({ path }: Endpoint): boolean {
  return path.startsWith('/admin/') && !path.startsWith('/admin/health/')
}

const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} }

export { defaultProject } from './brand.ts'
export { loadConfig } from './config/load.ts'
export { openStorage } from './storage/sql/open.ts'
