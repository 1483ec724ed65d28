import { mkdirSync, writeFileSync } from 'node:fs'
import { arch, cpus, loadavg, platform, totalmem } from 'node:os'
import path from 'node:path'
import { allCases } from './cases/all.ts'
import { Environment } from './environment.ts'
import { Load } from './load/run.ts'
import { runRound, summarize } from './measure/cell.ts'
import type { Round } from './measure/cell.ts'
import { pinGenerator, planCores } from './measure/cores.ts'
import { parseOptions, usage } from './options.ts'
import type { Options } from './options.ts'
import { renderReport } from './report.ts'
import { compare, judge } from './results.ts'
import type { Measured, Results } from './results.ts'
import type { Case } from './case.ts'
import type { ServerUnderTest } from './servers/server.ts'

const resultsDirectory = path.join(import.meta.dirname, 'results')

/** The first case runs this much longer unmeasured, until the compilers of both sides have settled. */
const settleMs = 3000

/** Above this load average before the start, the figures carry a note. */
const quietLoad = 0.5

/** Measures one case on all servers, the servers taking turns. */
async function measureCase(
  test: Case,
  servers: readonly ServerUnderTest[],
  options: Options,
): Promise<Measured[]> {
  const columns: { server: ServerUnderTest; load: Load; rounds: Round[] }[] = []
  for (const server of servers) {
    const { addresses, dialect } = server
    const load = await naming(test, server, () =>
      Load.prepare(test, dialect, { addresses, connections: options.connections }),
    )
    columns.push({ server, load, rounds: [] })
  }
  for (let round = 0; round < options.rounds; round++) {
    // Every round starts with another server, so that none is always the first after a pause.
    const start = round % columns.length
    for (const column of [...columns.slice(start), ...columns.slice(0, start)]) {
      const warmUpMs = round === 0 ? options.warmUpMs : options.warmUpMs / 4
      const times = { warmUpMs, windowMs: options.windowMs }
      const result = await naming(test, column.server, () =>
        runRound(column.load, column.server, times),
      )
      column.rounds.push(result)
    }
    process.stderr.write(`${test.name}: round ${round + 1} of ${options.rounds}\n`)
  }
  return columns.map(({ server, rounds }) => ({
    case: test.name,
    server,
    rounds,
    summary: summarize(rounds),
  }))
}

/** Lets every server and the generator work unmeasured, so that the first case is not the slowest. */
async function settle(servers: readonly ServerUnderTest[], options: Options): Promise<void> {
  const test = allCases.find(({ name }) => name === options.cases[0])
  if (test === undefined) return
  for (const server of servers) {
    await naming(test, server, async () => {
      const { addresses, connections } = { ...server, ...options }
      const load = await Load.prepare(test, server.dialect, { addresses, connections })
      await load.run({ warmUpMs: 0, windowMs: settleMs }, { begin: () => {}, end: () => {} })
    })
  }
}

async function naming<T>(test: Case, server: ServerUnderTest, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    throw new Error(`${test.name} on ${server.name}: ${String(error)}`, { cause: error })
  }
}

async function run(options: Options, environment: Environment, pinning: string): Promise<Results> {
  const startedAt = new Date()
  const load = loadavg()[0] ?? 0
  const isQuiet = load < quietLoad
  const noise = isQuiet
    ? []
    : [`the machine was not quiet: load average ${load.toFixed(1)} before the start`]
  process.stderr.write('starting the servers\n')
  await environment.start(options)
  if (environment.servers.length === 0) throw new Error(environment.missing.join('\n'))
  const measured: Measured[] = []
  await settle(environment.servers, options)
  for (const test of allCases.filter(({ name }) => options.cases.includes(name))) {
    measured.push(...(await measureCase(test, environment.servers, options)))
  }
  const cells = compare(measured)
  const notes = environment.servers.flatMap(({ name, notes }) =>
    notes.map((note) => `${name}: ${note}`),
  )
  const slowed = cells.filter(({ limit }) => limit === 'generator')
  const generatorNotes = slowed.map(
    (cell) => `${cell.case} on ${cell.server} was limited by the load generator, not by the server`,
  )
  return {
    startedAt: startedAt.toISOString(),
    seconds: Math.round((Date.now() - startedAt.getTime()) / 1000),
    machine: {
      node: process.version,
      system: `${platform()} ${arch()}`,
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: cpus().length,
      memoryBytes: totalmem(),
    },
    method: {
      pinning,
      connections: options.connections,
      rounds: options.rounds,
      windowMs: options.windowMs,
      warmUpMs: options.warmUpMs,
    },
    notes: [pinning, ...noise, ...environment.missing, ...notes, ...generatorNotes],
    cells,
    verdicts: judge(cells),
  }
}

function write(results: Results, options: Options): void {
  const isPublishable = options.isComplete && options.url === undefined
  const name = isPublishable ? 'latest.json' : 'partial.tmp.json'
  mkdirSync(resultsDirectory, { recursive: true })
  const json = `${JSON.stringify(results, null, 2)}\n`
  writeFileSync(path.join(resultsDirectory, name), json)
  console.log(options.json ? json : renderReport(results))
  process.stderr.write(`written to bench/results/${name}\n`)
}

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2))
  if (options === 'help') {
    console.log(usage)
    return 0
  }
  if (options.directory !== undefined) process.env['TMPDIR'] = path.resolve(options.directory)
  const cores = planCores()
  pinGenerator(cores)
  const environment = new Environment(cores)
  const end = (reason: string, code: number): void => {
    process.stderr.write(`${reason}, cleaning up\n`)
    void environment.close().finally(() => process.exit(code))
  }
  process.once('SIGINT', () => end('interrupted', 130))
  process.once('SIGTERM', () => end('terminated', 143))
  const limit = setTimeout(() => end('the run took too long', 1), options.limitMs)
  try {
    const results = await run(options, environment, cores.description)
    write(results, options)
    const isMissed = options.strict && results.verdicts.some(({ isMet }) => !isMet)
    return environment.missing.length > 0 || isMissed ? 1 : 0
  } finally {
    clearTimeout(limit)
    await environment.close()
  }
}

try {
  process.exitCode = await main()
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
