/** The access token that a request carries, and how its failures are written. @see RFC 6750 §2 and §3 */

import { errorDescription, type OAuthError } from '../../protocol/oauth-error.ts'
import { repeatedParameter } from '../../protocol/parameters.ts'
import { err, ok, type Result } from '../../result.ts'
import type { EndpointRequest } from '../endpoint.ts'
import { oauthErrorResponse } from '../errors.ts'
import { readForm } from '../form.ts'

const name = 'access_token'

/** The token in the `Authorization` header, else in the query; `''` when there is none. For endpoints whose body is not a form. */
export function bearerTokenOutsideBody({
  request,
  url,
}: Pick<EndpointRequest, 'request' | 'url'>): string {
  const header = /^bearer (.*)$/iu.exec(request.headers.get('authorization') ?? '')
  return header === null ? (url.searchParams.get(name) ?? '') : (header[1] ?? '')
}

/**
 * Finds the token in the `Authorization` header, else in the body, else in the query.
 *
 * @returns `''` when there is none; `invalid_request` when the body cannot be parsed, or when body and query have more than one (RFC 6750 §2).
 */
export async function bearerToken({
  request,
  url,
  services,
}: EndpointRequest): Promise<Result<string, OAuthError>> {
  const outside = bearerTokenOutsideBody({ request, url })
  if (/^bearer /iu.test(request.headers.get('authorization') ?? '')) return ok(outside)
  const inQuery = url.searchParams.getAll(name).length
  if (inQuery > 1) return err(repeatedParameter(name))
  if (request.method !== 'POST') return ok(outside)
  const form = await readForm(request, services.settings.limits)
  if (!form.ok) return form
  const inBody = form.value.get(name)
  if (inBody !== undefined && inQuery > 0) return err(repeatedParameter(name))
  return ok(inBody ?? outside)
}

/** Writes a failure in the body and as a challenge. */
export function bearerErrorResponse(error: OAuthError): Response {
  const challenge = `Bearer error="${error.code}",error_description="${errorDescription(error, false)}"`
  return oauthErrorResponse(error, undefined, { 'www-authenticate': challenge })
}
