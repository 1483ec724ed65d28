import { mkdirSync, writeFileSync } from 'node:fs'
import { arch, cpus, loadavg, platform, totalmem } from 'node:os'
import path from 'node:path'
import { allCases } from './cases/all.ts'
import { Environment } from './environment.ts'
import { pinGenerator, planCores } from './measure/cores.ts'
import { leftOutOf, measureCase } from './measure/measure-case.ts'
import { parseOptions, usage } from './options.ts'
import type { Options } from './options.ts'
import { renderReport } from './report.ts'
import { compare, judge } from './results.ts'
import type { LeftOut, Measured, Results } from './results.ts'

const resultsDirectory = path.join(import.meta.dirname, 'results')

/** Above this load average before the start, the figures carry a note. */
const quietLoad = 0.5

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
  const leftOut: LeftOut[] = []
  const tests = allCases.filter(({ name }) => options.cases.includes(name))
  for (const test of tests) {
    await environment.withServersFor(test, options, async (servers) => {
      const settles = test === tests[0]
      leftOut.push(...leftOutOf(test, servers))
      measured.push(...(await measureCase(test, servers, { ...options, settles })))
    })
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
    leftOut,
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
