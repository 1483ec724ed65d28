/**
 * One of several processes that race for rows: opens the storage named by its argument, says `ready`, and for each line
 * of its input (a prefix for the ids) tries everything that has one winner fifty times at once. Answers a line of JSON:
 * how often each attempt won.
 */

import { createInterface } from 'node:readline'
import {
  asChainId,
  asClientId,
  asFlowId,
  asGrantId,
  asProjectId,
  asSubject,
  asTokenId,
  instant,
} from '../../src/brand.ts'
import { openStorage } from '../../src/storage/sql/open.ts'

const [dsn = ''] = process.argv.slice(2)
const log = { info() {}, warn() {} }
const storage = await openStorage({ dsn, projectId: asProjectId('race'), log })
const now = instant(1_700_000_000_000)

/** What it promises is falsy for those who lose. */
type Attempt = (id: string, index: number) => Promise<unknown>

const attempts: Readonly<Record<string, Attempt>> = {
  redeemCode: (id, index) =>
    storage.grants.redeemCode(asGrantId(id), now, {
      id: asChainId(`${id}-${process.pid}-${index}`),
      grantId: asGrantId(id),
      expiresAt: undefined,
      purgeAt: undefined,
    }),
  rotateChain: (id) =>
    storage.grants.rotateChain({
      id: asChainId(id),
      generation: 0,
      expiresAt: undefined,
      purgeAt: undefined,
    }),
  consumeJti: (id) => storage.tokens.consumeJti('issuer', id, now, now),
  createFirst: (id, index) =>
    storage.keys.createFirst({
      set: id,
      kid: `${process.pid}-${index}`,
      sealedJwk: 'sealed',
      createdAt: now,
    }),
  completeLogin: (id) =>
    storage.flows.completeLogin({
      flowId: asFlowId(id),
      verifierId: asTokenId(id),
      clientId: asClientId(id),
      subject: asSubject(id),
      now,
      expiresAt: now,
      session: undefined,
      forcedSubject: undefined,
      endedSessionId: undefined,
    }),
  deleteClient: (id) => storage.clients.delete(asClientId(id)),
}

process.stdout.write('ready\n')
for await (const id of createInterface({ input: process.stdin })) {
  const outcomes = Object.entries(attempts).map(async ([name, attempt]) => {
    const tries = Array.from({ length: 50 }, (_none, index) => attempt(id, index))
    const won = (await Promise.all(tries)).filter(Boolean).length
    return [name, won] as const
  })
  process.stdout.write(`${JSON.stringify(Object.fromEntries(await Promise.all(outcomes)))}\n`)
}
await storage.close()
