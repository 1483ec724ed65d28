/** Forms of single values that several sets of checks ask for. */

import { expect } from 'vitest'

/** An absolute https URL. */
export function expectHttps(value: unknown): URL {
  expect(value).toBeTypeOf('string')
  const url = new URL(String(value))
  expect(url.protocol).toBe('https:')
  return url
}

/** A text that says something. */
export function expectText(value: unknown, name: string): void {
  expect(value, name).toBeTypeOf('string')
  expect(value, name).not.toBe('')
  expect(value, name).not.toBe('null')
}

/** Unpadded base64url (RFC 7515 §2). */
export function expectBase64url(value: unknown): void {
  expect(value).toMatch(/^[\w-]+$/u)
}

/** Length and variety of a value that must not be guessed: Shannon entropy of its characters times their number. */
export function expectUnguessable(value: unknown): void {
  expect(value).toBeTypeOf('string')
  const text = String(value)
  const counts = new Map<string, number>()
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1)
  const perCharacter = [...counts.values()]
    .map((count) => count / text.length)
    .reduce((sum, share) => sum - share * Math.log2(share), 0)
  expect(text.length * 8).toBeGreaterThanOrEqual(128)
  expect(perCharacter * text.length).toBeGreaterThan(96)
}

/** RFC 6749 §4.1.2.1 and §5.2: printable ASCII without `"` and `\`, and a URI. */
export function expectErrorTexts(params: Readonly<Record<string, unknown>>): void {
  const { error_description: description, error_uri: uri } = params
  if (description !== undefined) expect(description).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/u)
  if (uri !== undefined) expectUri(uri)
}

function expectUri(value: unknown): void {
  expect(value).toBeTypeOf('string')
  expect(typeof value === 'string' && URL.canParse(value)).toBe(true)
}
