import type { CaseName } from './case.ts'

/** A promise about one case: the rate of Firebrand divided by the rate of a peer in the same run. */
export interface Budget {
  readonly case: CaseName
  /** `bare`: the bare `node:http` server; `oidc-provider`: that peer on the same engine. */
  readonly against: 'bare' | 'oidc-provider'
  readonly atLeast: number
}

/** The promises that a run of the bench can check. */
export const budgets: readonly Budget[] = [
  { case: 'client_credentials', against: 'bare', atLeast: 0.5 },
  { case: 'client_credentials_es256', against: 'bare', atLeast: 0.3 },
  { case: 'introspection_client', against: 'bare', atLeast: 0.5 },
  { case: 'introspection_user', against: 'bare', atLeast: 0.5 },
  { case: 'refresh', against: 'oidc-provider', atLeast: 8 },
  { case: 'code_flow', against: 'oidc-provider', atLeast: 8 },
]
