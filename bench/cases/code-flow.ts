import type { Case } from '../case.ts'

/** A new browser signs in, consents, and the client redeems the code: openid and offline_access, PKCE. */
export const codeFlow: Case = {
  name: 'code_flow',
  operation: 'authorize, login, consent, code, token (6 requests)',
  requests: 6,
  needs: 'nothing',
  *prepare(dialect) {
    yield* dialect.codeFlow()
    return function* () {
      yield* dialect.codeFlow()
    }
  },
}
