/** Sessions: `prompt`, `max_age`, `id_token_hint`. */

import { expect } from 'vitest'
import { checkErrorResponse } from '../checks/authorization.ts'
import { isLoginPage } from '../end-user.ts'
import { pass } from '../provider.ts'
import { randomText } from '../random-text.ts'
import type { Client, Login, RelyingParty } from '../relying-party.ts'
import type { UserAgent } from '../user-agent.ts'

/** What a server may say when it would have to show a page (OpenID Connect Core §3.1.2.6). */
export const needsPage = [
  'login_required',
  'interaction_required',
  'account_selection_required',
  'consent_required',
]

/** A request with `prompt=none` must be refused: nobody is signed in in this browser. */
export async function expectSignedOut(
  party: RelyingParty,
  client: Client,
  agent: UserAgent,
): Promise<void> {
  const before = agent.pages.length
  const { request, stop } = await party.visit(client, {
    agent,
    params: { prompt: 'none', state: randomText(128) },
  })
  expect(needsPage).toContain(checkErrorResponse(stop, request.expected))
  expect(agent.pages).toHaveLength(before)
}

function authTime({ idToken }: Login): unknown {
  return idToken.claims['auth_time']
}

/** Evidence: the password was asked for again. */
function expectAskedAgain({ shown }: Login): void {
  expect(shown.some(isLoginPage)).toBe(true)
}

function expectSamePerson(first: Login, second: Login): void {
  expect(second.idToken.claims['sub']).toBe(first.idToken.claims['sub'])
  expect(authTime(second)).toBe(authTime(first))
  expect(second.shown).toEqual([])
}

async function promptLogin(party: RelyingParty): Promise<void> {
  const [client, agent] = [await party.client(), party.agent()]
  const first = await party.login(client, { agent })
  pass(party.provider, 1)
  const second = await party.login(client, { agent, params: { prompt: 'login' } })
  expectAskedAgain(second)
  expect(authTime(second)).toBeGreaterThan(Number(authTime(first)))
}

async function maxAge1(party: RelyingParty): Promise<void> {
  const [client, agent] = [await party.client(), party.agent()]
  const first = await party.login(client, { agent })
  pass(party.provider, 2)
  const second = await party.login(client, { agent, params: { max_age: '1' } })
  expectAskedAgain(second)
  expect(authTime(second)).toBeGreaterThan(Number(authTime(first)))
  const age = party.provider.server.clock() / 1000 - Number(authTime(second))
  expect(Math.abs(age)).toBeLessThanOrEqual(5)
}

async function maxAge10000(party: RelyingParty): Promise<void> {
  const [client, agent] = [await party.client(), party.agent()]
  const first = await party.login(client, { agent, params: { max_age: '15000' } })
  pass(party.provider, 1)
  const second = await party.login(client, { agent, params: { max_age: '10000' } })
  expect(authTime(first)).toBeTypeOf('number')
  expectSamePerson(first, second)
}

/** A second login in the same browser goes through without a page. */
async function silently(
  party: RelyingParty,
  paramsOf: (first: Login) => Record<string, string>,
): Promise<void> {
  const [client, agent] = [await party.client(), party.agent()]
  const first = await party.login(client, { agent })
  pass(party.provider, 1)
  const params = { prompt: 'none', ...paramsOf(first) }
  expectSamePerson(first, await party.login(client, { agent, params }))
}

/** Modules by name. */
export const promptModules = {
  'oidcc-prompt-login': promptLogin,
  async 'oidcc-prompt-none-not-logged-in'(party: RelyingParty) {
    await expectSignedOut(party, await party.client(), party.agent())
  },
  'oidcc-prompt-none-logged-in': (party: RelyingParty) => silently(party, () => ({})),
  'oidcc-max-age-1': maxAge1,
  'oidcc-max-age-10000': maxAge10000,
  'oidcc-id-token-hint': (party: RelyingParty) =>
    silently(party, ({ idToken }) => ({ id_token_hint: idToken.raw })),
}
