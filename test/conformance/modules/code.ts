/** Codes and refresh tokens. */

import { decodeJwt } from 'jose'
import * as oauth from 'oauth4webapi'
import { expect } from 'vitest'
import { checkIdToken } from '../checks/id-token.ts'
import { checkTokenError, checkTokenResponse, type Answer } from '../checks/tokens.ts'
import { checkUserInfo } from '../checks/userinfo.ts'
import { expectUnguessable } from '../checks/values.ts'
import { pass } from '../provider.ts'
import type { Client, Login, RelyingParty } from '../relying-party.ts'

async function reuse(party: RelyingParty, seconds: number): Promise<Login> {
  const client = await party.client()
  const login = await party.login(client)
  pass(party.provider, seconds)
  await checkTokenError(await party.exchange(client, login.params), 'invalid_grant')
  return login
}

const asksForRefresh = { scope: 'openid offline_access', prompt: 'consent' }

/** What clients with refresh tokens register. */
export function refreshing(party: RelyingParty) {
  const grants = party.usualMetadata()['grant_types'] as readonly string[]
  return { grant_types: [...grants, 'refresh_token'] }
}

/** Logs in for a refresh token. */
export async function loginForRefresh(party: RelyingParty, client: Client): Promise<Login> {
  const { scopes_supported: scopes, grant_types_supported: grants } =
    await party.provider.metadata()
  expect(scopes).toContain('offline_access')
  expect(grants).toContain('refresh_token')
  const login = await party.login(client, { params: asksForRefresh })
  checkRefreshToken(login.answer?.['refresh_token'])
  return login
}

function checkRefreshToken(refreshToken: unknown): void {
  expectUnguessable(refreshToken)
  expect(refreshToken).toMatch(/^[\x20-\x7e]+$/u)
}

/** Holds the answer to a refresh to the rules; gives it. */
export async function checkRefreshResponse(
  party: RelyingParty,
  client: Client,
  { login, response }: { readonly login: Login; readonly response: Response },
): Promise<Answer> {
  const answer = await checkTokenResponse(response)
  expect(answer['token_type']).toBe('bearer')
  expectUnguessable(answer['access_token'])
  checkRefreshToken(answer['refresh_token'])
  await oauth.processRefreshTokenResponse(
    await party.provider.metadata(),
    party.oauthClient(client),
    response,
  )
  const before = login.idTokens.at(-1)?.claims ?? {}
  if (answer['id_token'] !== undefined) {
    const raw = answer['id_token'] as string
    const nonce = decodeJwt(raw)['nonce'] as string | undefined
    if (nonce !== undefined) expect(nonce).toBe(before['nonce'])
    const { claims } = await checkIdToken(party.provider, raw, {
      clientId: client.id,
      nonce,
      accessToken: String(answer['access_token']),
      isFrontChannel: false,
    })
    for (const name of ['iss', 'sub', 'aud', 'azp', 'auth_time'])
      expect(claims[name], name).toEqual(before[name])
    expect(claims['iat']).not.toBe(before['iat'])
  }
  await checkUserInfo(await party.userInfo(String(answer['access_token'])), before['sub'])
  return answer
}

async function refreshToken(party: RelyingParty): Promise<void> {
  const metadata = refreshing(party)
  const [client, other] = [
    await party.client(metadata),
    await party.client({ ...metadata, client_name: 'The other' }),
  ]
  const login = await loginForRefresh(party, client)
  pass(party.provider, 1)
  const response = await party.refresh(client, login.answer?.['refresh_token'])
  const once = await checkRefreshResponse(party, client, { login, response })
  pass(party.provider, 1)
  const narrowed = await party.refresh(client, once['refresh_token'], {
    scope: asksForRefresh.scope,
  })
  await checkRefreshResponse(party, client, { login, response: narrowed })
  const foreign = await loginForRefresh(party, other)
  const stolen = await party.refresh(client, foreign.answer?.['refresh_token'])
  await checkTokenError(stolen, 'invalid_grant')
}

/** Modules by name. */
export const codeModules = {
  async 'oidcc-codereuse'(party: RelyingParty) {
    await reuse(party, 0)
  },
  async 'oidcc-codereuse-30seconds'(party: RelyingParty) {
    const { answer } = await reuse(party, 30)
    // A warning: RFC 6749 §4.1.2 wants the tokens of the code to end.
    const response = await party.userInfo(String(answer?.['access_token']))
    expect(response.status).toBe(401)
  },
  'oidcc-refresh-token': refreshToken,
}
