/**
 * Hooks of the token endpoint: web services of the operator that add claims to tokens, or refuse them.
 *
 * They are asked after a request was judged and before anything is minted or spent, so that one that fails costs the client
 * nothing but a retry.
 */

import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { milliseconds } from '../brand.ts'
import type { OutgoingResponse, Services } from '../context.ts'
import { parseJson, type JsonObject } from '../protocol/json.ts'
import { oauthError, type OAuthError } from '../protocol/oauth-error.ts'
import { err, ok, type Result } from '../result.ts'
import type { HookSettings } from '../settings.ts'
import type { Approval, CustomClaims } from './grant.ts'
import { refreshTokenHookBody, tokenHookBody, type HookCall } from './hook-body.ts'

/** Pauses ahead of the second and the third attempt, in milliseconds. */
const pauses = [100, 400] as const

/**
 * Asks the hooks that are configured for a request, the one for refreshes first.
 *
 * @returns the claims that the tokens get; `access_denied` when a hook refuses, `server_error` when one fails.
 */
export async function askHooks(
  services: Services,
  call: HookCall,
): Promise<Result<CustomClaims, OAuthError>> {
  const { tokenHook, refreshTokenHook } = services.settings.oauth2
  let { claims } = call.approval
  if (refreshTokenHook !== undefined && call.grantType === 'refresh_token') {
    const body = await refreshTokenHookBody(services, call, claims)
    const answer = await askHook(services, refreshTokenHook, body)
    if (!answer.ok) return answer
    claims = withAnswer(call.approval, claims, answer.value)
  }
  if (tokenHook === undefined) return ok(claims)
  const answer = await askHook(services, tokenHook, await tokenHookBody(services, call, claims))
  return answer.ok ? ok(withAnswer(call.approval, claims, answer.value)) : answer
}

function withAnswer(
  { hookClaims }: Approval,
  claims: CustomClaims,
  answer: CustomClaims | undefined,
): CustomClaims {
  if (answer === undefined) return claims
  if (hookClaims === 'replace') return answer
  return {
    accessToken: { ...answer.accessToken, ...claims.accessToken },
    idToken: { ...answer.idToken, ...claims.idToken },
  }
}

/** Asks one hook; `undefined` when it leaves the claims as they are. */
async function askHook(
  services: Services,
  hook: HookSettings,
  body: JsonObject,
): Promise<Result<CustomClaims | undefined, OAuthError>> {
  const response = await post(services, hook, JSON.stringify(body))
  if (!response.ok) return failed('An error occurred while executing the hook.', response.error)
  switch (response.value.status) {
    case 200:
      return parseAnswer(response.value.text)
    case 204:
      return ok(undefined)
    case 403:
      return err(oauthError('access_denied', 'The hook denied the request.'))
    default:
      return failed(
        'The hook target answered with an error.',
        `the hook answered ${response.value.status}`,
      )
  }
}

function failed(hint: string, debug: string): Result<never, OAuthError> {
  return err(oauthError('server_error', hint, debug))
}

/** Sends the body until there is a final answer, the attempts are used up, or the time is. */
async function post(
  services: Services,
  { url, credential }: HookSettings,
  body: string,
): Promise<Result<OutgoingResponse, string>> {
  const { maxBytes, timeout } = services.settings.limits.outgoing.hook
  const end = performance.now() + timeout
  for (let attempt = 0; ; attempt += 1) {
    const response = await services.outgoing.fetch({
      url,
      method: 'POST',
      headers: {
        'content-type': 'application/json; charset=utf-8',
        accept: 'application/json',
        ...credentialHeader(credential),
      },
      body,
      maxBytes,
      timeout: milliseconds(Math.max(1, Math.ceil(end - performance.now()))),
    })
    if (response.ok && !isTemporary(response.value.status)) return response
    const failure = response.ok ? `the hook answered ${response.value.status}` : response.error
    services.log.warn({ attempt: attempt + 1, failure }, 'a hook could not be asked')
    const pause = pauses[attempt]
    const wait = pause === undefined ? undefined : Math.max(pause, retryAfter(response))
    if (wait === undefined || performance.now() + wait >= end) return err(failure)
    await sleep(wait)
  }
}

function credentialHeader(credential: HookSettings['credential']): Record<string, string> {
  if (credential === undefined) return {}
  const { name, value } = credential
  return credential.in === 'cookie'
    ? { cookie: `${name}=${value.reveal()}` }
    : { [name.toLowerCase()]: value.reveal() }
}

/** Whether another attempt may go better. 501 says that it will not. */
function isTemporary(status: number): boolean {
  return status === 429 || (status >= 500 && status !== 501)
}

/** Milliseconds that the hook asked to wait; 0 when it did not say, or named a date. */
function retryAfter(response: Result<OutgoingResponse, string>): number {
  const seconds = response.ok ? Number(response.value.headers['retry-after'] ?? 0) : 0
  return Number.isFinite(seconds) ? seconds * 1000 : 0
}

/** Reads `{"session": {"access_token": {…}, "id_token": {…}}}`; a map that is left out is empty. */
function parseAnswer(text: string): Result<CustomClaims, OAuthError> {
  const malformed = () => failed('The answer of the hook cannot be decoded.', 'no JSON of a hook')
  const answer = objectOf(parsed(text))
  const session = objectOf(answer?.['session'] ?? {})
  const accessToken = objectOf(session?.['access_token'] ?? {})
  const idToken = objectOf(session?.['id_token'] ?? {})
  if (answer === undefined || session === undefined) return malformed()
  if (accessToken === undefined || idToken === undefined) return malformed()
  return ok({ accessToken, idToken })
}

function parsed(text: string): unknown {
  try {
    return parseJson(text)
  } catch {
    return undefined
  }
}

function objectOf(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : undefined
}
