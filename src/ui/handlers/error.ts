/** `/ui/error`: what went wrong before there was an application to go back to. */

import type { Endpoint } from '../../http/endpoint.ts'
import { oauthErrorCodes } from '../../protocol/oauth-error.ts'
import { frameOf } from '../frame.ts'
import { renderError, type ErrorPage } from '../pages/error.ts'
import { respondPage } from '../respond-page.ts'

/** Anybody can link to this page with any text: what is shown is cut, and set apart as technical. */
const longestText = 1000

type Words = Pick<ErrorPage, 'title' | 'text' | 'advice'>

const theirFault =
  'You did nothing wrong. Go back to the application and try once more; if it happens again, send the lines below to its support.'

const startAgain = 'Go back to the application and start again there.'

const words: Readonly<Record<string, Words>> = {
  invalid_client: {
    title: 'This application is not known here',
    text: 'The application that sent you is not registered with this sign-in service, or no longer is.',
    advice: theirFault,
  },
  request_forbidden: {
    title: 'This browser did not start the sign-in',
    text: 'The sign-in was started in another browser, or cookies are blocked.',
    advice: 'Allow cookies for this site, then go back to the application and start again there.',
  },
  request_unauthorized: {
    title: 'This sign-in took too long',
    text: 'For your safety it ends after a while, and this one has.',
    advice: startAgain,
  },
  access_denied: {
    title: 'The sign-in was refused',
    text: 'It was cancelled, or its link was used before.',
    advice: startAgain,
  },
  server_error: {
    title: 'Something broke on our side',
    text: 'The sign-in service met a problem of its own.',
    advice: 'Try again in a moment. If it happens again, send the lines below to the operator.',
  },
  temporarily_unavailable: {
    title: 'Back in a moment',
    text: 'The sign-in service cannot answer right now.',
    advice: 'Nothing was lost. Try again in a moment.',
  },
}

const otherwise: Words = {
  title: 'The sign-in could not go on',
  text: 'The request of the application that sent you is not valid.',
  advice: theirFault,
}

/** View model of an error that came in a query. */
export function errorPage(query: URLSearchParams): ErrorPage {
  const field = (name: string) => (query.get(name) ?? '').slice(0, longestText)
  const error = field('error')
  return {
    ...(Object.hasOwn(words, error) ? (words[error] ?? otherwise) : otherwise),
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
  async handle({ services, url }) {
    const view = errorPage(url.searchParams)
    const status = statusOf(view.details.error)
    return respondPage(status, renderError(frameOf(services.settings), view))
  },
}
