import { randomInt } from 'node:crypto'

const characters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~'

/** A text of the characters that survive every encoding (RFC 3986 §2.3). */
export function randomText(length: number): string {
  return Array.from({ length }, () => characters[randomInt(characters.length)]).join('')
}
