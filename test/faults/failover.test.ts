import { setTimeout as delay } from 'node:timers/promises'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  authorizationUrl,
  basic,
  Browser,
  introspect,
  postToken,
  type FlowServer,
  type TestClient,
  type TokenAnswer,
} from '../support/browser-flow.ts'
import { cutProxy, type CutProxy } from '../support/cut-proxy.ts'
import { audit, Ledger, load, loadClient } from '../support/fault-load.ts'
import { faultServer, type FaultServer } from '../support/fault-server.ts'
import {
  privateMemory,
  startPostgres,
  type PostgresReplica,
  type PostgresServer,
} from '../support/postgres-server.ts'
import { testScale } from '../support/scale.ts'

/** A server process, and what is known of it. */
interface Side {
  readonly how: string
  readonly server: FaultServer
  readonly ledger: Ledger
}

/** A code that was issued and not redeemed. */
async function newCode(server: FlowServer, client: TestClient): Promise<string> {
  const callback = await new Browser(server).authorize(authorizationUrl(client))
  return callback.searchParams.get('code') ?? ''
}

function redeem(server: FlowServer, client: TestClient, code: string) {
  const { redirect_uri } = client
  return postToken(server, client, { grant_type: 'authorization_code', code, redirect_uri })
}

function refresh(server: FlowServer, client: TestClient, { body }: TokenAnswer) {
  const { refresh_token: token } = body
  return postToken(server, client, { grant_type: 'refresh_token', refresh_token: String(token) })
}

async function revoke(server: FlowServer, client: TestClient, token: unknown): Promise<void> {
  const answer = await server.publicFetch('/oauth2/revoke', {
    method: 'POST',
    headers: { authorization: basic(client) },
    body: new URLSearchParams({ token: String(token) }),
  })
  expect(answer.status).toBe(200)
}

/** Sends every request to the next of the servers. */
function inTurns(servers: readonly FlowServer[]): FlowServer {
  let turn = 0
  const next = () => {
    turn += 1
    const server = servers[turn % servers.length]
    if (server === undefined) throw new Error('no server')
    return server
  }
  return {
    publicFetch: (path, init) => next().publicFetch(path, init),
    adminFetch: (path, init) => next().adminFetch(path, init),
  }
}

interface Watch {
  readonly server: FlowServer
  readonly live: string
  readonly revoked: string
  readonly ledger: Ledger
  readonly signal: AbortSignal
}

/** Introspects the same two tokens all the time: each answer is right, or 503 with `Retry-After`. */
async function watch({ server, live, revoked, ledger, signal }: Watch): Promise<void> {
  while (!signal.aborted) {
    for (const [token, active] of [
      [live, true],
      [revoked, false],
    ] as const) {
      const answer = await server.adminFetch('/admin/oauth2/introspect', {
        method: 'POST',
        body: new URLSearchParams({ token }),
      })
      const body = (await answer.json()) as Record<string, unknown>
      const isRight = answer.status === 200 && body['active'] === active
      const isHonest = answer.status === 503 && answer.headers.get('retry-after') !== null
      if (!isRight && !isHonest)
        ledger.broken.push(`introspection: ${answer.status} ${JSON.stringify(body)}`)
    }
    await delay(5)
  }
}

/** Milliseconds since `start` until the server acknowledges something again. */
async function gapOf({ ledger }: Side, start: number): Promise<number> {
  const before = ledger.acknowledged
  while (ledger.acknowledged === before) await delay(2)
  return Math.round(performance.now() - start)
}

async function untilReady(server: FaultServer): Promise<void> {
  for (let attempt = 0; attempt < 400; attempt += 1) {
    if ((await server.adminFetch('/health/ready')).status === 200) return
    await delay(25)
  }
  throw new Error('the server is not ready again')
}

describe('a primary killed, and its replica promoted', () => {
  /** Each is the replica of the one before it. */
  const databases: PostgresServer[] = []
  let proxy: CutProxy
  let sides: readonly Side[]
  let servers: readonly FaultServer[]
  let client: TestClient

  beforeAll(async () => {
    const primary = await startPostgres({ durable: true, settings: [privateMemory] })
    const replica = await primary.replicate({ name: 'second', isSynchronous: true })
    databases.push(primary, replica)
    proxy = await cutProxy(primary.dsn)
    // The standby first: it must be refused from the beginning.
    const both = primary.dsn.replace('@', `@${new URL(replica.dsn).host},`)
    const dsns = [
      ['two hosts in the DSN', `${both}?target_session_attrs=read-write&query_timeout=2000`],
      ['an address that moves', proxy.dsn],
    ] as const
    servers = []
    for (const [, dsn] of dsns) servers = [...servers, await faultServer(dsn)]
    await Promise.all(servers.map((server) => server.start()))
    sides = servers.map((server, index) => ({
      how: dsns[index]?.[0] ?? '',
      server,
      ledger: new Ledger(),
    }))
    client = await loadClient(inTurns(servers))
  }, 60_000)
  afterAll(async () => {
    for (const server of servers) await server.close()
    await proxy?.close()
    for (const database of databases) await database.stop()
  })

  it('acknowledged nothing that its synchronous replica had not got', async () => {
    const [, replica] = databases as [PostgresServer, PostgresReplica]
    const [server] = servers as [FaultServer, FaultServer]
    const code = await newCode(server, client)
    const line = await redeem(server, client, await newCode(server, client))
    replica.freeze()
    const refused = await Promise.all([
      redeem(server, client, code),
      refresh(server, client, line),
    ]).finally(() => replica.thaw())
    expect(refused.map(({ status }) => status)).toEqual([503, 503])
    expect((await redeem(server, client, code)).status).toBe(200)
    expect((await refresh(server, client, line)).status).toBe(200)
    for (const again of [await redeem(server, client, code), await refresh(server, client, line)])
      expect(again.status).toBe(400)
  })

  it('is followed by every process, and nothing that was acknowledged is lost', async () => {
    const [primary, replica] = databases as [PostgresServer, PostgresReplica]
    const server = inTurns(servers)
    const live = await redeem(server, client, await newCode(server, client))
    const ended = await redeem(server, client, await newCode(server, client))
    await revoke(server, client, ended.body['refresh_token'])
    const kept = await newCode(server, client)
    const stopping = new AbortController()
    const { signal } = stopping
    const working = sides.flatMap((side) => [
      load({ ...side, client, signal, workers: 8 }),
      watch({
        ...side,
        signal,
        live: String(live.body['access_token']),
        revoked: String(ended.body['access_token']),
      }),
    ])
    const acknowledged = () => Math.min(...sides.map(({ ledger }) => ledger.acknowledged))
    while (acknowledged() < 60) await delay(20)

    const killedAt = performance.now()
    await primary.kill()
    proxy.moveTo(replica.dsn)
    // Somebody must notice and decide; meanwhile the standby answers reads to those who would believe it.
    await delay(1000)
    for (const each of servers) expect((await each.adminFetch('/health/ready')).status).toBe(503)
    const gaps = sides.map((side) => gapOf(side, killedAt))
    const promotedAt = performance.now()
    await replica.promote()
    const promotion = Math.round(performance.now() - promotedAt)
    for (const each of servers) await untilReady(each)
    const back = acknowledged()
    while (acknowledged() < back + 60) await delay(20)
    stopping.abort()
    await Promise.all(working)

    const race = await Promise.all(Array.from({ length: 20 }, () => redeem(server, client, kept)))
    expect(race.filter(({ status }) => status === 200)).toHaveLength(1)
    for (const [index, { how, ledger }] of sides.entries()) {
      await audit(server, client, ledger)
      const times = `${await gaps[index]} ms without an answer, of which the promotion took ${promotion}`
      process.stdout.write(`failover, ${how}: ${ledger.summary()}; ${times}\n`)
      expect(ledger.broken).toEqual([])
      expect(ledger.unanswered).toBe(0)
      expect(ledger.unavailable).toBeGreaterThan(0)
    }
  }, 120_000)

  it('is told from a primary that has gone silent: 503, and the retry works', async () => {
    const [, primary] = databases as [PostgresServer, PostgresReplica]
    const [server] = servers as [FaultServer, FaultServer]
    const code = await newCode(server, client)
    primary.freeze()
    const refused = await redeem(server, client, code).finally(() => primary.thaw())
    expect(refused.status).toBe(503)
    expect(refused.headers.get('retry-after')).not.toBeNull()
    expect((await redeem(server, client, code)).status).toBe(200)
    expect((await redeem(server, client, code)).status).toBe(400)
  })

  it('takes with it what an asynchronous replica has not got, single use included', async () => {
    const [, primary] = databases as [PostgresServer, PostgresReplica]
    const wire = await cutProxy(primary.dsn)
    const replica = await primary.replicate({
      name: 'third',
      isSynchronous: false,
      through: wire.dsn,
    })
    databases.push(replica)
    const [, server] = servers as [FaultServer, FaultServer]
    const code = await newCode(server, client)
    const [stolen, honest, ended] = [
      await redeem(server, client, await newCode(server, client)),
      await redeem(server, client, await newCode(server, client)),
      await redeem(server, client, await newCode(server, client)),
    ]
    await delay(300)
    wire.refuse()
    expect((await redeem(server, client, code)).status).toBe(200)
    expect((await refresh(server, client, stolen)).status).toBe(200)
    const rotated = await refresh(server, client, honest)
    expect(rotated.status).toBe(200)
    await revoke(server, client, ended.body['refresh_token'])

    await primary.kill()
    proxy.moveTo(replica.dsn)
    await replica.promote()
    await untilReady(server)
    await wire.close()
    // docs/faults.md says so, and what to do about it.
    expect((await redeem(server, client, code)).status).toBe(200)
    const taken = await refresh(server, client, stolen)
    expect(taken.status).toBe(200)
    expect((await introspect(server, String(ended.body['access_token'])))['active']).toBe(true)
    // A token that the database has never issued is a reuse to it: the line ends, and nobody else gets it.
    expect((await refresh(server, client, rotated)).status).toBe(400)
    expect((await refresh(server, client, honest)).status).toBe(400)

    const open = await newCode(server, client)
    const operator = new Client({ connectionString: replica.dsn })
    await operator.connect()
    const endAll = `update grants set tokens_revoked_at = ${Date.now()} where tokens_revoked_at is null`
    await operator.query(`${endAll} and code_redeemed_at is null`)
    expect((await redeem(server, client, open)).status).toBe(400)
    expect((await introspect(server, String(taken.body['access_token'])))['active']).toBe(true)
    await operator.query(endAll)
    await operator.end()
    for (const { body } of [taken, ended])
      expect((await introspect(server, String(body['access_token'])))['active']).toBe(false)
    expect((await refresh(server, client, taken)).status).toBe(400)
  }, 120_000)

  // In `npm run test:long`.
  if (testScale > 1)
    it('is left for good by who knows its replica, also when it comes back', async () => {
      const [primary] = databases.slice(-1) as [PostgresServer]
      const replica = await primary.replicate({ name: 'fourth', isSynchronous: true })
      databases.push(replica)
      const both = primary.dsn.replace('@', `@${new URL(replica.dsn).host},`)
      const server = await faultServer(`${both}?query_timeout=2000&application_name=follower`)
      servers = [...servers, server]
      await server.start()
      const ledger = new Ledger()
      const stopping = new AbortController()
      const { signal } = stopping
      const working = load({ server, client, ledger, signal, workers: 8 })
      while (ledger.acknowledged < 60) await delay(20)
      primary.freeze()
      const frozenAt = performance.now()
      try {
        await replica.promote()
        await untilReady(server)
        const gap = Math.round(performance.now() - frozenAt)
        process.stdout.write(`failover, a silent primary: ready after ${gap} ms\n`)
        const back = ledger.acknowledged
        while (ledger.acknowledged < back + 60) await delay(20)
      } finally {
        primary.thaw()
      }
      const later = ledger.acknowledged
      while (ledger.acknowledged < later + 60) await delay(20)
      stopping.abort()
      await working
      await audit(server, client, ledger)
      expect(ledger.broken).toEqual([])
      expect(ledger.unanswered).toBe(0)
      const former = new Client({ connectionString: primary.dsn })
      await former.connect()
      const { rows } = await former.query(
        // Sessions whose commit waits for a replica do not notice that nobody waits for them.
        `select state from pg_stat_activity
         where application_name = 'follower' and wait_event is distinct from 'SyncRep'`,
      )
      await former.end()
      expect(rows).toEqual([])
    }, 120_000)
})
