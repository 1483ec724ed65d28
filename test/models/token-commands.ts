/** What a client, a thief and an operator may do, each as a command: what it sends, what it expects, how the model changes. */

import {
  constantFrom,
  integer,
  nat,
  record,
  subarray,
  type Arbitrary,
  type AsyncCommand,
} from 'fast-check'
import { expect } from 'vitest'
import { scopeSet, type TokenAnswer } from '../support/browser-flow.ts'
import type { ModelClient, ModelGrant, TokenModel } from './token-model.ts'
import { lifespans, type TokenWorld } from './token-world.ts'
import { machine } from './command.ts'
import { pick, pickRecent, recent } from './pick.ts'

/** A step of the token machine. */
export type TokenCommand = AsyncCommand<TokenModel, TokenWorld>

const { command, advance, purge } = machine<TokenModel, TokenWorld>((model, world) =>
  world.compare(model),
)

const hasGrants = ({ grants }: Readonly<TokenModel>) => grants.length > 0
const tokensOf = ({ grants }: Readonly<TokenModel>) =>
  grants.flatMap((grant) => grant.tokens.map((token) => ({ grant, token })))
const hasTokens = (model: Readonly<TokenModel>) => tokensOf(model).length > 0
const hasRefreshTokens = (model: Readonly<TokenModel>) =>
  tokensOf(model).some(({ token }) => token.kind === 'refresh')

/** The client of the grant, or the other one. */
function caller(model: TokenModel, grant: ModelGrant, isForeign: boolean): ModelClient {
  if (!isForeign && model.clients.includes(grant.client)) return grant.client
  return pick(
    model.clients.filter((client) => client !== grant.client),
    0,
  )
}

/** Exactly `count` successes; everything else is `invalid_grant`. */
function expectSuccesses(answers: readonly TokenAnswer[], count: number): TokenAnswer | undefined {
  const won = answers.filter(({ status }) => status === 200)
  const lost = answers.filter(({ status }) => status !== 200)
  expect(won).toHaveLength(count)
  for (const { status, body } of lost)
    expect([status, body['error']]).toEqual([400, 'invalid_grant'])
  return won[0]
}

function addTokens(grant: ModelGrant, { body }: TokenAnswer, now: number): void {
  expect(scopeSet(body)).toEqual(new Set(grant.scope))
  const base = { generation: grant.generation, issuedAt: now }
  grant.tokens.push({
    ...base,
    kind: 'access',
    value: String(body['access_token']),
    expiresAt: now + lifespans.access,
  })
  expect(body['refresh_token'] !== undefined).toBe(grant.scope.includes('offline_access'))
  expect(body['id_token'] !== undefined).toBe(grant.scope.includes('openid'))
  const refreshToken = body['refresh_token']
  if (refreshToken === undefined) return
  grant.tokens.push({
    ...base,
    kind: 'refresh',
    value: refreshToken as string,
    expiresAt: now + lifespans.refresh,
  })
}

const authorize = record({
  client: nat(1),
  subject: constantFrom('alice', 'bob'),
  scope: subarray(['openid', 'offline_access', 'foo', 'bar'], { minLength: 1 }),
}).map(({ client, subject, scope }) =>
  command(`authorize ${subject} for client ${client}: ${scope.join(' ')}`, async (model, world) => {
    const who = pick(model.clients, client)
    model.grants.push({
      client: who,
      subject,
      scope,
      code: await world.authorize(who, subject, scope),
      codeExpiresAt: world.now + lifespans.code,
      isRedeemed: false,
      isRevoked: false,
      generation: 0,
      tokens: [],
    })
  }),
)

const callers = { at: recent, isForeign: integer({ min: 0, max: 4 }).map((n) => n === 0) }
const times = constantFrom(1, 1, 1, 1, 2, 7)

const redeem = record({ ...callers, times }).map(({ at, isForeign, times }) =>
  command(
    `redeem code ${at} ${times} times at once${isForeign ? ' as another client' : ''}`,
    async (model, world) => {
      const grant = pickRecent(model.grants, at)
      const client = caller(model, grant, isForeign)
      const form = {
        grant_type: 'authorization_code',
        code: grant.code,
        redirect_uri: grant.client.redirectUri,
      }
      const isFit =
        client === grant.client &&
        !grant.isRedeemed &&
        !grant.isRevoked &&
        grant.codeExpiresAt > world.now
      const won = expectSuccesses(await world.token(client, form, times), isFit ? 1 : 0)
      // RFC 6749 §4.1.2: a code that comes back ends what it gave, whoever brings it.
      if (grant.isRedeemed || (isFit && times > 1)) grant.isRevoked = true
      if (won === undefined) return
      grant.isRedeemed = true
      addTokens(grant, won, world.now)
    },
    hasGrants,
  ),
)

const refresh = record({
  ...callers,
  times,
  wider: constantFrom('', '', 'openid foo bar admin'),
}).map(({ at, isForeign, times, wider }) =>
  command(
    `refresh with token ${at} ${times} times at once${isForeign ? ' as another client' : ''}${wider}`,
    async (model, world) => {
      const { grant, token } = pick(
        tokensOf(model).filter(({ token }) => token.kind === 'refresh'),
        at,
      )
      const client = caller(model, grant, isForeign)
      const form = {
        grant_type: 'refresh_token',
        refresh_token: token.value,
        ...(wider === '' ? {} : { scope: wider }),
      }
      const isKnown = !grant.isRevoked && token.expiresAt > world.now
      const isCurrent = token.generation === grant.generation
      const isFit = isKnown && isCurrent && client === grant.client
      const won = expectSuccesses(await world.token(client, form, times), isFit ? 1 : 0)
      // RFC 9700 §4.14.2: a token that was replaced is a stolen one.
      if ((isKnown && !isCurrent) || (isFit && times > 1)) grant.isRevoked = true
      if (won === undefined) return
      grant.generation += 1
      addTokens(grant, won, world.now)
    },
    hasRefreshTokens,
  ),
)

const revoke = record(callers).map(({ at, isForeign }) =>
  command(
    `revoke token ${at}${isForeign ? ' as another client' : ''}`,
    async (model, world) => {
      const { grant, token } = pickRecent(tokensOf(model), at)
      const client = caller(model, grant, isForeign)
      await world.revoke(client, token.value)
      if (client === grant.client) grant.isRevoked = true
    },
    hasTokens,
  ),
)

const clientCredentials = record({ client: nat(1), scope: subarray(['foo', 'bar']) }).map(
  ({ client, scope }) =>
    command(`client credentials of ${client}: ${scope.join(' ')}`, async (model, world) => {
      const who = pick(model.clients, client)
      const form = { grant_type: 'client_credentials', scope: scope.join(' ') }
      const [answer] = await world.token(who, form)
      expect(answer?.status).toBe(200)
      model.clientTokens.push({
        client: who,
        scope,
        value: String(answer?.body['access_token']),
        issuedAt: world.now,
        expiresAt: world.now + lifespans.access,
        isRevoked: false,
      })
    }),
)

const revokeClientToken = record({ at: recent, client: nat(1) }).map(({ at, client }) =>
  command(
    `revoke the client's own token ${at} as client ${client}`,
    async (model, world) => {
      const token = pickRecent(model.clientTokens, at)
      const who = pick(model.clients, client)
      await world.revoke(who, token.value)
      if (who === token.client) token.isRevoked = true
    },
    ({ clientTokens }) => clientTokens.length > 0,
  ),
)

const revokeConsent = record({ subject: constantFrom('alice', 'bob'), client: nat(2) }).map(
  ({ subject, client }) =>
    command(`revoke consents of ${subject}, client ${client}`, async (model, world) => {
      const who = client === 2 ? undefined : pick(model.clients, client)
      const which = who === undefined ? 'all=true' : `client=${who.id}`
      await world.admin('DELETE', `/admin/oauth2/auth/sessions/consent?subject=${subject}&${which}`)
      for (const grant of model.grants) {
        if (grant.subject === subject && (who ?? grant.client) === grant.client)
          grant.isRevoked = true
      }
    }),
)

const deleteAccessTokens = nat(1).map((client) =>
  command(`delete the access tokens of client ${client}`, async (model, world) => {
    const who = pick(model.clients, client)
    world.server.clock.advance(1)
    await world.admin('DELETE', `/admin/oauth2/tokens?client_id=${who.id}`)
    who.validAfter = world.now
  }),
)

const rotateSecret = nat(1).map((client) =>
  command(`rotate the secret of client ${client}`, async (model, world) => {
    const who = pick(model.clients, client)
    const response = await world.admin('POST', `/admin/clients/${who.id}/secrets/rotate`)
    who.former.unshift(who.secret)
    who.secret = ((await response.json()) as { client_secret: string }).client_secret
    who.dead.push(...who.former.splice(5))
  }),
)

const deleteRotatedSecrets = nat(1).map((client) =>
  command(`end the former secrets of client ${client}`, async (model, world) => {
    const who = pick(model.clients, client)
    await world.admin('DELETE', `/admin/clients/${who.id}/secrets/rotate`)
    who.dead.push(...who.former.splice(0))
  }),
)

const tryAllSecrets = nat(1).map((client) =>
  command(`try every secret that client ${client} ever had`, async (model, world) => {
    const who = pick(model.clients, client)
    for (const secret of [who.secret, ...who.former])
      expect(await world.isAuthenticated(who, secret)).toBe(true)
    for (const secret of who.dead.slice(-2))
      expect(await world.isAuthenticated(who, secret)).toBe(false)
  }),
)

const replaceClient = nat(1).map((client) =>
  command(`delete client ${client} and make another one`, async (model, world) => {
    const [gone] = model.clients.splice(client, 1, await world.newClient())
    await world.admin('DELETE', `/admin/clients/${gone?.id}`)
  }),
)

const pass = advance(1, 999, 1000, 60_000, 11 * 60_000, 61 * 60_000, 31 * 24 * 3_600_000)

/** Every command; what gives tokens and what spends them stand more than once, so that there is something to break. */
export const tokenCommands: Arbitrary<TokenCommand>[] = [
  authorize,
  authorize,
  redeem,
  redeem,
  redeem,
  refresh,
  refresh,
  refresh,
  revoke,
  clientCredentials,
  revokeClientToken,
  revokeConsent,
  deleteAccessTokens,
  rotateSecret,
  deleteRotatedSecrets,
  tryAllSecrets,
  replaceClient,
  pass,
  pass,
  purge,
]
