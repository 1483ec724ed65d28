/** UINFO: what the UserInfo endpoint answers (OpenID Connect Core §5.3.2). */

import { expect } from 'vitest'
import { checkClaimTypes, type Claims } from './claims.ts'

/** Holds an answer to the whole set. */
export async function checkUserInfo(response: Response, sub: unknown): Promise<Claims> {
  const text = await response.text()
  expect(response.status, text).toBe(200)
  expect(response.headers.get('content-type')).toMatch(/^application\/json\b/u)
  const claims = JSON.parse(text) as Claims
  expect(claims['sub']).toBe(sub)
  checkClaimTypes(claims)
  return claims
}
