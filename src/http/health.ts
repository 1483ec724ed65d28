/** Liveness, readiness, version and metrics: what orchestrators and monitors ask. */

import { z } from 'zod'
import type { Services } from '../context.ts'
import { StorageUnavailable } from '../storage/storage.ts'
import type { Endpoint } from './endpoint.ts'
import { json, text } from './respond.ts'
import { firebrandVersion } from './version.ts'

const healthStatus = z
  .object({ status: z.string().optional().meta({ description: 'Always "ok".' }) })
  .meta({ id: 'healthStatus' })

const healthNotReadyStatus = z
  .object({
    errors: z
      .record(z.string(), z.string())
      .optional()
      .meta({ description: 'What is wrong, by the name of the check.' }),
  })
  .meta({ id: 'healthNotReadyStatus' })

const version = z
  .object({ version: z.string().optional().meta({ description: 'Version of the server.' }) })
  .meta({ id: 'version' })

/** `GET …/health/alive`: 200 as long as the process answers at all; asks nothing of the database. */
export function aliveEndpoint(prefix: '' | '/admin'): Endpoint {
  return {
    method: 'GET',
    path: `${prefix}/health/alive`,
    operationId: 'isAlive',
    tag: 'metadata',
    summary: 'Check HTTP Server Status',
    responses: { 200: { description: 'The server answers requests.', schema: healthStatus } },
    handle: async () => json(200, { status: 'ok' }),
  }
}

/**
 * `GET …/health/ready`: 200 when requests can be served, 503 with the failed checks otherwise. The public form does not
 * say what is wrong.
 */
export function readyEndpoint(prefix: '' | '/admin'): Endpoint {
  const shown = prefix === '/admin'
  return {
    method: 'GET',
    path: `${prefix}/health/ready`,
    operationId: 'isReady',
    tag: 'metadata',
    summary: 'Check HTTP Server and Database Status',
    responses: {
      200: { description: 'The server is ready to serve requests.', schema: healthStatus },
      503: { description: 'The server is not ready.', schema: healthNotReadyStatus },
    },
    async handle({ services }) {
      const errors = await failedChecks(services)
      if (errors.length === 0) return json(200, { status: 'ok' })
      const texts = errors.map(([check, reason]) => [
        check,
        shown ? reason : 'The check failed. The admin API tells why.',
      ])
      return json(503, { errors: Object.fromEntries(texts) as unknown })
    },
  }
}

async function failedChecks(services: Services): Promise<readonly [string, string][]> {
  if (services.process?.isDraining() === true) return [['process', 'The server is shutting down.']]
  try {
    await services.storage.ping()
    const pending = await services.storage.pendingMigrations()
    return pending.length === 0
      ? []
      : [['migrations', `${pending.length} migrations are pending: ${pending.join(', ')}.`]]
  } catch (error) {
    if (!(error instanceof StorageUnavailable)) throw error
    return [['database', 'The database does not answer.']]
  }
}

/** `GET /admin/version` */
export const versionEndpoint: Endpoint = {
  method: 'GET',
  path: '/admin/version',
  operationId: 'getVersion',
  tag: 'metadata',
  summary: 'Return Running Software Version.',
  responses: { 200: { description: 'The version.', schema: version } },
  handle: async () => json(200, { version: firebrandVersion }),
}

/** `GET /admin/metrics/prometheus` */
export const metricsEndpoint: Endpoint = {
  method: 'GET',
  path: '/admin/metrics/prometheus',
  summary: 'Metrics in the text format of Prometheus.',
  responses: { 200: { description: 'Metrics.', contentType: 'text/plain; version=0.0.4' } },
  async handle({ services }) {
    const metrics = (await services.process?.metrics()) ?? ''
    return text(200, metrics, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' })
  },
}
