import type { Case } from '../case.ts'
import { expectTokens } from '../load/expect.ts'

/** Rotation: every connection owns one line of refresh tokens and always uses the newest. */
export const refresh: Case = {
  name: 'refresh',
  operation: 'POST token, newest refresh token, with an ID token',
  requests: 1,
  needs: 'nothing',
  *prepare(dialect) {
    let { refresh_token: newest } = yield* dialect.codeFlow()
    return function* () {
      const used = newest
      newest = expectTokens(yield dialect.refresh(used)).refresh_token
      if (newest === used) throw new Error('the refresh token was not rotated')
    }
  },
}
