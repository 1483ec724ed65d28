/**
 * Measures whether rates stay what they are while the database grows: `node bench/growth/main.ts --help`. A server over a nearly empty
 * database and one over a full one, of the same build, take turns.
 */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { hydraDialect } from '../flows/hydra.ts'
import type { Amounts } from '../load-data.ts'
import { Load } from '../load/run.ts'
import { pinGenerator, planCores } from '../measure/cores.ts'
import { killAllChildren } from '../servers/child.ts'
import { startPostgres } from '../servers/postgres.ts'
import { median } from '../measure/cell.ts'
import { growthCases } from './cases.ts'
import { migrate, prepareDatabase, serve } from './firebrand.ts'
import type { Place } from './firebrand.ts'
import { sampleTokens } from './sample.ts'

const usage = `Usage: node bench/growth/main.ts [options]

  --engine sqlite|postgres   (sqlite)
  --grants N, --clients N, --revoked N    what the full database holds (10,000,000; 100,000; 1,000,000)
  --case NAME                only cases whose name contains it
  --rounds N, --seconds N, --connections N    (5, 2, 32)
  --directory PATH           keeps the databases there and uses them again
  --postgres URL             a running PostgreSQL whose databases growth_few and growth_many are created, kept and used again
  --sample N                 tokens of the cases called anywhere (50,000): how much of the tables is in use
  --load-only                only fills the databases
`

const few: Amounts = { clients: 100, grants: 10_000, revoked: 100 }

/** One of the two servers. */
interface Side {
  readonly rates: number[]
  readonly run: (times: { warmUpMs: number; windowMs: number }) => Promise<number>
}

function number(text: string | undefined, fallback: number): number {
  return text === undefined ? fallback : Number(text)
}

const text = { type: 'string' } as const
const { values } = parseArgs({
  options: {
    engine: { ...text, default: 'sqlite' },
    grants: text,
    clients: text,
    revoked: text,
    case: { ...text, default: '' },
    rounds: text,
    seconds: text,
    connections: text,
    directory: text,
    postgres: text,
    sample: { ...text, default: '50000' },
    'load-only': { type: 'boolean' },
    help: { type: 'boolean' },
  },
})

async function main(directory: string): Promise<void> {
  const isSqlite = values.engine === 'sqlite'
  const own = !isSqlite && values.postgres === undefined ? await startPostgres() : undefined
  const place = async (name: string): Promise<Place> => {
    const folder = path.join(directory, `${values.engine}-${name}`)
    if (isSqlite) return { directory: folder, dsn: `sqlite://${folder}/firebrand.sqlite` }
    if (own !== undefined) return { directory: folder, dsn: await own.createDatabase(name) }
    const url = new URL(values.postgres ?? '')
    url.pathname = `/growth_${name}`
    return { directory: folder, dsn: url.href }
  }
  try {
    const places = [await place('few'), await place('many')] as const
    const many = {
      clients: number(values.clients, 100_000),
      grants: number(values.grants, 10_000_000),
      revoked: number(values.revoked, 1_000_000),
    }
    for (const [at, amounts] of [
      [places[0], few],
      [places[1], many],
    ] as const)
      await prepareDatabase(at, amounts, (step) => process.stderr.write(`${step}\n`))
    if (values['load-only'] !== true) await measure(places)
  } finally {
    await own?.stop()
  }
}

async function measure(places: readonly [Place, Place]): Promise<void> {
  const cores = planCores()
  pinGenerator(cores)
  const connections = number(values.connections, 32)
  const polls = values.engine === 'sqlite'
  const servers = []
  for (const at of places) {
    await migrate(at, cores)
    const server = await serve(at, cores, [])
    const clientId = server.clients.codeFlow.id
    const sample = await sampleTokens(at.dsn, clientId, number(values.sample, 50_000))
    const dialect = hydraDialect(server.clients, {
      adminOrigin: 'admin',
      adminToken: undefined,
      clientsPage: undefined,
    })
    servers.push({ server, dialect, cases: growthCases(sample, connections) })
  }
  console.log(`| case | 10,000 grants | full | ratio |\n|---|--:|--:|--:|`)
  const names = servers[0]?.cases.map(({ name }) => name) ?? []
  for (const name of names.filter((each) => each.includes(values.case))) {
    const sides: Side[] = []
    for (const { server, dialect, cases } of servers) {
      const test = cases.find((each) => each.name === name)
      if (test === undefined) continue
      const { addresses } = server
      const load = await Load.prepare(test, dialect, { addresses, connections })
      const run: Side['run'] = async (times) => {
        const window = await load.run({ ...times, polls }, { begin() {}, end() {} })
        return window.operations / window.seconds
      }
      sides.push({ rates: [], run })
    }
    await takeTurns(sides)
    const [fewRate = 0, manyRate = 0] = sides.map(({ rates }) => median(rates))
    const ratio = Math.round((manyRate / fewRate) * 100)
    console.log(`| ${name} | ${Math.round(fewRate)} | ${Math.round(manyRate)} | ${ratio} % |`)
  }
  for (const { server } of servers) await server.stop()
}

/** The first round is longer and not counted. */
async function takeTurns(sides: readonly Side[]): Promise<void> {
  const windowMs = number(values.seconds, 2) * 1000
  for (const { run } of sides) await run({ warmUpMs: 0, windowMs })
  for (let round = 0; round < number(values.rounds, 5); round++) {
    const order = round % 2 === 0 ? sides : [...sides].reverse()
    for (const { run, rates } of order) rates.push(await run({ warmUpMs: 200, windowMs }))
  }
}

if (values.help === true) {
  console.log(usage)
} else {
  const temporary =
    values.directory === undefined
      ? mkdtempSync(path.join(tmpdir(), 'firebrand-growth-'))
      : undefined
  process.once('exit', killAllChildren)
  process.once('SIGINT', () => process.exit(130))
  process.once('SIGTERM', () => process.exit(143))
  try {
    await main(temporary ?? path.resolve(values.directory ?? '.'))
  } finally {
    if (temporary !== undefined) rmSync(temporary, { recursive: true, force: true })
  }
}
