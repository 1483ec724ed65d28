import type { Case } from '../case.ts'
import { Load } from '../load/run.ts'
import type { Options } from '../options.ts'
import type { LeftOut, Measured } from '../results.ts'
import type { ServerUnderTest } from '../servers/server.ts'
import { runRound, summarize } from './cell.ts'
import type { Round } from './cell.ts'
import { pacedShare, runPaced } from './paced.ts'
import type { Paced } from './paced.ts'

/** One case on one server. */
interface Column {
  readonly server: ServerUnderTest
  readonly load: Load
  readonly rounds: Round[]
}

/** The first case runs this much longer unmeasured, until the compilers of both sides have settled. */
const settleMs = 3000

/** How a case is measured. */
export interface MeasureOptions extends Options {
  /** Whether it is the first case of a run, before which servers and generator work unmeasured. */
  readonly settles: boolean
  /** Whether times at a share of the rate are measured as well. */
  readonly isPaced: boolean
  /** Whether the generator has a core that it may keep busy while it waits. */
  readonly mayPoll: boolean
}

/** Measures one case on all servers that have it, the servers taking turns. */
export async function measureCase(
  test: Case,
  servers: readonly ServerUnderTest[],
  options: MeasureOptions,
): Promise<Measured[]> {
  const leave: (() => Promise<void>)[] = []
  try {
    const columns: Column[] = []
    for (const server of servers.filter(({ lacks }) => lacks[test.name] === undefined)) {
      if (server.enter !== undefined) leave.push(await server.enter(test.name))
      columns.push({ server, load: await prepare(test, server, options), rounds: [] })
    }
    if (options.settles) await settle(test, columns)
    await runRounds(test, columns, options)
    const measured: Measured[] = []
    for (const column of columns) {
      const { server, rounds } = column
      const summary = summarize(rounds)
      const rate = summary.opsPerSecond * pacedShare
      const paced = options.isPaced ? await pace(test, column, { ...options, rate }) : undefined
      measured.push({ case: test.name, server, rounds, summary, paced })
    }
    return measured
  } finally {
    for (const each of leave) await each()
  }
}

/** The servers that a case is not measured on, with the reason. */
export function leftOutOf(test: Case, servers: readonly ServerUnderTest[]): LeftOut[] {
  return servers.flatMap(({ name, lacks }) => {
    const reason = lacks[test.name]
    return reason === undefined ? [] : [{ case: test.name, server: name, reason }]
  })
}

/** Lets every server and the generator work unmeasured, so that the first case is not the slowest. */
async function settle(test: Case, columns: readonly Column[]): Promise<void> {
  for (const { server, load } of columns) {
    await naming(test, server, () =>
      load.run({ warmUpMs: 0, windowMs: settleMs }, { begin: () => {}, end: () => {} }),
    )
  }
}

async function runRounds(
  test: Case,
  columns: readonly Column[],
  options: MeasureOptions,
): Promise<void> {
  for (let round = 0; round < options.rounds; round++) {
    // Every round starts with another server, so that none is always the first after a pause.
    const start = round % columns.length
    for (const column of [...columns.slice(start), ...columns.slice(0, start)]) {
      const warmUpMs = round === 0 ? options.warmUpMs : options.warmUpMs / 4
      const { server, load } = column
      const times = {
        warmUpMs,
        windowMs: options.windowMs,
        polls: options.mayPoll && mayPoll(server),
      }
      column.rounds.push(await naming(test, server, () => runRound(load, server, times)))
    }
    process.stderr.write(`${test.name}: round ${round + 1} of ${options.rounds}\n`)
  }
}

/** Servers that times are promised of are asked at a share of the rate that they have just shown. */
async function pace(
  test: Case,
  { server, load }: Column,
  { warmUpMs, windowMs, rate }: Options & { readonly rate: number },
): Promise<Paced | undefined> {
  if (server.kind !== 'firebrand' && server.kind !== 'url') return undefined
  const times = { warmUpMs: warmUpMs / 2, windowMs: 2 * windowMs, polls: mayPoll(server) }
  return naming(test, server, () => runPaced(load, server, { ...times, rate }))
}

/** A database on the generator's core would be starved by a generator that polls. */
function mayPoll({ databasePid }: ServerUnderTest): boolean {
  return databasePid === undefined
}

function prepare(test: Case, server: ServerUnderTest, options: Options): Promise<Load> {
  const { addresses, dialect } = server
  const { connections } = options
  return naming(test, server, () => Load.prepare(test, dialect, { addresses, connections }))
}

async function naming<T>(test: Case, server: ServerUnderTest, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    throw new Error(`${test.name} on ${server.name}: ${String(error)}`, { cause: error })
  }
}
