import type { Case } from '../case.ts'
import { unexpected } from '../load/browser.ts'
import { expectJson } from '../load/expect.ts'

/** The claims about a user, with the access token of a code flow that asked for `openid`. */
export const userinfo: Case = {
  name: 'userinfo',
  operation: 'GET userinfo, access token of a code flow',
  requests: 1,
  needs: 'nothing',
  *prepare(dialect) {
    const tokens = yield* dialect.codeFlow()
    const step = dialect.userinfo(tokens.access_token)
    return function* () {
      const answer = yield step
      if (expectJson(answer)['sub'] !== 'user-1') throw unexpected(answer, 'the subject user-1')
    }
  },
}
