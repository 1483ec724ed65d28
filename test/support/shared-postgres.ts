/**
 * Vitest's global setup. Lends one PostgreSQL to all test files of a run; it is started by the first who asks, so that
 * runs without a database do not wait for one.
 */

import { once } from 'node:events'
import { createServer } from 'node:http'
import type { TestProject } from 'vitest/node'
import { startPostgres, type PostgresServer } from './postgres-server.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Answers GET with the DSN of the shared server's superuser; 500 and the reason when it does not start. */
    readonly postgresLender: string
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  let shared: Promise<PostgresServer> | undefined
  const lender = createServer((_request, response) => {
    shared ??= startPostgres({ durable: false })
    shared.then(
      ({ dsn }) => response.end(dsn),
      (error: unknown) => response.writeHead(500).end(String(error)),
    )
  })
  lender.listen(0, '127.0.0.1')
  await once(lender, 'listening')
  const address = lender.address()
  if (address === null || typeof address === 'string') throw new Error('listening on a pipe')
  project.provide('postgresLender', `http://127.0.0.1:${address.port}/`)

  return async () => {
    lender.close()
    lender.closeAllConnections()
    await (await shared)?.stop()
  }
}
