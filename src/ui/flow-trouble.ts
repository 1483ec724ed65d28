/** Pages for flows that cannot go on: what happened, and how to go on all the same. */

import type { Services } from '../context.ts'
import type { InteractionError } from '../interaction/interaction-error.ts'
import { verificationUrl } from '../interaction/request-url.ts'
import { restartUrl } from '../interaction/restart.ts'
import { errorDescription, type OAuthError } from '../protocol/oauth-error.ts'
import type { Settings } from '../settings.ts'
import { frameOf } from './frame.ts'
import { renderError, type ErrorPage } from './pages/error.ts'
import { respondPage } from './respond-page.ts'

const noDetails = { error: '', description: '', hint: '', debug: '' }

type Trouble = Omit<ErrorPage, 'restartUrl' | 'details'> & { readonly status: number }

const unknown: Trouble = {
  status: 404,
  title: 'This address does not work',
  text: 'It belongs to no sign-in of this server. It may have been cut off or changed on the way.',
  advice: 'Go back to the application you came from and start again there.',
}

const missing: Trouble = {
  status: 400,
  title: 'Start from an application',
  text: 'This page is one step of a sign-in, and it was opened without one.',
  advice: 'Go to the application that you want to use, and sign in from there.',
}

const used: Trouble = {
  status: 410,
  title: 'This step is done already',
  text: 'You answered it before, perhaps in another tab, or you came back to it with the Back button.',
  advice: 'If the application did not let you in, start again; otherwise you can close this page.',
}

const expired: Trouble = {
  status: 401,
  title: 'This sign-in took too long',
  text: 'For your safety it ends after a while, and this one has.',
  advice: 'Nothing was lost. Start again; it takes a moment.',
}

const expiredLogout: Trouble = {
  ...expired,
  title: 'This page is too old',
  advice: 'You are still signed in. To sign out, start again in the application.',
}

const unreadable: Trouble = {
  status: 400,
  title: 'The form did not arrive in one piece',
  text: 'The server could not read what was sent.',
  advice: 'Go back, reload the page and try again.',
}

/** What could not be used: the challenge of a kind, and why. */
export interface Unusable {
  readonly kind: 'login_challenge' | 'consent_challenge' | 'logout_challenge' | 'device_challenge'
  readonly challenge: string
  readonly error: InteractionError
}

/** The page for a challenge that cannot be used. */
export function flowTrouble(services: Services, unusable: Unusable): Response {
  const { settings } = services
  const { error } = unusable
  switch (error.kind) {
    case 'not_found':
      return show(settings, unknown)
    case 'handled':
      return show(settings, used, { restartUrl: error.redirectTo })
    case 'refused':
      return error.error.code === 'request_unauthorized'
        ? ranOut(services, unusable)
        : refused(settings, error.error)
    default:
      return error satisfies never
  }
}

/** The page for an address without a challenge. */
export function missingChallenge(settings: Settings): Response {
  return show(settings, missing)
}

/** The page for a body that is not a form. */
export function unreadableForm(settings: Settings): Response {
  return show(settings, unreadable)
}

function ranOut(services: Services, { kind, challenge }: Unusable): Response {
  const { settings } = services
  if (kind === 'logout_challenge') return show(settings, expiredLogout)
  if (kind === 'device_challenge')
    return show(settings, expired, { restartUrl: verificationUrl(settings) })
  return show(settings, expired, { restartUrl: restartUrl(services, kind, challenge) })
}

function refused(settings: Settings, error: OAuthError): Response {
  return show(
    settings,
    {
      status: error.status,
      title: 'This does not work',
      text: 'The server refused this step.',
      advice: 'Go back to the application and start again there.',
    },
    { details: { ...noDetails, error: error.code, description: errorDescription(error, false) } },
  )
}

function show(
  settings: Settings,
  { status, ...page }: Trouble,
  more: Partial<Pick<ErrorPage, 'restartUrl' | 'details'>> = {},
): Response {
  const view = { restartUrl: undefined, details: noDetails, ...page, ...more }
  return respondPage(status, renderError(frameOf(settings), view))
}
