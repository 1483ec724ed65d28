/** How JSON Web Keys are printed. */

import { field } from './api.ts'
import { CliError } from './cli.ts'
import { cell, type Output } from './output.ts'

/** A set with its keys, as the API answered. */
export interface KeySet {
  readonly set: string
  readonly keys: readonly unknown[]
}

/** Members of RFC 7518 §6 that make a key private or symmetric. */
const privateMembers = new Set(['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'])

/**
 * Reads the answer of the API.
 * @param onlyPublic leaves out what must stay secret.
 */
export function keySetOf(set: string, response: unknown, onlyPublic: boolean): KeySet {
  const keys = field(response, 'keys')
  if (!Array.isArray(keys)) throw new CliError('The server did not answer with a key set.')
  const list = keys as readonly unknown[]
  return { set, keys: onlyPublic ? list.map(withoutPrivateMembers) : list }
}

function withoutPrivateMembers(key: unknown): unknown {
  if (typeof key !== 'object' || key === null) return key
  return Object.fromEntries(Object.entries(key).filter(([name]) => !privateMembers.has(name)))
}

/** Columns SET ID, KEY ID, ALGORITHM and USE. */
export function keysOutput(sets: readonly KeySet[]): Output {
  const all = sets.flatMap(({ set, keys }) => keys.map((key) => ({ set, key })))
  return {
    columns: ['SET ID', 'KEY ID', 'ALGORITHM', 'USE'],
    rows: all.map(({ set, key }) => [
      set,
      ...['kid', 'alg', 'use'].map((name) => cell(field(key, name))),
    ]),
    single: false,
    ids: all.map(({ key }) => cell(field(key, 'kid'))),
    json: sets.length === 1 ? sets[0] : sets,
  }
}
