import type { Markup } from './html.ts'
import type { Frame } from './pages/layout.ts'

/** One page in one state. */
export interface Story {
  /** Kebab-case; the name of its screenshot. */
  readonly name: string
  render(frame: Frame): Markup
}
