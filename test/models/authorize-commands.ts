/** What browsers, apps and attackers may do at the authorization endpoint, each as a command. */

import {
  boolean,
  constantFrom,
  nat,
  record,
  subarray,
  type Arbitrary,
  type AsyncCommand,
} from 'fast-check'
import { expect } from 'vitest'
import type { AuthorizeModel, AuthorizeWorld, ModelFlow, Verifier } from './authorize-world.ts'
import { machine } from './command.ts'
import { pick, pickRecent, recent } from './pick.ts'

/** A step of the authorization machine. */
export type AuthorizeCommand = AsyncCommand<AuthorizeModel, AuthorizeWorld>

const { command, advance, purge } = machine<AuthorizeModel, AuthorizeWorld>()

const scopes = subarray(['openid', 'offline_access', 'foo'], { minLength: 1 })
const subjects = constantFrom('alice', 'bob')
const prompts = constantFrom('', '', 'login', 'none')
const verdicts = constantFrom(true, true, true, false)
const hasVerifiers = ({ verifiers }: Readonly<AuthorizeModel>) => verifiers.length > 0

const start = record({ browser: nat(1), client: nat(1), scope: scopes, prompt: prompts }).map(
  ({ browser, client, scope, prompt }) =>
    command(`browser ${browser} starts for client ${client} ${prompt}`, (model, world) =>
      world.start(model, pick(model.browsers, browser), {
        client: pick(world.clients, client),
        scope,
        prompt,
      }),
    ),
)

const answerLogin = record({
  at: recent,
  subject: subjects,
  remember: boolean(),
  isAccepted: verdicts,
}).map(({ at, ...answer }) =>
  command(
    `${answer.isAccepted ? 'accept' : 'reject'} login ${at} ${answer.subject} ${answer.remember}`,
    (model, world) => world.answerLogin(model, pickRecent(model.flows, at), answer),
    ({ flows }) => flows.length > 0,
  ),
)

const answerConsent = record({ at: recent, granted: scopes, isAccepted: verdicts }).map(
  ({ at, ...answer }) =>
    command(
      `${answer.isAccepted ? 'accept' : 'reject'} consent ${at} ${answer.granted.join(' ')}`,
      (model, world) => world.answerConsent(model, pickRecent(model.consents, at), answer),
      ({ consents }) => consents.length > 0,
    ),
)

const follow = record({ at: recent, other: constantFrom(0, 0, 0, 1) }).map(({ at, other }) =>
  command(
    `follow verifier ${at}${other === 0 ? '' : ' in another browser'}`,
    (model, world) => {
      const verifier = pickRecent(model.verifiers, at)
      const own = model.browsers.indexOf(verifier.flow.browser)
      return world.follow(model, verifier, { browser: pick(model.browsers, own + other) })
    },
    hasVerifiers,
  ),
)

/** The address with something changed: a parameter of the request, or the verifier of another flow. */
const alterations: Readonly<
  Record<string, (url: URL, verifier: Verifier, model: AuthorizeModel) => void>
> = {
  scope: (url) => url.searchParams.set('scope', 'openid offline_access foo bar'),
  response_type: (url) => url.searchParams.set('response_type', 'token'),
  redirect_uri: (url) => url.searchParams.set('redirect_uri', 'http://127.0.0.1:5555/other'),
  nonce: (url) => url.searchParams.set('nonce', 'nonce-of-the-attacker'),
  client_id(url, { flow }, { flows }) {
    const other = flows.find(({ client }) => client !== flow.client)
    url.searchParams.set('client_id', other?.client.client_id ?? 'nobody')
  },
  'the kind of verifier'(url, { kind }) {
    const verifier = url.searchParams.get(`${kind}_verifier`) ?? ''
    url.searchParams.delete(`${kind}_verifier`)
    url.searchParams.set(kind === 'login' ? 'consent_verifier' : 'login_verifier', verifier)
  },
  'one character'(url, { kind }) {
    const name = `${kind}_verifier`
    const verifier = url.searchParams.get(name) ?? ''
    const middle = Math.floor(verifier.length / 2)
    const changed = verifier[middle] === 'A' ? 'B' : 'A'
    url.searchParams.set(name, verifier.slice(0, middle) + changed + verifier.slice(middle + 1))
  },
}

const followAltered = record({
  at: recent,
  what: constantFrom(...Object.keys(alterations)),
}).map(({ at, what }) =>
  command(
    `follow verifier ${at} with another ${what}`,
    async (model, world) => {
      const verifier = pickRecent(model.verifiers, at)
      const url = new URL(verifier.url, 'http://127.0.0.1')
      alterations[what]?.(url, verifier, model)
      const { browser } = verifier.flow
      expect(await world.follow(model, verifier, { browser, url: url.href })).toBe('stopped')
    },
    hasVerifiers,
  ),
)

/** Nothing that happened before may keep an honest user from arriving. */
const honest = record({ browser: nat(1), client: nat(1), scope: scopes, subject: subjects }).map(
  ({ browser, client, scope, subject }) =>
    command(
      `browser ${browser} goes through, ${subject} for client ${client}`,
      async (model, world) => {
        const who = pick(model.browsers, browser)
        const flow = (await world.start(model, who, {
          client: pick(world.clients, client),
          scope,
          prompt: '',
        })) as ModelFlow
        const login = { subject, remember: true, isAccepted: true }
        const atLogin = (await world.answerLogin(model, flow, login)) as Verifier
        expect(await world.follow(model, atLogin, { browser: who })).toBe('led on')
        const ask = pick(model.consents, model.consents.length - 1)
        const yes = { granted: scope, isAccepted: true }
        const atConsent = (await world.answerConsent(model, ask, yes)) as Verifier
        expect(await world.follow(model, atConsent, { browser: who })).toBe('led on')
      },
    ),
)

const endSessions = subjects.map((subject) =>
  command(`end the sessions of ${subject}`, (model, world) => world.endSessions(model, subject)),
)

const pass = advance(1000, 60_000, 31 * 60_000)

/** Every command, the usual ones more than once. */
export const authorizeCommands: Arbitrary<AuthorizeCommand>[] = [
  start,
  start,
  answerLogin,
  answerLogin,
  follow,
  follow,
  follow,
  answerConsent,
  answerConsent,
  followAltered,
  honest,
  endSessions,
  pass,
  purge,
]
