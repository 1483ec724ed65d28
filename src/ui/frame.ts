/** The frame of the pages of one server. */

import type { Settings } from '../settings.ts'
import { assets } from './assets.ts'
import type { Frame } from './pages/layout.ts'

/** Where the pages live and what they show of the server. */
export function frameOf(settings: Pick<Settings, 'publicUrl' | 'dev'>): Frame {
  const { pathname, host } = new URL(settings.publicUrl)
  const base = pathname.replace(/\/+$/u, '')
  const { stylesheet, mark } = assets()
  return {
    base,
    assets: { stylesheet: base + stylesheet.path, mark: base + mark.path },
    host,
    dev: settings.dev,
  }
}
