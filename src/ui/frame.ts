/** The frame of the pages of one server. */

import type { EndpointRequest } from '../http/endpoint.ts'
import type { Settings } from '../settings.ts'
import { assets } from './assets.ts'
import { messages } from './messages/messages.ts'
import type { Frame } from './pages/layout.ts'
import { hintsOfQuery, presentationOf, type Hints, type Presentation } from './presentation.ts'

const plain: Presentation = { lang: 'en', isPopup: false }

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

/** What {@link frameFor} looks at. */
export type Asker = Pick<EndpointRequest, 'request' | 'services'>

/** The frame of the page that answers a request. @param hints those of its flow; without one, those of the address. */
export function frameFor(
  { request, services }: Asker,
  hints: Hints = hintsOfQuery(queryOf(request)),
): Frame {
  return frameOf(services.settings, presentationOf(request, hints))
}

/** Without parsing the rest of the address: a `Host` that is no host must not keep a page from being shown. */
function queryOf({ url }: Request): URLSearchParams {
  const start = url.indexOf('?')
  return new URLSearchParams(start === -1 ? '' : url.slice(start))
}
