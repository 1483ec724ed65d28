/** The page at an address without one. */

import type { NotFoundPage } from '../http/not-found.ts'
import { chooseLanguage, type Language } from '../protocol/language.ts'
import type { Settings } from '../settings.ts'
import { frameOf } from './frame.ts'
import type { Markup } from './html.ts'
import { renderNotFound } from './pages/fallback.ts'
import { respondPage } from './respond-page.ts'

/**
 * Shows people that there is no page, in their language and in the looks of the others. For listeners that serve the style
 * sheet too.
 */
export function notFoundPage(settings: Pick<Settings, 'publicUrl' | 'dev'>): NotFoundPage {
  const pages = new Map<Language, Markup>()
  return (headers, request) => {
    const lang = chooseLanguage([], request.headers.get('accept-language'))
    const markup = pages.get(lang) ?? renderNotFound(frameOf(settings, { lang, isPopup: false }))
    pages.set(lang, markup)
    return respondPage(404, markup, 'nowhere', Object.entries(headers))
  }
}
