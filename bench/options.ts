import { parseArgs } from 'node:util'
import { caseNames, clientsInList } from './case.ts'
import type { CaseName } from './case.ts'
import { engines, serverKinds } from './servers/server.ts'
import type { Engine, ServerKind } from './servers/server.ts'
import { allCases } from './cases/all.ts'
import type { Amounts } from './load-data.ts'
import type { UrlOptions } from './servers/by-url.ts'

/** Cases that are measured in full runs, or when they are chosen. */
const slowCases = allCases.filter(({ needs }) => needs !== 'nothing').map(({ name }) => name)
const quickCases = caseNames.filter((name) => !slowCases.includes(name))

export const usage = `Usage: npm run bench -- [options]

  --quick               3 rounds of 0.6 s per case and server (the default, 3 to 4 minutes), without ${slowCases.join(', ')}
  --full                5 rounds of 5 s, all cases
  --case NAME           only this case; repeatable: ${caseNames.join(', ')}
  --engine NAME         only this engine; repeatable: ${engines.join(', ')}
  --server NAME         only this server; repeatable: ${serverKinds.join(', ')}
  --connections N       users at a time, one keep-alive connection each (32)
  --rounds N, --seconds N, --warm-up N    instead of those of --quick or --full
  --workers N           instead of all that: Firebrand with N workers on N cores against one on one core
  --start, --memory     instead of all that: time until one process is ready, and its memory in a million requests
  --profile DIRECTORY   instead of all that: CPU profiles of Firebrand, case by case, for any viewer of flame graphs
  --loaded N            Firebrand's databases hold N authorizations, 100,000 clients and a million revoked tokens before
  --directory PATH      where databases are created and removed again (the system's temporary directory)
  --json                write the results as JSON to the standard output instead of the tables
  --strict              exit with 1 when a budget is missed

  --public URL --admin URL     also measure a running Hydra-compatible server
  --admin-token TOKEN, --name NAME, --pid PID    its admin token, its name in the report, its process
`

/** Revoked tokens in the databases of `--loaded`. */
const revokedWithLoaded = 1_000_000

/** A million requests on each of two engines are to end in this time on a slow machine, beside what the run has anyway. */
const processLimitMs = 1_500_000

/** What a run does. */
export interface Options {
  readonly cases: readonly CaseName[]
  readonly engines: readonly Engine[]
  readonly servers: readonly ServerKind[]
  readonly connections: number
  readonly rounds: number
  readonly windowMs: number
  /** Before the first round of a case on a server; later rounds warm up for a quarter of it. */
  readonly warmUpMs: number
  /** The whole run is ended with an error after this time. */
  readonly limitMs: number
  /** When given, the run compares this many workers with one. */
  readonly workers: number | undefined
  /** When there is something, the run measures this of one process. */
  readonly ofProcess: readonly ('start' | 'memory')[]
  /** When given, the run writes profiles there. */
  readonly profile: string | undefined
  /** What is in Firebrand's databases before; `undefined` leaves them empty. */
  readonly load: Amounts | undefined
  readonly directory: string | undefined
  readonly json: boolean
  readonly strict: boolean
  /** Whether nothing was left out, so that the results may replace the published ones. */
  readonly isComplete: boolean
  readonly url: UrlOptions | undefined
}

/** Parses the command line; throws an `Error` with a sentence for the user. */
export function parseOptions(args: readonly string[]): Options | 'help' {
  const text = { type: 'string' } as const
  const list = { type: 'string', multiple: true } as const
  const flag = { type: 'boolean' } as const
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: flag,
      full: flag,
      json: flag,
      strict: flag,
      help: flag,
      case: list,
      engine: list,
      server: list,
      connections: text,
      rounds: text,
      seconds: text,
      'warm-up': text,
      loaded: text,
      workers: text,
      start: flag,
      memory: flag,
      profile: text,
      directory: text,
      public: text,
      admin: text,
      'admin-token': text,
      name: text,
      pid: text,
    },
  })
  if (values.help === true) return 'help'
  const full = values.full === true
  const rounds = positive('rounds', values.rounds, full ? 5 : 3)
  const seconds = positive('seconds', values.seconds, full ? 5 : 0.6)
  const warmUp = positive('warm-up', values['warm-up'], full ? 3 : 0.4)
  const workers = workersOption(values)
  const ofProcess = (['start', 'memory'] as const).filter((each) => values[each] === true)
  const allOfRun = workers === undefined ? caseNames : quickCases
  const cases = choose('case', values.case, allOfRun, full ? allOfRun : quickCases)
  const loaded = values.loaded === undefined ? 0 : positive('loaded', values.loaded, 1)
  return {
    cases,
    engines: choose('engine', values.engine, engines, engines),
    servers: choose('server', values.server, serverKinds, serverKinds),
    connections: positive('connections', values.connections, 32),
    rounds,
    windowMs: seconds * 1000,
    warmUpMs: warmUp * 1000,
    limitMs:
      180_000 +
      ofProcess.length * processLimitMs +
      loaded / 5 +
      6 * cases.length * 1.5 * 1000 * (rounds * (seconds + warmUp / 4) + warmUp + seconds),
    workers,
    ofProcess,
    profile: values.profile,
    load:
      loaded === 0
        ? undefined
        : { clients: clientsInList, grants: loaded, revoked: revokedWithLoaded },
    directory: values.directory,
    json: values.json === true,
    strict: values.strict === true,
    isComplete:
      cases.length === allOfRun.length &&
      [values.engine, values.server, values.loaded].every((each) => each === undefined),
    url: urlOptions(values),
  }
}

/** @throws when an option is given that has no meaning beside it. */
function workersOption(
  values: Readonly<Record<string, string | string[] | boolean | undefined>>,
): number | undefined {
  const { workers } = values
  if (typeof workers !== 'string') return undefined
  const other = ['server', 'loaded', 'public', 'admin'].find((name) => values[name] !== undefined)
  if (other !== undefined) throw new Error(`--workers and --${other} do not go together`)
  const number = positive('workers', workers, 2)
  if (!Number.isInteger(number) || number < 2) throw new Error('--workers must be 2 or more')
  return number
}

function urlOptions(
  values: Readonly<Record<string, string | string[] | boolean | undefined>>,
): UrlOptions | undefined {
  const textOf = (name: string): string | undefined => {
    const value = values[name]
    return typeof value === 'string' ? value : undefined
  }
  const publicUrl = textOf('public')
  const adminUrl = textOf('admin')
  const pid = textOf('pid')
  if (publicUrl === undefined && adminUrl === undefined) return undefined
  if (publicUrl === undefined || adminUrl === undefined) {
    throw new Error('--public and --admin belong together')
  }
  return {
    name: textOf('name') ?? 'server by URL',
    publicUrl,
    adminUrl,
    adminToken: textOf('admin-token'),
    pid: pid === undefined ? undefined : positive('pid', pid, 1),
  }
}

function positive(name: string, value: string | undefined, fallback: number): number {
  if (value === undefined) return fallback
  const number = Number(value)
  if (!(number > 0)) throw new Error(`--${name} must be a number above 0, not ${value}`)
  return number
}

function choose<Name extends string>(
  name: string,
  chosen: readonly string[] | undefined,
  all: readonly Name[],
  usual: readonly Name[],
): readonly Name[] {
  if (chosen === undefined) return usual
  for (const each of chosen) {
    if (!all.some((known) => known === each)) {
      throw new Error(`--${name} ${each} is unknown; known: ${all.join(', ')}`)
    }
  }
  return all.filter((each) => chosen.includes(each))
}
