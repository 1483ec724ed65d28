import { mkdirSync, writeFileSync } from 'node:fs'
import { arch, cpus, loadavg, platform, totalmem } from 'node:os'
import path from 'node:path'
import { allCases } from './cases/all.ts'
import { Environment } from './environment.ts'
import { pinGenerator, planCores } from './measure/cores.ts'
import type { Cores } from './measure/cores.ts'
import { disturbanceNotes } from './measure/disturbance.ts'
import { leftOutOf, measureCase } from './measure/measure-case.ts'
import { parseOptions, usage } from './options.ts'
import type { Options } from './options.ts'
import { renderReport } from './report.ts'
import { compare, judge } from './results.ts'
import type { LeftOut, Measured, Results } from './results.ts'
import { renderProfiles } from './profile/report.ts'
import { profileCases } from './profile/run.ts'
import { renderProcess } from './process/report.ts'
import type { ProcessResults } from './process/results.ts'
import { measureProcess } from './process/run.ts'
import { renderWorkers } from './workers/report.ts'
import type { WorkersResults } from './workers/results.ts'
import { measureWorkers } from './workers/run.ts'

const resultsDirectory = path.join(import.meta.dirname, 'results')

/** Above this load average before the start, the figures carry a note. */
const quietLoad = 0.5

/** When and on what a run is made. */
interface Circumstances {
  readonly startedAt: Date
  readonly pinning: string
  /** Why the figures may be worse than the servers are. */
  readonly noise: readonly string[]
}

function circumstances(pinning: string): Circumstances {
  const load = loadavg()[0] ?? 0
  const noise =
    load < quietLoad
      ? []
      : [`the machine was not quiet: load average ${load.toFixed(1)} before the start`]
  return { startedAt: new Date(), pinning, noise }
}

/** What both kinds of results begin with. */
type Described = Pick<Results, 'startedAt' | 'seconds' | 'machine' | 'method'>

function described({ startedAt, pinning }: Circumstances, options: Options): Described {
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
  }
}

async function run(
  options: Options,
  environment: Environment,
  when: Circumstances,
): Promise<Results> {
  process.stderr.write('starting the servers\n')
  await environment.start(options)
  if (environment.servers.length === 0) throw new Error(environment.missing.join('\n'))
  const measured: Measured[] = []
  const leftOut: LeftOut[] = []
  const tests = allCases.filter(({ name }) => options.cases.includes(name))
  for (const test of tests) {
    await environment.withServersFor(test, options, async (servers) => {
      const how = { ...options, settles: test === tests[0], isPaced: true, mayPoll: true }
      leftOut.push(...leftOutOf(test, servers))
      measured.push(...(await measureCase(test, servers, how)))
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
  const disturbance = disturbanceNotes(cells.flatMap(({ rounds }) => rounds))
  return {
    ...described(when, options),
    notes: [
      when.pinning,
      ...when.noise,
      ...disturbance,
      ...environment.missing,
      ...notes,
      ...generatorNotes,
    ],
    cells,
    leftOut,
    verdicts: judge(cells),
  }
}

async function runWorkers(
  options: Options & { readonly workers: number },
  environment: Environment,
  cores: Cores,
): Promise<WorkersResults> {
  const when = circumstances('one of the servers is pinned to one core, nothing else is')
  process.stderr.write('starting the servers\n')
  const measured = await measureWorkers(options, environment, cores)
  return { ...described(when, options), ...measured, notes: [...when.noise, ...measured.notes] }
}

async function runProcess(options: Options, environment: Environment): Promise<ProcessResults> {
  const { noise, ...when } = circumstances('servers on a core of their own')
  const measured = await measureProcess(options, environment)
  return { ...described({ ...when, noise }, options), ...measured, notes: noise }
}

/** Writes the JSON file, and prints it when there is no text. */
function write(file: string, results: object, text: string | undefined): void {
  mkdirSync(resultsDirectory, { recursive: true })
  const json = `${JSON.stringify(results, null, 2)}\n`
  writeFileSync(path.join(resultsDirectory, file), json)
  console.log(text ?? json)
  process.stderr.write(`written to bench/results/${file}\n`)
}

/** Whether everything was measured that was asked for, and every promise kept. */
interface Outcome {
  readonly isWhole: boolean
  readonly isMet: boolean
}

/** A partial run leaves the published figures alone. */
async function measure(options: Options, environment: Environment, cores: Cores): Promise<Outcome> {
  const { workers, ofProcess, profile, json, isComplete } = options
  const partial = 'partial.tmp.json'
  if (workers !== undefined) {
    const results = await runWorkers({ ...options, workers }, environment, cores)
    const file = isComplete && workers === 2 ? 'workers.json' : partial
    write(file, results, json ? undefined : renderWorkers(results))
    return { isWhole: true, isMet: results.verdicts.every(({ outcome }) => outcome === 'met') }
  }
  pinGenerator(cores)
  if (ofProcess.length > 0) {
    const results = await runProcess(options, environment)
    const file = ofProcess.length === 2 ? 'process.json' : partial
    write(file, results, json ? undefined : renderProcess(results))
    return { isWhole: true, isMet: results.verdicts.every(({ isMet }) => isMet) }
  }
  if (profile !== undefined) {
    const { startedAt, machine } = described(circumstances(cores.description), options)
    const profiled = await profileCases(options, environment, path.resolve(profile))
    const results = { startedAt, machine, profiled }
    write(
      isComplete ? 'profile.json' : partial,
      results,
      json ? undefined : renderProfiles(results),
    )
    return { isWhole: true, isMet: true }
  }
  const results = await run(options, environment, circumstances(cores.description))
  const file = isComplete && options.url === undefined ? 'latest.json' : partial
  write(file, results, json ? undefined : renderReport(results))
  const isMet = results.verdicts.every((verdict) => verdict.isMet)
  return { isWhole: environment.missing.length === 0, isMet }
}

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2))
  if (options === 'help') {
    console.log(usage)
    return 0
  }
  if (options.directory !== undefined) process.env['TMPDIR'] = path.resolve(options.directory)
  const cores = planCores()
  const environment = new Environment(cores)
  const end = (reason: string, code: number): void => {
    process.stderr.write(`${reason}, cleaning up\n`)
    void environment.close().finally(() => process.exit(code))
  }
  process.once('SIGINT', () => end('interrupted', 130))
  process.once('SIGTERM', () => end('terminated', 143))
  const limit = setTimeout(() => end('the run took too long', 1), options.limitMs)
  try {
    const { isWhole, isMet } = await measure(options, environment, cores)
    return isWhole && (isMet || !options.strict) ? 0 : 1
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
