/** A login or consent that an app refused, as the client will see it. */

import type { OAuthError } from '../protocol/oauth-error.ts'
import type { Rejection } from './flow.ts'

/** Body of the reject operations. */
export interface RejectBody {
  readonly error?: string | undefined
  readonly error_description?: string | undefined
  readonly error_hint?: string | undefined
  readonly error_debug?: string | undefined
  readonly status_code?: number | undefined
}

/** Fills in what the app left out. The default code is the standard's `access_denied` (RFC 6749 §4.1.2.1). */
export function rejectionOf(body: RejectBody): Rejection {
  return {
    error: nonEmpty(body.error) ?? 'access_denied',
    errorDescription: body.error_description ?? '',
    errorHint: body.error_hint ?? '',
    errorDebug: body.error_debug ?? '',
    statusCode: body.status_code === undefined || body.status_code === 0 ? 400 : body.status_code,
  }
}

/** The error that goes to the client, in the app's words. */
export function rejectionError(rejection: Rejection): OAuthError {
  return {
    code: rejection.error,
    status: rejection.statusCode,
    description: rejection.errorDescription,
    hint: nonEmpty(rejection.errorHint),
    debug: nonEmpty(rejection.errorDebug),
  }
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text
}
