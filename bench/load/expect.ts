import type { Tokens } from '../case.ts'
import { unexpected } from './browser.ts'
import type { Answer } from './wire.ts'

/** Expects 200 and a JSON object. */
export function expectJson(answer: Answer): Record<string, unknown> {
  if (answer.status !== 200) throw unexpected(answer, '200')
  return JSON.parse(answer.body) as Record<string, unknown>
}

/** Expects a successful token answer with an access token; returns the token. */
export function expectAccessToken(answer: Answer): string {
  const token = expectJson(answer)['access_token']
  if (typeof token !== 'string' || token.length < 20) throw unexpected(answer, 'an access token')
  return token
}

/** Expects a token answer of the code flow or of a refresh: access, refresh and ID token. */
export function expectTokens(answer: Answer): Tokens {
  const body = expectJson(answer)
  for (const name of ['access_token', 'refresh_token', 'id_token']) {
    if (typeof body[name] !== 'string') throw unexpected(answer, `a ${name}`)
  }
  return body as unknown as Tokens
}

/** Expects `{"active":true}` with a client. */
export function expectActive(answer: Answer): void {
  const body = expectJson(answer)
  if (body['active'] !== true || typeof body['client_id'] !== 'string') {
    throw unexpected(answer, 'an active token')
  }
}

/** Expects `{"active":false}` and nothing about the token (RFC 7662 §2.2). */
export function expectInactive(answer: Answer): void {
  const body = expectJson(answer)
  if (body['active'] !== false || body['client_id'] !== undefined) {
    throw unexpected(answer, 'an inactive token')
  }
}

/** Expects a compact JWS and returns its `alg`. */
export function algOf(jwt: string): string {
  const [head = '', ...others] = jwt.split('.')
  if (others.length !== 2 || !head.startsWith('ey')) throw new Error('the token is not a JWT')
  const { alg } = JSON.parse(Buffer.from(head, 'base64url').toString()) as { alg?: unknown }
  if (typeof alg !== 'string') throw new Error('a JWT without alg')
  return alg
}
