/** Sends a browser on within a flow, with the cookies that the flow wants. */

import type { Services } from '../../context.ts'
import type { CookieChange } from '../../interaction/cookies.ts'
import { builtInPages, inLanguage } from '../../interaction/pages.ts'
import { withParams } from '../../interaction/request-url.ts'
import { askedLanguage } from '../../protocol/language.ts'
import { errorDescription, type OAuthError } from '../../protocol/oauth-error.ts'
import { setCookieHeader } from '../cookies.ts'
import { redirect } from '../respond.ts'

/** `Set-Cookie` headers of a flow. */
export function cookieHeaders(
  { settings, clock }: Services,
  cookies: readonly CookieChange[],
): readonly (readonly [string, string])[] {
  return cookies.map((change) => ['set-cookie', setCookieHeader(settings, change, clock())])
}

/** The next page of a flow (302). */
export function toBrowser(
  services: Services,
  location: string,
  cookies: readonly CookieChange[],
): Response {
  return redirect(302, location, cookieHeaders(services, cookies))
}

/** Query members of an error, for the error page and for authorization responses. */
export function errorParams({ settings }: Services, error: OAuthError): Record<string, string> {
  return {
    error: error.code,
    error_description: errorDescription(error, settings.oauth2.exposeInternalErrors),
  }
}

/** The error page (302): `urls.error`, or the built-in one. @param uiLocales of the request that failed. */
export function toErrorPage(
  services: Services,
  error: OAuthError,
  uiLocales: string | null,
): Response {
  const { settings } = services
  const page =
    settings.urls.error ?? inLanguage(builtInPages(settings).error, askedLanguage(uiLocales))
  return redirect(302, withParams(page, errorParams(services, error)))
}
