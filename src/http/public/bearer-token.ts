/** The access token that a request carries, and how its failures are written. @see RFC 6750 §2 and §3 */

import { errorDescription, type OAuthError } from '../../protocol/oauth-error.ts'
import { ok, type Result } from '../../result.ts'
import type { EndpointRequest } from '../endpoint.ts'
import { oauthErrorResponse } from '../errors.ts'
import { readForm } from '../form.ts'

/**
 * Finds the token in the `Authorization` header, else in the body, else in the query.
 *
 * @returns `''` when there is none; `invalid_request` when the body cannot be parsed.
 */
export async function bearerToken({
  request,
  url,
  services,
}: EndpointRequest): Promise<Result<string, OAuthError>> {
  const header = /^bearer (.*)$/iu.exec(request.headers.get('authorization') ?? '')
  if (header !== null) return ok(header[1] ?? '')
  const fromQuery = url.searchParams.get('access_token') ?? ''
  if (request.method !== 'POST') return ok(fromQuery)
  const form = await readForm(request, services.settings.limits)
  return form.ok ? ok(form.value.get('access_token') ?? fromQuery) : form
}

/** Writes a failure in the body and as a challenge. */
export function bearerErrorResponse(error: OAuthError): Response {
  const challenge = `Bearer error="${error.code}",error_description="${errorDescription(error, false)}"`
  return oauthErrorResponse(error, undefined, { 'www-authenticate': challenge })
}
