/** `/ui/error`: what went wrong before there was an application to go back to. */

import type { Endpoint } from '../../http/endpoint.ts'
import { oauthErrorCodes } from '../../protocol/oauth-error.ts'
import { frameFor } from '../frame.ts'
import type { Messages } from '../messages/en.ts'
import { renderError, type ErrorPage } from '../pages/error.ts'
import { respondPage } from '../respond-page.ts'

/** Anybody can link to this page with any text: what is shown is cut, and set apart as technical. */
const longestText = 1000

/** View model of an error that came in a query. What the query says for developers is shown as it came. */
export function errorPage(query: URLSearchParams, words: Messages): ErrorPage {
  const field = (name: string) => (query.get(name) ?? '').slice(0, longestText)
  const error = field('error')
  const known = Object.entries(words.errors).find(([code]) => code === error)?.[1]
  return {
    ...(known ?? words.otherError),
    restartUrl: undefined,
    details: {
      error,
      description: field('error_description'),
      hint: field('error_hint'),
      debug: field('error_debug'),
    },
  }
}

/** The status of a code, as far as it says whose fault it is. */
function statusOf(error: string): number {
  const known = Object.entries(oauthErrorCodes).find(([code]) => code === error)?.[1]
  return known !== undefined && known.status >= 500 ? known.status : 400
}

/** Shows the failures of the authorization and logout endpoints. */
export const showError: Endpoint = {
  method: 'GET',
  path: '/ui/error',
  summary: 'What went wrong',
  responses: { 400: { description: 'A page.', contentType: 'text/html' } },
  async handle(input) {
    const frame = frameFor(input)
    const view = errorPage(input.url.searchParams, frame.words)
    return respondPage(statusOf(view.details.error), renderError(frame, view))
  },
}
