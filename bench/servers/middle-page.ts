import { clientsInList, clientsPerPage } from '../case.ts'
import type { AdminApi } from './hydra-clients.ts'

/** The largest page that the API gives. */
const largestPage = 500

/**
 * Follows the list of clients to its middle, in the largest pages.
 *
 * @returns path and query of a page of `clientsPerPage` there, with the token that the server gave for it.
 */
export async function middlePage(admin: AdminApi): Promise<string> {
  let next = `/admin/clients?page_size=${largestPage}`
  for (let read = 0; read < clientsInList / 2; read += largestPage) {
    const answer = await fetch(`${admin.url}${next}`)
    await answer.body?.cancel()
    const link = /<([^>]+)>; ?rel="next"/.exec(answer.headers.get('link') ?? '')?.[1]
    if (answer.status !== 200 || link === undefined) {
      throw new Error(`listing clients: ${answer.status}, and no next page after ${read}`)
    }
    next = link
  }
  const query = new URLSearchParams(next.slice(next.indexOf('?')))
  query.set('page_size', String(clientsPerPage))
  return `/admin/clients?${query.toString()}`
}
