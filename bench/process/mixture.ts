import type { Case, Script } from '../case.ts'
import { clientCredentials } from '../cases/client-credentials.ts'
import { introspectionClient, introspectionUser } from '../cases/introspection.ts'
import { refresh } from '../cases/refresh.ts'

/** Of ten requests in a row. */
const shares = [
  { test: clientCredentials, count: 4 },
  { test: introspectionClient, count: 2 },
  { test: introspectionUser, count: 2 },
  { test: refresh, count: 2 },
]

/** What servers do all day, one request per operation: client credentials, introspection, refresh. */
export const mixture: Pick<Case, 'prepare'> = {
  *prepare(dialect) {
    const turns: Script[] = []
    for (const { test, count } of shares) {
      const script = yield* test.prepare(dialect)
      turns.push(...Array.from({ length: count }, () => script))
    }
    let turn = 0
    return function* () {
      const script = turns[turn % turns.length]
      turn += 1
      if (script !== undefined) yield* script()
    }
  },
}
