import type { Case } from '../case.ts'
import { unexpected } from '../load/browser.ts'
import { expectJson } from '../load/expect.ts'

/** The discovery document; its parse is checked once per connection, its start and length every time. */
export const discovery: Case = {
  name: 'discovery',
  operation: 'GET /.well-known/openid-configuration',
  requests: 1,
  needs: 'nothing',
  *prepare(dialect) {
    const step = dialect.discovery()
    const first = yield step
    if (typeof expectJson(first)['issuer'] !== 'string') throw unexpected(first, 'an issuer')
    return function* () {
      const answer = yield step
      if (answer.status !== 200 || answer.body.length !== first.body.length) {
        throw unexpected(answer, 'the same document')
      }
    }
  },
}
