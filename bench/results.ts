import { rateBudgets, timeBudgets } from './budgets.ts'
import type { RateBudget, TimeBudget } from './budgets.ts'
import type { CaseName } from './case.ts'
import { limitOf } from './measure/cell.ts'
import type { Round, Summary } from './measure/cell.ts'
import { pacedShare } from './measure/paced.ts'
import type { Paced } from './measure/paced.ts'
import type { Engine, ServerKind, ServerUnderTest } from './servers/server.ts'

/** One case on one server, with its ratios to the peers of the same run. */
export interface Cell {
  readonly case: CaseName
  readonly server: string
  readonly kind: ServerKind
  readonly engine: Engine | undefined
  readonly summary: Summary
  readonly rounds: readonly Round[]
  /** At a share of the rate above; `undefined` for peers. */
  readonly paced: Paced | undefined
  readonly limit: ReturnType<typeof limitOf>
  readonly ofBare: number | undefined
  readonly timesOidcProvider: number | undefined
}

/** Whether a promise was kept by one server. */
export type Verdict = { readonly server: string; readonly isMet: boolean } & (
  | (RateBudget & { readonly ratio: number })
  | (TimeBudget & { readonly p99Ms: number })
)

/** A server that a case was not measured on. */
export interface LeftOut {
  readonly case: CaseName
  readonly server: string
  readonly reason: string
}

/** Everything that a run writes to its JSON file. */
export interface Results {
  readonly startedAt: string
  readonly seconds: number
  readonly machine: Readonly<Record<string, string | number>>
  readonly method: Readonly<Record<string, string | number>>
  readonly notes: readonly string[]
  readonly cells: readonly Cell[]
  readonly leftOut: readonly LeftOut[]
  readonly verdicts: readonly Verdict[]
}

/** A measured case on a server, before it is compared with anything. */
export interface Measured {
  readonly case: CaseName
  readonly server: ServerUnderTest
  readonly summary: Summary
  readonly rounds: readonly Round[]
  /** At a share of the rate above; `undefined` for peers. */
  readonly paced: Paced | undefined
}

/**
 * Divides every rate by the rates of the peers in the same case. A server of unknown engine is compared with the
 * faster `oidc-provider`.
 */
export function compare(measured: readonly Measured[]): Cell[] {
  return measured.map((each) => {
    const peers = measured.filter((other) => other.case === each.case)
    const rates = (kind: ServerKind): number[] =>
      peers
        .filter(({ server }) => server.kind === kind)
        .filter(({ server }) => kind === 'bare' || isSameEngine(server, each.server))
        .map(({ summary }) => summary.opsPerSecond)
    const ratio = (kind: ServerKind): number | undefined => {
      const best = Math.max(...rates(kind))
      return each.server.kind === kind || best < 0 ? undefined : each.summary.opsPerSecond / best
    }
    return {
      case: each.case,
      server: each.server.name,
      kind: each.server.kind,
      engine: each.server.engine,
      summary: each.summary,
      rounds: each.rounds,
      paced: each.paced,
      limit: limitOf(each.summary),
      ofBare: ratio('bare'),
      timesOidcProvider: each.server.kind === 'bare' ? undefined : ratio('oidc-provider'),
    }
  })
}

function isSameEngine(peer: ServerUnderTest, server: ServerUnderTest): boolean {
  return server.engine === undefined || peer.engine === server.engine
}

/** Checks the promises for Firebrand and for servers given by URL. */
export function judge(cells: readonly Cell[]): Verdict[] {
  return cells
    .filter(({ kind }) => kind === 'firebrand' || kind === 'url')
    .flatMap((cell) => [
      ...rateBudgets.filter(isAbout(cell)).flatMap((budget) => judgeRate(budget, cell)),
      ...timeBudgets.filter(isAbout(cell)).flatMap((budget) => judgeTime(budget, cell)),
    ])
}

function isAbout(cell: Cell): (budget: { readonly case: CaseName }) => boolean {
  return (budget) => budget.case === cell.case
}

function judgeRate(budget: RateBudget, cell: Cell): Verdict[] {
  const ratio = budget.against === 'bare' ? cell.ofBare : cell.timesOidcProvider
  if (ratio === undefined) return []
  return [{ ...budget, server: cell.server, ratio, isMet: ratio >= budget.atLeast }]
}

function judgeTime(budget: TimeBudget, { server, paced }: Cell): Verdict[] {
  if (paced === undefined) return []
  const { requestP99Ms: p99Ms } = paced
  return [{ ...budget, server, p99Ms, isMet: p99Ms < budget.p99MsBelow }]
}

/** A promise and what was measured, in words for a reader. */
export function inWords(verdict: Verdict): { readonly promised: string; readonly got: string } {
  switch (verdict.against) {
    case 'bare':
      return {
        promised: `≥ ${percent(verdict.atLeast)} of bare`,
        got: `${percent(verdict.ratio)} of bare`,
      }
    case 'oidc-provider':
      return {
        promised: `≥ ${verdict.atLeast} × oidc-provider`,
        got: `${verdict.ratio.toFixed(1)} × oidc-provider`,
      }
    case 'clock':
      return {
        promised: `p99 < ${verdict.p99MsBelow} ms at ${percent(pacedShare)}`,
        got: `${verdict.p99Ms.toFixed(1)} ms`,
      }
  }
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}
