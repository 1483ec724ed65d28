/** Who may call the admin API: anybody who reaches it, or bearers of a configured token (RFC 6750 §2.1). */

import { createHash, timingSafeEqual } from 'node:crypto'
import type { Settings } from '../settings.ts'
import { text } from './respond.ts'

/**
 * Checks the bearer token of a request.
 *
 * @returns the response to send when access is refused, in the nested form that gateways in front of this API use;
 *   `undefined` when the request may go on. The time taken does not depend on how much of a token is right.
 */
export function checkAdminAccess(
  request: Request,
  { access, tokenHashes }: Settings['admin'],
  requestId: string,
): Response | undefined {
  if (access === 'open') return undefined
  if (tokenHashes.length === 0) {
    return refusal(403, 'Forbidden', requestId, 'No token is configured for the admin API.')
  }
  const token = bearerToken(request.headers.get('authorization'))
  if (token === undefined) {
    return refusal(401, 'Unauthorized', requestId, 'The admin API needs a bearer token.')
  }
  const digest = createHash('sha256').update(token).digest()
  const matches = tokenHashes.filter((hash) => {
    const expected = Buffer.from(hash, 'hex')
    return expected.length === digest.length && timingSafeEqual(expected, digest)
  })
  return matches.length > 0
    ? undefined
    : refusal(401, 'Unauthorized', requestId, 'The bearer token is not valid.')
}

function bearerToken(authorization: string | null): string | undefined {
  return /^bearer +(\S+) *$/iu.exec(authorization ?? '')?.[1]
}

function refusal(code: 401 | 403, status: string, requestId: string, reason: string): Response {
  const message = code === 401 ? 'The request could not be authorized' : 'Access was denied'
  const body = { error: { code, status, request: requestId, message, reason } }
  return text(code, `${JSON.stringify(body)}\n`, {
    'content-type': 'application/json',
    ...(code === 401 ? { 'www-authenticate': 'Bearer realm="admin"' } : {}),
  })
}
