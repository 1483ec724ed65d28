/** The page at an address without one. */

import type { NotFoundPage } from '../http/not-found.ts'
import type { Settings } from '../settings.ts'
import { frameOf } from './frame.ts'
import { renderNotFound } from './pages/fallback.ts'
import { respondPage } from './respond-page.ts'

/** Shows people that there is no page, in the looks of the others. For listeners that serve the style sheet too. */
export function notFoundPage(settings: Pick<Settings, 'publicUrl' | 'dev'>): NotFoundPage {
  let markup: ReturnType<typeof renderNotFound> | undefined
  return (headers) => {
    markup ??= renderNotFound(frameOf(settings))
    return respondPage(404, markup, 'nowhere', Object.entries(headers))
  }
}
