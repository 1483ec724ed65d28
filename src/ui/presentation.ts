/** How a page is to be shown: its language and the room it has. */

import type { JsonObject } from '../protocol/json.ts'
import { askedLanguage, chooseLanguage, type Language } from '../protocol/language.ts'

/** How a page is to be shown. */
export interface Presentation {
  readonly lang: Language
  readonly isPopup: boolean
}

/** What a flow asks for by `ui_locales` and `display`: hints, so never an error (OpenID Connect Core §3.1.2.1). */
export interface Hints {
  /** `undefined` when no language that there is was asked for. */
  readonly language: Language | undefined
  readonly isPopup: boolean
}

/** The hints in a query. */
export function hintsOfQuery(query: URLSearchParams): Hints {
  return {
    language: askedLanguage(query.get('ui_locales')),
    isPopup: query.get('display') === 'popup',
  }
}

/** The hints of a login or consent request. That of a device has no parameters but those of the verification URL. */
export function hintsOfFlow(flow: {
  readonly oidc_context: JsonObject | null
  readonly request_url: string
}): Hints {
  if (flow.oidc_context === null) return hintsOfQuery(new URL(flow.request_url).searchParams)
  const { ui_locales: locales, display } = flow.oidc_context
  const tags = Array.isArray(locales) ? locales.map(String).join(' ') : ''
  return { language: askedLanguage(tags), isPopup: display === 'popup' }
}

/** The language that the flow asks for, else that of the browser, else English. */
export function presentationOf(request: Request, { language, isPopup }: Hints): Presentation {
  const accepted = request.headers.get('accept-language')
  return { lang: language ?? chooseLanguage([], accepted), isPopup }
}
