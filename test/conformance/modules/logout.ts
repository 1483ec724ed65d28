/** Logout that the client starts, and how clients learn of it. */

import { createLocalJWKSet, jwtVerify, SignJWT, UnsecuredJWT } from 'jose'
import { expect } from 'vitest'
import { expectArrival } from '../checks/authorization.ts'
import { publishedKeys } from '../checks/id-token.ts'
import { expectText } from '../checks/values.ts'
import { answerPages } from '../end-user.ts'
import { clientOrigin } from '../provider.ts'
import { randomText } from '../random-text.ts'
import type { Client, Login, RelyingParty } from '../relying-party.ts'
import type { Arrival, ServerPage, Stop, UserAgent } from '../user-agent.ts'
import type { Module } from './module.ts'
import { expectSignedOut } from './prompt.ts'

/** Where the client wants people after logout. */
export const bye = `${clientOrigin}/post_logout`

/** A browser in which a client has a session. */
export interface Session {
  readonly client: Client
  readonly agent: UserAgent
  readonly login: Login
}

/** Logs in with a client that may be returned to after logout. */
export async function signIn(party: RelyingParty, metadata = {}): Promise<Session> {
  const client = await party.client({ post_logout_redirect_uris: [bye], ...metadata })
  const agent = party.agent()
  return { client, agent, login: await party.login(client, { agent }) }
}

/** Sends the browser to the end session endpoint. */
export async function signOut(
  party: RelyingParty,
  agent: UserAgent,
  params: Readonly<Record<string, string>>,
): Promise<Stop> {
  const { end_session_endpoint: endpoint = '' } = await party.provider.metadata()
  const url = new URL(endpoint)
  url.search = new URLSearchParams(params).toString()
  return answerPages(agent, await agent.open(url), party.provider.account)
}

/** The browser came back to the registered address, with the state and nothing else. */
export function expectBye(stop: Stop, state: string | undefined): Arrival {
  const arrival = expectArrival(stop)
  expect(`${arrival.url.origin}${arrival.url.pathname}`).toBe(bye)
  const expected = state === undefined ? [] : [['state', state]]
  expect([...arrival.url.searchParams]).toEqual(expected)
  return arrival
}

/** Evidence: an error, or a page about the logout. Never the way to the client. */
function staysWith(
  names: RegExp,
  paramsOf: (party: RelyingParty, session: Session) => Promise<Record<string, string>>,
): Module {
  return async (party) => {
    const session = await signIn(party)
    const stop = await signOut(party, session.agent, await paramsOf(party, session))
    if (stop.kind === 'arrival') throw new Error(`The browser was sent to ${stop.url.href}`)
    expect(stop.url.origin).toBe(party.provider.issuer)
    expect(stop.status).toBeLessThan(500)
    const pages = session.agent.pages.slice(session.login.shown.length)
    expect(pages.map(({ text }) => text).join('\n')).toMatch(names)
  }
}

const signedOut = /sign(?:ed)? out/iu

async function rpInitiated(party: RelyingParty): Promise<void> {
  const { client, agent, login } = await signIn(party)
  const state = randomText(128)
  const params = { id_token_hint: login.idToken.raw, post_logout_redirect_uri: bye, state }
  expectBye(await signOut(party, agent, params), state)
  await expectSignedOut(party, client, agent)
}

/** The hint with another signature, or none. */
async function resigned(
  party: RelyingParty,
  { login }: Session,
  kind: 'unsigned' | 'foreign',
): Promise<string> {
  const { claims, header } = login.idToken
  if (kind === 'unsigned') return new UnsecuredJWT({ ...claims }).encode()
  return new SignJWT({ ...claims })
    .setProtectedHeader({ ...header, alg: 'RS256' })
    .sign(party.provider.keys.foreign.privateKey)
}

const withHint = ({ login }: Session) => ({ id_token_hint: login.idToken.raw })

async function frontChannel(party: RelyingParty): Promise<void> {
  const uri = `${clientOrigin}/frontchannel_logout?own=query`
  const session = await signIn(party, {
    frontchannel_logout_uri: uri,
    frontchannel_logout_session_required: true,
  })
  const { client, agent, login } = session
  const sid = login.idToken.claims['sid']
  expectText(sid, 'sid')
  const state = randomText(128)
  const params = { ...withHint(session), post_logout_redirect_uri: bye, state }
  const stop = await signOut(party, agent, params)
  if (stop.kind === 'arrival') throw new Error('No page loads the address of the client.')
  checkFrames(party, stop, { uri, sid: String(sid) })
  expectBye(await followLink(agent, stop), state)
  await expectSignedOut(party, client, agent)
}

/** One frame for the client, that the policy lets load, with `iss` and `sid` and its own query. */
function checkFrames(
  { provider }: RelyingParty,
  page: ServerPage,
  { uri, sid }: { readonly uri: string; readonly sid: string },
): void {
  const sources = page.document
    .querySelectorAll('iframe[data-src]')
    .map((frame) => new URL(frame.getAttribute('data-src') ?? ''))
  const ours = sources.filter(({ origin }) => origin === clientOrigin)
  expect(ours).toHaveLength(1)
  expect(ours[0]?.pathname).toBe(new URL(uri).pathname)
  const query = Object.fromEntries(ours[0]?.searchParams ?? [])
  expect(query).toEqual({ own: 'query', iss: provider.issuer, sid })
  const policy = page.headers.get('content-security-policy') ?? ''
  expect(policy).toMatch(new RegExp(`frame-src[^;]*${clientOrigin}`, 'u'))
}

/** Where the page goes once its frames are loaded. */
function followLink(agent: UserAgent, page: ServerPage): Promise<Stop> {
  return agent.open(page.document.querySelector('a')?.getAttribute('href') ?? '')
}

const logoutEvent = { 'http://schemas.openid.net/event/backchannel-logout': {} }

async function backChannel(party: RelyingParty): Promise<void> {
  const { site, server, issuer } = party.provider
  const path = `/backchannel/${randomText(12)}`
  const session = await signIn(party, {
    backchannel_logout_uri: site.put(path, 'text/plain', ''),
    backchannel_logout_session_required: true,
  })
  const { client, agent, login } = session
  const { sub, sid } = login.idToken.claims
  expectText(sid, 'sid')
  const state = randomText(128)
  const params = { ...withHint(session), post_logout_redirect_uri: bye, state }
  expectBye(await signOut(party, agent, params), state)
  await expect.poll(() => site.received.filter((each) => each.path === path)).toHaveLength(1)
  const request = site.received.find((each) => each.path === path)
  expect(request?.method).toBe('POST')
  expect(request?.contentType).toMatch(/^application\/x-www-form-urlencoded\b/u)
  const fields = [...new URLSearchParams(request?.body)]
  expect(fields.map(([name]) => name)).toEqual(['logout_token'])
  const keys = createLocalJWKSet(await publishedKeys(party.provider))
  const now = server.clock()
  const { payload } = await jwtVerify(fields[0]?.[1] ?? '', keys, {
    issuer,
    audience: client.id,
    currentDate: new Date(now),
  })
  expect(Math.abs(now / 1000 - Number(payload.iat))).toBeLessThan(86_400)
  expectText(payload.jti, 'jti')
  expect(payload['events']).toEqual(logoutEvent)
  expect(payload).not.toHaveProperty('nonce')
  expect(payload['sid']).toBe(sid)
  if (payload.sub !== undefined) expect(payload.sub).toBe(sub)
  await expectSignedOut(party, client, agent)
}

/** Modules by name. */
export const logoutModules = {
  'oidcc-rp-initiated-logout': rpInitiated,
  'oidcc-rp-initiated-logout-bad-post-logout-redirect-uri': staysWith(
    /post_logout_redirect_uri/u,
    async (_party, session) => ({
      ...withHint(session),
      post_logout_redirect_uri: `${clientOrigin}/${randomText(10)}`,
    }),
  ),
  'oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri': staysWith(
    /post_logout_redirect_uri/u,
    async (_party, session) => ({
      ...withHint(session),
      post_logout_redirect_uri: `${bye}?foo=bar`,
    }),
  ),
  'oidcc-rp-initiated-logout-modified-id-token-hint': staysWith(
    /id_token_hint/u,
    async (party, session) => ({
      id_token_hint: await resigned(party, session, 'unsigned'),
      post_logout_redirect_uri: bye,
    }),
  ),
  'oidcc-rp-initiated-logout-bad-id-token-hint': staysWith(
    /id_token_hint/u,
    async (party, session) => ({
      id_token_hint: await resigned(party, session, 'foreign'),
      post_logout_redirect_uri: bye,
    }),
  ),
  'oidcc-rp-initiated-logout-no-id-token-hint': staysWith(/id_token_hint/u, async () => ({
    post_logout_redirect_uri: bye,
  })),
  'oidcc-rp-initiated-logout-no-params': staysWith(signedOut, async () => ({})),
  'oidcc-rp-initiated-logout-no-post-logout-redirect-uri': staysWith(
    signedOut,
    async (_party, session) => ({ ...withHint(session), state: randomText(20) }),
  ),
  'oidcc-rp-initiated-logout-only-state': staysWith(
    /id_token_hint|sign(?:ed)? out/iu,
    async () => ({
      state: randomText(20),
    }),
  ),
  async 'oidcc-rp-initiated-logout-no-state'(party: RelyingParty) {
    const session = await signIn(party)
    const params = { ...withHint(session), post_logout_redirect_uri: bye }
    expectBye(await signOut(party, session.agent, params), undefined)
  },
  'oidcc-frontchannel-rp-initiated-logout': frontChannel,
  'oidcc-backchannel-rp-initiated-logout': backChannel,
}
