import { clientsInList, clientsPerPage } from '../case.ts'
import type { Case } from '../case.ts'
import { unexpected } from '../load/browser.ts'

/** A page from the middle of a long list; its parse is checked once per connection, its length every time. */
export const listClients: Case = {
  name: 'list_clients',
  operation: `GET clients, ${clientsPerPage} from the middle of ${clientsInList.toLocaleString('en-US')}`,
  requests: 1,
  needs: 'many clients',
  *prepare(dialect) {
    const step = dialect.listClients()
    const first = yield step
    const page: unknown = first.status === 200 ? JSON.parse(first.body) : undefined
    if (!Array.isArray(page) || page.length !== clientsPerPage) {
      throw unexpected(first, `${clientsPerPage} clients`)
    }
    return function* () {
      const answer = yield step
      if (answer.status !== 200 || answer.body.length !== first.body.length) {
        throw unexpected(answer, 'the same page')
      }
    }
  },
}
