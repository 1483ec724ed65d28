/**
 * User codes: what people type from one screen into another.
 *
 * @see RFC 8628 §6.1
 */

/** The form of user codes. */
export interface UserCodeFormat {
  readonly length: number
  /** Characters that codes are made of. */
  readonly characters: readonly string[]
}

/**
 * The code as it is compared: without spaces and dashes, and without regard to case, so that nobody fails because of how they
 * typed it.
 */
export function normalizeUserCode(typed: string): string {
  return typed.replaceAll(/[\s\p{Pd}]/gu, '').toUpperCase()
}

/**
 * Draws a code.
 *
 * @param draw a uniformly distributed whole number from 0 up to, not including, its argument.
 */
export function makeUserCode(format: UserCodeFormat, draw: (below: number) => number): string {
  const { length, characters } = format
  return Array.from({ length }, () => characters[draw(characters.length)] ?? '').join('')
}

/** The characters of a set, whole ones. */
export function charactersOf(set: string): readonly string[] {
  return Array.from(set)
}

/** The named forms of the Ory API. */
export const userCodePresets = {
  high: {
    length: 8,
    characters: charactersOf('abcdefghijkmnpqrstuvwxyzACDEFGHJKLMNPQRTUVWXY34679'),
  },
  medium: { length: 8, characters: charactersOf('ABCDEFGHIJKLMNOPQRSTUVWXYZ') },
  low: { length: 9, characters: charactersOf('0123456789') },
} as const satisfies Record<string, UserCodeFormat>
