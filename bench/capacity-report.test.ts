import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { needOf, renderCapacity, type Capacity, type Cost } from './capacity-report.ts'

const cost = (changes: Partial<Cost>): Cost => ({
  serverMs: 1,
  databaseMs: 0,
  transactions: 1,
  walBytes: 0,
  walSyncs: 0,
  answerBytes: 0,
  ...changes,
})

const measured: Capacity = {
  measuredAt: '2026-01-01T00:00:00.000Z',
  machine: 'a machine',
  seconds: 1,
  costs: {
    client_credentials: cost({}),
    client_credentials_es256: cost({}),
    introspection_client: cost({}),
    introspection_user: cost({ serverMs: 0.2, databaseMs: 0.1 }),
    userinfo: cost({}),
    refresh: cost({ serverMs: 0.5, walBytes: 808 }),
    code_flow: cost({ serverMs: 3 }),
  },
  loaded: {
    grants: 1000,
    tables: [
      { name: 'grants', rows: 1000, bytes: 2_000_000 },
      { name: 'chains', rows: 500, bytes: 250_000 },
    ],
    codeFlow: cost({ walBytes: 10_000 }),
  },
}

it('computes what users need from what operations cost', () => {
  // A third of 25,920,000 users, five times the average: 500 logins a second.
  const need = needOf(25_920_000, measured)
  expect(need.logins).toBeCloseTo(500)
  expect(need.refreshes).toBeCloseTo(4000)
  expect(need.introspections).toBeCloseTo(20_000)
  expect(need.clientTokens).toBeCloseTo(2000)
  expect(need.serverCores).toBeCloseTo((500 * 3 + 4000 * 0.5 + 20_000 * 0.2 + 2000) / 600)
  expect(need.databaseCores).toBeCloseTo((20_000 * 0.1) / 600)
  expect(need.commits).toBeCloseTo(5500)
  expect(need.walBytesPerSecond).toBeCloseTo(500 * 10_000 + 4000 * 9000)
  expect(need.diskBytes).toBeCloseTo(25_920_000 * 2 * 2500)
})

it('is what docs/scaling.md says', async () => {
  const [page, json] = await Promise.all([
    readFile(new URL('../docs/scaling.md', import.meta.url), 'utf8'),
    readFile(new URL('results/capacity.json', import.meta.url), 'utf8'),
  ])
  expect(page).toContain(renderCapacity(JSON.parse(json) as Capacity))
})
