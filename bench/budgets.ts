import { caseNames } from './case.ts'
import type { CaseName } from './case.ts'

/** A promise about a rate: that of Firebrand divided by that of a peer in the same run. */
export interface RateBudget {
  readonly case: CaseName
  /** `bare`: the bare `node:http` server; `oidc-provider`: that peer on the same engine. */
  readonly against: 'bare' | 'oidc-provider'
  readonly atLeast: number
}

/** A promise about time: 99 of 100 requests are answered in less, when Firebrand is asked for 70 % of what it can do. */
export interface TimeBudget {
  readonly case: CaseName
  readonly against: 'clock'
  readonly p99MsBelow: number
}

/** The promises about rates that a run of the bench can check. */
export const rateBudgets: readonly RateBudget[] = [
  { case: 'client_credentials', against: 'bare', atLeast: 0.5 },
  { case: 'client_credentials_es256', against: 'bare', atLeast: 0.3 },
  { case: 'introspection_client', against: 'bare', atLeast: 0.5 },
  { case: 'introspection_user', against: 'bare', atLeast: 0.5 },
  { case: 'refresh', against: 'oidc-provider', atLeast: 8 },
  { case: 'code_flow', against: 'oidc-provider', atLeast: 8 },
]

/** The promises about one process: of the package, on a database that is there. */
export const processBudgets = {
  /** From the start of the process until it is ready, on SQLite. */
  startMs: 300,
  /** The most resident memory in a million requests. */
  memoryBytes: 150e6,
  /** The most memory in the second half of them, divided by the most in the first. */
  growth: 1.1,
} as const

/** The promises about time: one for each case. */
export const timeBudgets: readonly TimeBudget[] = caseNames.map((name) => ({
  case: name,
  against: 'clock',
  p99MsBelow: 10,
}))
