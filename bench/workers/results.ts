import type { CaseName } from '../case.ts'
import type { Round, Summary } from '../measure/cell.ts'
import { disturbingShare } from '../measure/disturbance.ts'
import type { Engine } from '../servers/server.ts'

/** How much faster N workers on N cores must be than one on one core, for each core: 1.7 × for two. */
const promisedPerCore = 0.85

/** Above this share of the machine, nothing was left for the server. */
const fullShare = 0.88

/** The three ways in which Firebrand is run: one worker on a core of its own, one on any core, N on any. */
export type Way = 'one core' | 'one worker' | 'workers'

/** One case, one engine, one way. The shares in the summary are in cores. */
export interface WorkersCell {
  readonly case: CaseName
  readonly engine: Engine
  readonly way: Way
  readonly server: string
  readonly summary: Summary
  readonly rounds: readonly Round[]
}

/** What N workers gave in one case on one engine. */
export interface WorkersVerdict {
  readonly case: CaseName
  readonly engine: Engine
  /** Rate divided by that of one worker on one core. */
  readonly times: number
  readonly atLeast: number
  /** Cores that server, database and load generator kept busy together. */
  readonly busyCores: number
  /** CPU time of the server per operation, divided by that of one worker on one core. */
  readonly costRatio: number
  /** Cores that something else kept busy meanwhile, with the one or with the N workers. */
  readonly otherCores: number
  /**
   * `not shown`: too little of the machine was left for the workers, which at this cost per operation would keep the promise
   * with as many cores of their own; or something else was running.
   */
  readonly outcome: 'met' | 'missed' | 'not shown'
  /** Why it is not met, for the reader. */
  readonly reason: string
}

/** Everything that `--workers` writes to its JSON file. */
export interface WorkersResults {
  readonly startedAt: string
  readonly seconds: number
  readonly workers: number
  readonly machine: Readonly<Record<string, string | number>>
  readonly method: Readonly<Record<string, string | number>>
  readonly notes: readonly string[]
  readonly cells: readonly WorkersCell[]
  readonly verdicts: readonly WorkersVerdict[]
}

/** What is compared, and on how many cores. */
interface Machine {
  readonly workers: number
  readonly cores: number
}

/** Compares N workers with one on one core, in every case and engine that has both. */
export function judgeWorkers(cells: readonly WorkersCell[], machine: Machine): WorkersVerdict[] {
  return cells.flatMap((cell) => {
    if (cell.way !== 'workers') return []
    const one = cells.find(
      (other) =>
        other.way === 'one core' && other.case === cell.case && other.engine === cell.engine,
    )
    return one === undefined ? [] : [judge(one, cell, machine)]
  })
}

function judge(one: WorkersCell, many: WorkersCell, { workers, cores }: Machine): WorkersVerdict {
  const { summary } = many
  const times = summary.opsPerSecond / one.summary.opsPerSecond
  const atLeast = promisedPerCore * workers
  const busyCores = busyCoresOf(summary)
  const costRatio = costOf(summary) / costOf(one.summary)
  const otherCores = Math.max(one.summary.otherShare ?? 0, summary.otherShare ?? 0)
  const about = { case: many.case, engine: many.engine, times, atLeast }
  const verdict = { ...about, busyCores, otherCores, costRatio }
  if (otherCores > disturbingShare * cores) {
    const reason = `other programs took ${inCores(otherCores)} of ${cores} cores`
    return { ...verdict, outcome: 'not shown', reason }
  }
  if (times >= atLeast) return { ...verdict, outcome: 'met', reason: '' }
  const uses =
    `server ${inCores(summary.serverShare)}, database ${inCores(summary.databaseShare)}, ` +
    `generator ${inCores(summary.generatorShare)} of ${cores} cores`
  if (busyCores < fullShare * cores) {
    return { ...verdict, outcome: 'missed', reason: `it waited while cores were idle: ${uses}` }
  }
  const isCheapEnough = workers / costRatio >= atLeast
  return {
    ...verdict,
    outcome: isCheapEnough ? 'not shown' : 'missed',
    reason: `${isCheapEnough ? 'no core was left' : 'an operation costs more'}: ${uses}`,
  }
}

function costOf({ serverCpuMsPerThousand }: Summary): number {
  return serverCpuMsPerThousand ?? Number.NaN
}

/** Cores that the three sides of a measurement kept busy together. */
export function busyCoresOf({ serverShare, databaseShare, generatorShare }: Summary): number {
  return (serverShare ?? 0) + (databaseShare ?? 0) + generatorShare
}

function inCores(share: number | undefined): string {
  return (share ?? 0).toFixed(2)
}
