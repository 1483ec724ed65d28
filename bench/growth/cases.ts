/** The cases that growth may slow down: those of the bench, and two that read and write all over the tables. */

import type { Case } from '../case.ts'
import { clientCredentials } from '../cases/client-credentials.ts'
import { codeFlow } from '../cases/code-flow.ts'
import { introspectionRevoked, introspectionUser } from '../cases/introspection.ts'
import { refresh } from '../cases/refresh.ts'
import { expectActive, expectTokens } from '../load/expect.ts'
import type { SampledTokens } from './sample.ts'

/** A case of this bench. */
export interface GrowthCase {
  readonly name: string
  readonly prepare: Case['prepare']
}

/** The cases of one server; the connections share its sample among them. */
export function growthCases(sample: readonly SampledTokens[], connections: number): GrowthCase[] {
  return [
    clientCredentials,
    introspectionUser,
    introspectionAnywhere(sample, connections),
    introspectionRevoked,
    refresh,
    refreshAnywhere(sample, connections),
    codeFlow,
  ]
}

function parts<T>(all: readonly T[], connections: number): () => T[] {
  let next = 0
  return () => {
    const part = all.filter((_, index) => index % connections === next % connections)
    next += 1
    if (part.length === 0) throw new Error('The sample is too small.')
    return part
  }
}

/** Every time another of thousands of tokens, whose grants lie anywhere in the tables. */
function introspectionAnywhere(sample: readonly SampledTokens[], connections: number): GrowthCase {
  const take = parts(sample, connections)
  return {
    name: 'introspection_anywhere',
    *prepare(dialect) {
      const part = take()
      let turn = 0
      yield* [] // no set-up of its own
      return function* () {
        const token = part[turn++ % part.length]?.access ?? ''
        expectActive(yield dialect.introspect(token))
      }
    },
  }
}

/** Every time the newest refresh token of another of thousands of chains. */
function refreshAnywhere(sample: readonly SampledTokens[], connections: number): GrowthCase {
  const take = parts(sample, connections)
  return {
    name: 'refresh_anywhere',
    *prepare(dialect) {
      const newest = take().map((tokens) => tokens.refresh)
      let turn = 0
      yield* [] // no set-up of its own
      return function* () {
        const which = turn++ % newest.length
        newest[which] = expectTokens(yield dialect.refresh(newest[which] ?? '')).refresh_token
      }
    },
  }
}
