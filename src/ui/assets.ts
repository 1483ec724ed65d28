/** Files that pages refer to. Their address holds a hash of their content, so that browsers may keep them for ever. */

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** One file as it is served. */
export interface Asset {
  /** Below the public address, such as `/ui/assets/firebrand.0123456789abcdef.css`. */
  readonly path: string
  readonly contentType: string
  readonly body: string
}

/** The static files of the pages. */
export interface Assets {
  readonly stylesheet: Asset
  readonly mark: Asset
}

let loaded: Assets | undefined

/** All assets; the files are read on the first call. */
export function assets(): Assets {
  loaded ??= {
    stylesheet: load('firebrand', 'css', 'text/css; charset=utf-8'),
    mark: load('mark', 'svg', 'image/svg+xml'),
  }
  return loaded
}

function load(name: string, extension: string, contentType: string): Asset {
  const body = readFileSync(new URL(`./assets/${name}.${extension}`, import.meta.url), 'utf8')
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 16)
  return { path: `/ui/assets/${name}.${hash}.${extension}`, contentType, body }
}
