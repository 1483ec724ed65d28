/** The demo client: a relying party as anyone would write it, against the server's own endpoints. */

import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Services } from '../../context.ts'
import { authorizationUrl } from '../../interaction/request-url.ts'
import { err, ok, type Result } from '../../result.ts'
import { selfRequest, type Self } from '../self.ts'
import type { RequestMemory, TokenMemory } from './memory.ts'
import { demoClientId, demoRedirectUri, demoScope } from './seed.ts'

/** A failure as the endpoint told it. */
export interface DemoFailure {
  readonly error: string
  readonly description: string
}

const tokenResponse = z.object({
  access_token: z.string(),
  expires_in: z.number().optional(),
  refresh_token: z.string().optional(),
  id_token: z.string().optional(),
  scope: z.string().optional(),
})

const errorResponse = z.object({
  error: z.string(),
  error_description: z.string().optional(),
})

/** A new authorization request: what to remember, and where to send the browser (RFC 6749 §4.1.1, RFC 7636 §4.3). */
export function startRequest(services: Services): {
  readonly memory: RequestMemory
  readonly url: string
} {
  const { random, settings } = services
  const codeVerifier = Buffer.from(random.bytes(32)).toString('base64url')
  const memory = { state: random.hex(16), nonce: random.hex(16), codeVerifier }
  const params = new URLSearchParams({
    client_id: demoClientId,
    response_type: 'code',
    redirect_uri: demoRedirectUri(settings),
    scope: demoScope,
    state: memory.state,
    nonce: memory.nonce,
    code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
    code_challenge_method: 'S256',
  })
  return { memory, url: `${authorizationUrl(settings)}?${params.toString()}` }
}

/** Exchanges the code (RFC 6749 §4.1.3). */
export function redeemCode(
  services: Services,
  self: Self,
  code: string,
  memory: RequestMemory,
): Promise<Result<TokenMemory, DemoFailure>> {
  const params = {
    grant_type: 'authorization_code',
    code,
    redirect_uri: demoRedirectUri(services.settings),
    code_verifier: memory.codeVerifier,
  }
  return askForTokens(services, self, params, { nonce: memory.nonce, refreshes: 0 })
}

/** Uses the refresh token (RFC 6749 §6). What the answer leaves out stays as it was. */
export async function refreshTokens(
  services: Services,
  self: Self,
  tokens: TokenMemory & { readonly refreshToken: string },
): Promise<Result<TokenMemory, DemoFailure>> {
  const params = { grant_type: 'refresh_token', refresh_token: tokens.refreshToken }
  const { nonce, refreshes } = tokens
  const fresh = await askForTokens(services, self, params, { nonce, refreshes: refreshes + 1 })
  return fresh.ok ? ok({ ...tokens, ...fresh.value }) : fresh
}

async function askForTokens(
  services: Services,
  self: Self,
  params: Readonly<Record<string, string>>,
  known: Pick<TokenMemory, 'nonce' | 'refreshes'>,
): Promise<Result<TokenMemory, DemoFailure>> {
  const body = new URLSearchParams({ ...params, client_id: demoClientId })
  const response = await self.fetchPublic(selfRequest('/oauth2/token', { method: 'POST', body }))
  const answer: unknown = await response.json()
  const parsed = tokenResponse.safeParse(answer)
  if (!response.ok || !parsed.success) return err(failureOf(answer))
  const { access_token, expires_in, refresh_token, id_token, scope } = parsed.data
  return ok({
    accessToken: access_token,
    ...(refresh_token === undefined ? {} : { refreshToken: refresh_token }),
    ...(id_token === undefined ? {} : { idToken: id_token }),
    scope: scope ?? '',
    expiresAt: services.clock() + (expires_in ?? 0) * 1000,
    ...known,
  })
}

function failureOf(answer: unknown): DemoFailure {
  const parsed = errorResponse.safeParse(answer)
  return parsed.success
    ? { error: parsed.data.error, description: parsed.data.error_description ?? '' }
    : { error: 'unexpected_answer', description: 'The token endpoint answered something else.' }
}

/** The JSON that an endpoint answers, whatever it is; its status and text when it is none. */
export async function readAnswer(answering: Promise<Response>): Promise<unknown> {
  const answer = await answering
  const text = await answer.text()
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    if (error instanceof SyntaxError) return { status: answer.status, body: text.slice(0, 500) }
    throw error
  }
}

/** `POST /admin/oauth2/introspect` (RFC 7662 §2.1). */
export function introspect(self: Self, token: string): Promise<unknown> {
  const body = new URLSearchParams({ token })
  return readAnswer(
    self.fetchAdmin(selfRequest('/admin/oauth2/introspect', { method: 'POST', body })),
  )
}

/** `GET /userinfo` (OpenID Connect Core §5.3). */
export function userinfo(self: Self, token: string): Promise<unknown> {
  const headers = { authorization: `Bearer ${token}` }
  return readAnswer(self.fetchPublic(selfRequest('/userinfo', { headers })))
}
