import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bareGrant } from '../../../test/support/bare-grant.ts'
import { describeEachIsolation } from '../../../test/support/engines.ts'
import { asChainId, asClientId, asFlowId, asGrantId, asProjectId, instant } from '../../brand.ts'
import type { ClientRecord, Storage } from '../storage.ts'
import { openStorage } from './open.ts'

const script = fileURLToPath(new URL('../../../test/support/storage-contender.ts', import.meta.url))
const now = instant(1_700_000_000_000)

interface Contender {
  readonly child: ChildProcess
  readonly lines: AsyncIterator<string>
}

async function start(dsn: string): Promise<Contender> {
  const child = spawn(process.execPath, [script, dsn], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  expect((await lines.next()).value).toBe('ready')
  return { child, lines }
}

describeEachIsolation('several processes on one database', (engine) => {
  let storage: Storage
  let contenders: readonly Contender[] = []

  beforeAll(async () => {
    const log = { info() {}, warn() {} }
    const projectId = asProjectId('race')
    storage = await openStorage({ dsn: engine.dsn, projectId, log, migrate: true })
    contenders = await Promise.all(Array.from({ length: 3 }, () => start(engine.dsn)))
  })
  afterAll(async () => {
    for (const { child } of contenders) child.kill('SIGKILL')
    await storage.close()
  })

  /** What the processes will fight for. */
  async function prepare(id: string): Promise<void> {
    for (const grantId of [id, `${id}-rotated`]) {
      await storage.grants.create({
        ...bareGrant(asGrantId(grantId), now),
        flowId: asFlowId(id),
        clientId: asClientId('nobody'),
      })
    }
    const grantId = asGrantId(`${id}-rotated`)
    const never = { expiresAt: undefined, purgeAt: undefined }
    await storage.grants.redeemCode(grantId, now, { id: asChainId(id), grantId, ...never })
    const client = {
      client_id: id,
      client_name: '',
      owner: '',
    } as unknown as ClientRecord['client']
    await storage.clients.create({
      client,
      secretHash: '',
      rotatedSecretHashes: [],
      registrationAccessTokenHash: '',
      tokensValidAfter: now,
      version: 1,
    })
  }

  it('gives everything that has one winner exactly one among 150 callers in three processes', async () => {
    for (const round of ['a', 'b', 'c', 'd']) {
      await prepare(round)
      for (const { child } of contenders) child.stdin?.write(`${round}\n`)
      const results = await Promise.all(
        contenders.map(
          async ({ lines }) => JSON.parse((await lines.next()).value) as Record<string, number>,
        ),
      )
      const totals = Object.keys(results[0]!).map((name) => [
        name,
        results.reduce((sum, result) => sum + result[name]!, 0),
      ])
      expect(totals).toEqual(Object.keys(results[0]!).map((name) => [name, 1]))
      expect(await storage.keys.list(round)).toHaveLength(1)
      expect(await storage.clients.find(asClientId(round))).toBeUndefined()
    }
  })
})
