import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestClient } from '../support/browser-flow.ts'
import { audit, Ledger, load, loadClient, report } from '../support/fault-load.ts'
import { faultServer, type FaultServer } from '../support/fault-server.ts'
import { testScale } from '../support/scale.ts'
import { startPostgres, type PostgresServer } from '../support/postgres-server.ts'

describe('PostgreSQL stopped and started under load', () => {
  let database: PostgresServer
  let server: FaultServer
  let client: TestClient

  beforeAll(async () => {
    database = await startPostgres({ durable: true })
    server = await faultServer(database.dsn)
    await server.start()
    client = await loadClient(server)
  })
  afterAll(async () => {
    await server?.close()
    await database?.stop()
  })

  /** Time from the database's return to readiness, in milliseconds. */
  async function untilReady(): Promise<number> {
    const start = performance.now()
    for (let attempt = 0; attempt < 200; attempt += 1) {
      const { status } = await server.adminFetch('/health/ready')
      if (status === 200) return performance.now() - start
      await delay(25)
    }
    throw new Error('the server is not ready again')
  }

  for (const how of ['immediate', 'fast', 'smart'] as const) {
    it(
      `answers 503, consumes nothing and recovers by itself (${how} shutdown)`,
      async () => {
        const ledger = new Ledger()
        for (let round = 0; round < 2 * testScale; round += 1) {
          const before = ledger.acknowledged
          const stopping = new AbortController()
          const { signal } = stopping
          const working = load({ server, client, ledger, signal, workers: 16 })
          while (ledger.acknowledged < before + 60) await delay(20)
          const stopped = database.end(how)
          // A smart shutdown waits for the sessions; the server's do not end by themselves.
          if (how !== 'smart') await stopped
          else await Promise.race([stopped, delay(1000)])
          if (how === 'smart') await database.end('fast')
          const ready = await server.adminFetch('/health/ready')
          expect(ready.status).toBe(503)
          expect(await ready.json()).toEqual({
            errors: { database: 'The database does not answer.' },
          })
          const refused = await server.publicFetch('/oauth2/auth?client_id=x&response_type=code')
          expect([303, 302, 503]).toContain(refused.status)
          // Longer than a request waits for the outcome of a commit in the second round.
          await delay(round % 2 === 0 ? 200 : 2500)
          await database.start()
          expect(await untilReady()).toBeLessThan(10_000)
          const back = ledger.acknowledged
          while (ledger.acknowledged < back + 60) await delay(20)
          stopping.abort()
          await working
          await audit(server, client, ledger)
        }
        report(`PostgreSQL, ${how} shutdown`, ledger)
        expect(ledger.broken).toEqual([])
        expect(ledger.unanswered).toBe(0)
        expect(ledger.unavailable).toBeGreaterThan(0)
      },
      120_000 * testScale,
    )
  }
})
