/**
 * Measures what one operation costs Firebrand and its PostgreSQL: the constants of the capacity model in `docs/scaling.md`.
 *
 * Usage: `node bench/capacity.ts [--grants N] [--seconds N]`, on a quiet machine; then `node bench/capacity-publish.ts` writes the page.
 */

import { mkdirSync, writeFileSync } from 'node:fs'
import { arch, cpus, loadavg, platform } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { Client } from 'pg'
import type { Capacity, Cost, TableSize } from './capacity-report.ts'
import { connections, costNames } from './capacity-report.ts'
import type { Case } from './case.ts'
import { allCases } from './cases/all.ts'
import { Environment } from './environment.ts'
import { loadData } from './load-data.ts'
import { Load } from './load/run.ts'
import { Counters } from './measure/counters.ts'
import { pinGenerator, planCores } from './measure/cores.ts'
import { startFirebrand } from './servers/firebrand.ts'
import type { ServerUnderTest } from './servers/server.ts'

/** What a database has done so far. */
interface Work {
  readonly transactions: number
  readonly walBytes: number
  readonly walSyncs: number
}

/** Reads a database's counters, once its sessions have handed them in: they do so when they end. */
async function readWork(database: Client): Promise<Work> {
  const others = `datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`
  await database.query(`select pg_terminate_backend(pid) from pg_stat_activity where ${others}`)
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const { rowCount } = await database.query(`select 1 from pg_stat_activity where ${others}`)
    if (rowCount === 0) break
    await delay(10)
  }
  const { rows } = await database.query<Record<keyof Work, string>>(
    `select xact_commit as transactions, pg_current_wal_lsn() - '0/0' as "walBytes",
       (select sum(fsyncs) from pg_stat_io where object = 'wal') as "walSyncs"
     from pg_stat_database where datname = current_database()`,
  )
  const [row] = rows
  if (row === undefined) throw new Error('the database has no counters')
  return {
    transactions: Number(row.transactions),
    walBytes: Number(row.walBytes),
    walSyncs: Number(row.walSyncs),
  }
}

async function measure(
  test: Case,
  server: ServerUnderTest,
  { database, windowMs }: { readonly database: Client; readonly windowMs: number },
): Promise<Cost> {
  const { addresses, dialect } = server
  const load = await Load.prepare(test, dialect, { addresses, connections })
  const idle = { begin: () => {}, end: () => {} }
  await load.run({ warmUpMs: 0, windowMs: windowMs / 3, polls: false }, idle)
  await database.query('checkpoint')
  const before = await readWork(database)
  const counters = new Counters(server)
  const window = await load.run({ warmUpMs: 0, windowMs, polls: false }, counters.hooks)
  const after = await readWork(database)
  const { serverMs = 0, databaseMs = 0 } = await counters.used()
  // Those that were begun in the window and ended after it have left their work too.
  const each = (key: keyof Work) => (after[key] - before[key]) / (window.operations + connections)
  process.stderr.write(`${test.name}: ${window.operations} operations\n`)
  return {
    serverMs: serverMs / window.operations,
    databaseMs: databaseMs / window.operations,
    transactions: each('transactions'),
    walBytes: each('walBytes'),
    walSyncs: each('walSyncs'),
    answerBytes: window.bytes / window.operations,
  }
}

async function tableSizes(database: Client): Promise<readonly TableSize[]> {
  await database.query('vacuum analyze')
  const { rows } = await database.query<{ name: string; rows: string; bytes: string }>(
    `select relname as name, reltuples as rows, pg_total_relation_size(oid) as bytes
     from pg_class where relkind = 'r' and relname in ('grants', 'chains', 'login_sessions') order by bytes desc`,
  )
  return rows.map(({ name, rows, bytes }) => ({ name, rows: Number(rows), bytes: Number(bytes) }))
}

async function run(environment: Environment): Promise<Capacity> {
  const { values } = parseArgs({
    options: {
      grants: { type: 'string', default: '1000000' },
      seconds: { type: 'string', default: '6' },
    },
  })
  const windowMs = Number(values.seconds) * 1000
  const grants = Number(values.grants)
  const cores = planCores()
  pinGenerator(cores)
  const quiet = loadavg()[0] ?? 0
  const costs: Partial<Record<(typeof costNames)[number], Cost>> = {}
  const start = await environment.prepare('capacity', 'postgres')
  const url = start.database?.engine === 'postgres' ? start.database.url : ''
  const database = new Client({ connectionString: url })
  await database.connect()
  const server = await startFirebrand(start)
  try {
    for (const name of costNames) {
      const test = allCases.find((each) => each.name === name)
      if (test !== undefined) costs[name] = await measure(test, server, { database, windowMs })
    }
    await database.query('truncate grants, chains, login_sessions, spent_verifiers')
    // The server goes on: what it remembers of clients and keys stays true.
    await loadData(url, { clients: 1000, grants, revoked: 0 })
    const tables = await tableSizes(database)
    const codeFlow = allCases.find(({ name }) => name === 'code_flow')
    if (codeFlow === undefined) throw new Error('there is no code flow')
    const loaded = await measure(codeFlow, server, { database, windowMs })
    return {
      measuredAt: new Date().toISOString(),
      machine: `${cpus()[0]?.model ?? 'unknown'}, ${platform()} ${arch()}, Node ${process.version}; ${cores.description}; load average ${quiet.toFixed(1)} before`,
      seconds: windowMs / 1000,
      costs: costs as Capacity['costs'],
      loaded: { grants, tables, codeFlow: loaded },
    }
  } finally {
    await server.stop()
    await database.end()
  }
}

const environment = new Environment(planCores())
try {
  const capacity = await run(environment)
  const folder = path.join(import.meta.dirname, 'results')
  mkdirSync(folder, { recursive: true })
  writeFileSync(path.join(folder, 'capacity.json'), `${JSON.stringify(capacity, null, 2)}\n`)
  process.stderr.write('written to bench/results/capacity.json\n')
} finally {
  await environment.close()
}
