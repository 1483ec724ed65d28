/** The frame of the pages of one server. */

import type { Settings } from '../settings.ts'
import type { JsonObject } from '../protocol/json.ts'
import { chooseLanguage, type Language } from '../protocol/language.ts'
import { assets } from './assets.ts'
import { messages } from './messages/messages.ts'
import type { Frame } from './pages/layout.ts'

/** How a page is to be shown. */
export interface Presentation {
  readonly lang: Language
  readonly isPopup: boolean
}

const plain: Presentation = { lang: 'en', isPopup: false }

/** What the client asks for by `ui_locales` and `display`, and the browser by its languages; never an error (OpenID Connect Core §3.1.2.1). */
export function presentationOf(request: Request, oidcContext: JsonObject | null): Presentation {
  const { ui_locales: locales, display } = oidcContext ?? {}
  const tags = Array.isArray(locales) ? locales.map(String) : []
  return {
    lang: chooseLanguage(tags, request.headers.get('accept-language')),
    isPopup: display === 'popup',
  }
}

/** Where the pages live and what they show of the server; in English unless told otherwise. */
export function frameOf(
  settings: Pick<Settings, 'publicUrl' | 'dev'>,
  { lang, isPopup }: Presentation = plain,
): Frame {
  const { pathname, host } = new URL(settings.publicUrl)
  const base = pathname.replace(/\/+$/u, '')
  const { stylesheet, mark } = assets()
  return {
    base,
    assets: { stylesheet: base + stylesheet.path, mark: base + mark.path },
    host,
    dev: settings.dev,
    lang,
    words: messages[lang],
    isPopup,
  }
}
