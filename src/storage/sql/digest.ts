import { hash } from 'node:crypto'

/** SHA-256 (hex) of strings in order; no two lists of strings share one. */
export function digest(...parts: readonly string[]): string {
  return hash('sha256', JSON.stringify(parts), 'hex')
}
