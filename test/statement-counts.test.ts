/** How many statements an operation costs; docs/storage.md shows the same table. */

import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  codeFlow,
  createClient,
  ownPages,
  postForm,
  refresh,
  requestTokens,
  type Tokens,
} from './support/code-flow.ts'
import { describeEachEngine } from './support/engines.ts'
import { startServer, type TestServer } from './support/server.ts'
import { logStatements, type StatementLog } from './support/statement-log.ts'

const scope = 'openid offline_access'
const metadata = {
  scope,
  grant_types: ['client_credentials', 'authorization_code', 'refresh_token'],
}

/** What an operation sent to the database. */
interface Cost {
  /** Statements that change rows. */
  readonly writes: number
  /** Statements that only read. */
  readonly reads: number
  /** Transactions that were begun explicitly. */
  readonly transactions: number
  /** Questions whether caches are still true; requests that come together share one. */
  readonly checks: number
}

const kinds: readonly (readonly [kind: keyof Cost | 'ending', pattern: RegExp])[] = [
  ['transactions', /^begin/i],
  ['ending', /^(commit|rollback|savepoint|release)/i],
  ['checks', /^pragma data_version|^select "epoch" from "epochs"/i],
  ['reads', /^select/i],
  ['writes', /^(insert|update|delete)/i],
]

function costOf(statements: readonly string[]): Cost {
  const cost = { writes: 0, reads: 0, transactions: 0, checks: 0, ending: 0 }
  for (const sql of statements) {
    const [kind] = kinds.find(([, pattern]) => pattern.test(sql)) ?? []
    if (kind === undefined) throw new Error(`An unknown kind of statement: ${sql}`)
    cost[kind] += 1
  }
  const { ending: _, ...counted } = cost
  return counted
}

/** What each operation may cost once the client and the keys are in memory. */
const budgets = {
  '`client_credentials`': { writes: 0, reads: 0 },
  '`client_credentials` (JWT)': { writes: 0, reads: 0 },
  'code flow with `openid offline_access`': { writes: 5, reads: 1 },
  refresh: { writes: 1, reads: 1 },
  'introspection of a `client_credentials` token': { writes: 0, reads: 1 },
  'introspection of a token of a user': { writes: 0, reads: 1 },
  'introspection of a JWT': { writes: 0, reads: 1 },
  'introspection of a JWT of a user': { writes: 0, reads: 1 },
  'introspection of a refresh token': { writes: 0, reads: 1 },
  'introspection of a revoked token': { writes: 0, reads: 1 },
  'introspection of a token of a revoked grant': { writes: 0, reads: 1 },
  userinfo: { writes: 0, reads: 1 },
} as const

type Name = keyof typeof budgets

describeEachEngine('the statements of', (engine) => {
  let log: StatementLog
  let server: TestServer
  const run = {} as Record<Name, () => Promise<unknown>>

  beforeAll(async () => {
    log = await logStatements(engine)
    server = await startServer(log.dsn, { config: ownPages })
    const client = await createClient(server, metadata)
    const jwtClient = await createClient(server, { ...metadata, access_token_strategy: 'jwt' })
    const machine = { grant_type: 'client_credentials' }
    const introspect =
      (token: string, isActive = true) =>
      async () => {
        const answer = await postForm(server.adminFetch, '/admin/oauth2/introspect', { token })
        const { active } = (await answer.json()) as { active: boolean }
        if (active !== isActive)
          throw new Error(`The token is ${active ? 'active' : 'not active'}.`)
      }
    const revoke = async ({ refresh_token: token }: Tokens) => {
      const answer = await postForm(server.publicFetch, '/oauth2/revoke', { token }, client)
      if (answer.status !== 200) throw new Error(`revocation: ${answer.status}`)
    }
    const revokedMachine = (await requestTokens(server, client, machine)).access_token
    const revoked = await codeFlow(server, client, { scope })
    await revoke({ ...revoked, refresh_token: revokedMachine })
    await revoke(revoked)
    const user = await codeFlow(server, client, { scope })
    let newest = await codeFlow(server, client, { scope })
    const jwt = (await requestTokens(server, jwtClient, machine)).access_token
    const userJwt = (await codeFlow(server, jwtClient, { scope })).access_token
    Object.assign(run, {
      '`client_credentials`': () => requestTokens(server, client, machine),
      '`client_credentials` (JWT)': () => requestTokens(server, jwtClient, machine),
      'code flow with `openid offline_access`': () => codeFlow(server, client, { scope }),
      refresh: async () => {
        newest = await refresh(server, client, newest.refresh_token)
      },
      'introspection of a `client_credentials` token': introspect(
        (await requestTokens(server, client, machine)).access_token,
      ),
      'introspection of a token of a user': introspect(user.access_token),
      'introspection of a JWT': introspect(jwt),
      'introspection of a JWT of a user': introspect(userJwt),
      'introspection of a refresh token': introspect(user.refresh_token),
      'introspection of a revoked token': introspect(revokedMachine, false),
      'introspection of a token of a revoked grant': introspect(revoked.access_token, false),
      userinfo: async () => {
        const headers = { authorization: `Bearer ${user.access_token}` }
        const answer = await server.publicFetch('/userinfo', { headers })
        if (answer.status !== 200) throw new Error(`userinfo: ${answer.status}`)
      },
    } satisfies Record<Name, () => Promise<unknown>>)
  }, 60_000)
  afterAll(async () => {
    await server.close()
    await log.close()
  })

  async function measure(name: Name): Promise<Cost> {
    log.seen.length = 0
    await run[name]()
    return costOf(log.seen)
  }

  for (const name of Object.keys(budgets) as Name[])
    it(`${name} are as few as they may be`, async () => {
      // The caches learn of everything that happened before.
      await run[name]()
      const { writes, reads } = await measure(name)
      expect({ writes, reads }).toEqual(budgets[name])
    })

  it('a hundred requests at once ask a few times whether the caches are true, not a hundred', async () => {
    log.seen.length = 0
    const started = performance.now()
    await Promise.all(Array.from({ length: 100 }, run['`client_credentials`']))
    const elapsed = performance.now() - started
    const { checks, ...rest } = costOf(log.seen)
    expect(rest).toEqual({ writes: 0, reads: 0, transactions: 0 })
    // PostgreSQL: one in 25 ms; SQLite: one in a turn of the event loop.
    if (engine.name === 'postgres') expect(checks).toBeLessThanOrEqual(2 + elapsed / 25)
    else expect(checks).toBeLessThan(100)
  })

  it('an own write is no reason to ask SQLite whether clients changed', async () => {
    if (engine.name === 'postgres') return
    await run.refresh()
    log.seen.length = 0
    await run.refresh()
    expect(log.seen.filter((sql) => sql.includes('epochs'))).toEqual([])
  })

  it('are those that docs/storage.md tells', async () => {
    const text = await readFile(new URL('../docs/storage.md', import.meta.url), 'utf8')
    for (const [name, { reads, writes }] of Object.entries(budgets))
      expect(text).toContain(`| ${name} | ${reads} | ${writes} |`)
  })
})
