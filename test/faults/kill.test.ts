import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { TestClient } from '../support/browser-flow.ts'
import { describeEachEngine, type Engine } from '../support/engines.ts'
import { audit, Ledger, load, loadClient, report } from '../support/fault-load.ts'
import { faultServer, type FaultServer } from '../support/fault-server.ts'
import { testScale } from '../support/scale.ts'

describeEachEngine('kill -9 under load', (engine: Engine) => {
  let server: FaultServer
  let client: TestClient

  beforeAll(async () => {
    server = await faultServer(engine.dsn)
    await server.start()
    client = await loadClient(server)
  })
  afterAll(() => server.close())

  it(
    'loses no acknowledged write and breaks no single-use rule',
    async () => {
      const ledger = new Ledger()
      for (let round = 0; round < 3 * testScale; round += 1) {
        const before = ledger.acknowledged
        const stopping = new AbortController()
        const { signal } = stopping
        const working = load({ server, client, ledger, signal, workers: 16 })
        for (let waits = 0; waits < 200 && ledger.acknowledged < before + 120; waits += 1)
          await delay(50)
        await delay(Math.random() * 100)
        await server.end('SIGKILL')
        stopping.abort()
        await working
        await server.start()
        expect(ledger.acknowledged - before).toBeGreaterThanOrEqual(120)
        await audit(server, client, ledger)
      }
      report(`kill -9, ${engine.name}`, ledger)
      expect(ledger.broken).toEqual([])
      expect(ledger.unanswered).toBeGreaterThan(0)
    },
    120_000 * testScale,
  )
})
