import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { asChainId, asGrantId, asProjectId, instant } from '../src/brand.ts'
import { startJanitor } from '../src/node/janitor.ts'
import { openStorage } from '../src/storage/sql/open.ts'
import type { Storage } from '../src/storage/storage.ts'
import { bareGrant } from './support/bare-grant.ts'
import { describeEachEngine } from './support/engines.ts'

const log = { debug() {}, info() {}, warn() {}, error() {} }
const start = Date.UTC(2030, 0, 1)

function sum(counts: readonly number[]): number {
  return counts.reduce((total, each) => total + each, 0)
}

describeEachEngine('the janitor', (engine) => {
  let storage: Storage
  beforeAll(async () => {
    storage = await openStorage({
      dsn: engine.dsn,
      projectId: asProjectId('test'),
      log,
      migrate: true,
    })
  })
  afterAll(() => storage.close())

  /** A grant with a chain, both to be removed at an instant. */
  async function makeGrant(purgeAt: number): Promise<ReturnType<typeof asGrantId>> {
    const id = asGrantId(randomBytes(16).toString('hex'))
    const now = instant(start)
    await storage.grants.create({ ...bareGrant(id, now), purgeAt: instant(purgeAt) })
    const chain = {
      id: asChainId(id),
      grantId: id,
      expiresAt: undefined,
      purgeAt: instant(purgeAt),
    }
    expect(await storage.grants.redeemCode(id, now, chain)).toBe(true)
    return id
  }

  it('removes grants that expire at a thousand a second, while others are read, and none before its time', async () => {
    const count = 400
    const expiring = await Promise.all(
      Array.from({ length: count }, (_none, index) => makeGrant(start + index)),
    )
    const living = await makeGrant(start + 3_600_000)
    const begun = performance.now()
    // The clock of the test begins to run now, so that the rows exist before the first of them expires.
    const clock = () => instant(start + Math.floor(performance.now() - begun))
    const early: string[] = []
    const counts: number[] = []
    const watched = {
      async purgeExpired(now: ReturnType<typeof clock>, limit: number) {
        const removed = await storage.purgeExpired(now, limit)
        counts.push(removed)
        return removed
      },
    } as Storage
    const janitor = startJanitor(
      { storage: watched, clock, log },
      { intervalMilliseconds: 10, batch: 200 },
    )
    try {
      for (const [index, id] of expiring.entries()) {
        const found = await storage.grants.find(id)
        if (found === undefined && clock() < start + index) early.push(`${index}`)
      }
      // A grant and its chain each.
      await expect.poll(() => sum(counts), { timeout: 15_000 }).toBe(2 * count)
    } finally {
      await janitor.stop()
    }
    expect(early).toEqual([])
    expect(await storage.purgeExpired(clock(), 10)).toBe(0)
    for (const id of expiring) expect(await storage.grants.find(id)).toBeUndefined()
    expect((await storage.grants.findWithChain(living, asChainId(living)))?.chain).toBeDefined()
    // A statement removes at most a batch of one table.
    expect(Math.max(...counts)).toBeLessThanOrEqual(2 * 200)
  })
})
