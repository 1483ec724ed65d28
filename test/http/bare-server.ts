import { configSchema } from '../../src/config/schema.ts'
import { toSettings } from '../../src/config/to-settings.ts'
import { createFirebrand, type Firebrand, type FirebrandOptions } from '../../src/firebrand.ts'
import type { Endpoint } from '../../src/http/endpoint.ts'
import { readForm } from '../../src/http/form.ts'
import { json, redirect } from '../../src/http/respond.ts'
import type { Storage } from '../../src/storage/storage.ts'

/** What a test of the HTTP core changes. */
export interface BareOptions {
  /** Merged into the configuration file. */
  readonly config?: Readonly<Record<string, unknown>>
  readonly storage?: Partial<Storage>
  readonly options?: Partial<FirebrandOptions>
}

/** A server whose database is a few functions: for rules that end before storage, and for faults of storage. */
export function bareServer({ config, storage, options }: BareOptions = {}): Firebrand {
  const settings = toSettings(
    configSchema.parse({
      dsn: 'memory',
      dev: true,
      secrets: { system: ['a secret of the test suite'] },
      ...config,
    }),
  )
  return createFirebrand({
    settings,
    storage: {
      ping: async () => undefined,
      pendingMigrations: async () => [],
      purgeExpired: async () => 0,
      close: async () => undefined,
      ...storage,
    } as Storage,
    outgoing: { fetch: unused, mayConnect: unused },
    endpoints: probes,
    ...options,
  })
}

function unused(): never {
  throw new Error('This part of the server is not there.')
}

const responses = { 200: { description: 'An answer.' } }

/** Endpoints that show what reaches an endpoint. */
const probes: readonly Endpoint[] = [
  {
    method: 'POST',
    path: '/probe/form',
    summary: 'Echoes a form.',
    responses,
    crossOrigin: true,
    async handle({ request, services }) {
      const form = await readForm(request, services.settings.limits)
      return json(200, { a: form.ok ? form.value.get('a') : form.error.code })
    },
  },
  {
    method: 'GET',
    path: '/probe/{id}',
    summary: 'Echoes a path parameter.',
    responses,
    handle: async ({ params, url, requestId, peerAddress }) =>
      json(200, { id: params['id'], q: url.searchParams.get('q'), requestId, peerAddress }),
  },
  {
    method: 'GET',
    path: '/probe/cached',
    summary: 'Sets headers of its own.',
    responses,
    handle: async () => redirect(302, 'https://elsewhere/', { 'cache-control': 'max-age=60' }),
  },
  {
    method: 'GET',
    path: '/probe/bug',
    summary: 'Throws.',
    responses,
    async handle() {
      throw new Error('a bug with a secret inside')
    },
  },
]
