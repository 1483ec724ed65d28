/** REG: what the registration endpoint answers (OpenID Connect Dynamic Client Registration §3.2). */

import { expect } from 'vitest'
import type { Answer } from './tokens.ts'
import { expectErrorTexts, expectHttps, expectText } from './values.ts'

/** Holds the answer to a registration to the whole set. */
export async function checkRegistration(response: Response): Promise<Answer> {
  const answer = (await response.clone().json()) as Answer
  expect(response.status, JSON.stringify(answer)).toBe(201)
  expect(response.headers.get('content-type')).toMatch(/^application\/json\b/u)
  expect(answer).not.toHaveProperty('error')
  expectText(answer['client_id'], 'client_id')
  expectHttps(answer['registration_client_uri'])
  expectText(answer['registration_access_token'], 'registration_access_token')
  if (answer['client_secret'] !== undefined)
    expect(answer['client_secret_expires_at']).toBeTypeOf('number')
  return answer
}

/** Holds a refusal to the rules of its kind. */
export async function checkRegistrationError(
  response: Response,
  errors: readonly string[],
): Promise<void> {
  expect(response.headers.get('content-type')).toMatch(/^application\/json\b/u)
  const answer = (await response.json()) as Answer
  expect(response.status, JSON.stringify(answer)).toBe(400)
  expect(errors).toContain(answer['error'])
  expectErrorTexts(answer)
}
