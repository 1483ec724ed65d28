/** Pages for flows that cannot go on: what happened, and how to go on all the same. */

import type { InteractionError } from '../interaction/interaction-error.ts'
import { verificationUrl } from '../interaction/request-url.ts'
import { restartUrl } from '../interaction/restart.ts'
import { errorDescription, type OAuthError } from '../protocol/oauth-error.ts'
import { frameFor, type Asker } from './frame.ts'
import { renderError } from './pages/error.ts'
import { hintsOfQuery } from './presentation.ts'
import { respondPage } from './respond-page.ts'

const noDetails = { error: '', description: '', hint: '', debug: '' }

/** Statuses of what can be wrong; what people read of it is in the messages. */
const statuses = {
  unknown: 404,
  missing: 400,
  used: 410,
  expired: 401,
  expiredLogout: 401,
  unreadable: 400,
} as const

/** What could not be used: the challenge of a kind, and why. */
export interface Unusable {
  readonly kind: 'login_challenge' | 'consent_challenge' | 'logout_challenge' | 'device_challenge'
  readonly challenge: string
  readonly error: InteractionError
}

/** The page for a challenge that cannot be used. */
export function flowTrouble(asker: Asker, unusable: Unusable): Response {
  const { error } = unusable
  switch (error.kind) {
    case 'not_found':
      return show(asker, 'unknown')
    case 'handled':
      return show(asker, 'used', error.redirectTo)
    case 'refused':
      return error.error.code === 'request_unauthorized'
        ? ranOut(asker, unusable)
        : refused(asker, error.error)
    default:
      return error satisfies never
  }
}

/** The page for an address without a challenge. */
export function missingChallenge(asker: Asker): Response {
  return show(asker, 'missing')
}

/** The page for a body that is not a form. */
export function unreadableForm(asker: Asker): Response {
  return show(asker, 'unreadable')
}

function ranOut(asker: Asker, { kind, challenge }: Unusable): Response {
  const { services } = asker
  if (kind === 'logout_challenge') return show(asker, 'expiredLogout')
  if (kind === 'device_challenge') return show(asker, 'expired', verificationUrl(services.settings))
  return show(asker, 'expired', restartUrl(services, kind, challenge))
}

function refused(asker: Asker, error: OAuthError): Response {
  const frame = frameFor(asker)
  const details = {
    ...noDetails,
    error: error.code,
    description: errorDescription(error, false),
  }
  const page = { ...frame.words.trouble.refused, restartUrl: undefined, details }
  return respondPage(error.status, renderError(frame, page))
}

/** `restart`: where the flow begins anew. It is the request of the flow, and so has its hints too. */
function show(asker: Asker, trouble: keyof typeof statuses, restart?: string): Response {
  const hints = restart === undefined ? undefined : hintsOfQuery(new URL(restart).searchParams)
  const frame = frameFor(asker, hints)
  const page = { ...frame.words.trouble[trouble], restartUrl: restart, details: noDetails }
  return respondPage(statuses[trouble], renderError(frame, page))
}
