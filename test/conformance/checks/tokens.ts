/** TOKEN and TERR: what the token endpoint answers. */

import { expect } from 'vitest'
import { expectErrorTexts, expectText } from './values.ts'

/** The members of a JSON answer. */
export type Answer = Readonly<Record<string, unknown>>

const year = 365 * 86_400

/** Holds a token response to the whole set; leaves its body unread. */
export async function checkTokenResponse(response: Response): Promise<Answer> {
  const answer = (await response.clone().json()) as Answer
  expect(response.status, JSON.stringify(answer)).toBe(200)
  expect(response.headers.get('content-type')).toMatch(/^application\/json\b/u)
  // RFC 6749 §5.1
  expect(response.headers.get('cache-control')).toMatch(/\bno-store\b/u)
  expectText(answer['access_token'], 'access_token')
  expect(answer['token_type']).toMatch(/^bearer$/iu)
  // Absence is a warning.
  checkExpiresIn(answer['expires_in'])
  return answer
}

/** A number between one second and one year. */
export function checkExpiresIn(expiresIn: unknown): void {
  expect(expiresIn).toBeTypeOf('number')
  expect(expiresIn).toBeGreaterThanOrEqual(1)
  expect(expiresIn).toBeLessThanOrEqual(year)
}

/** Holds a refusal to the whole set. */
export async function checkTokenError(response: Response, error: string): Promise<void> {
  expect(response.headers.get('content-type')).toMatch(/^application\/json\b/u)
  const answer = (await response.json()) as Answer
  expect(answer['error'], JSON.stringify(answer)).toBe(error)
  expect(response.status).toBe(error === 'invalid_client' ? 401 : 400)
  expectErrorTexts(answer)
}
