import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asClientId, asFlowId, asGrantId, asSessionId, instant } from '../brand.ts'
import { decodeFlow, encodeFlow } from './flow-encoding.ts'
import type { AcceptedConsent, AcceptedLogin, FlowStart, Rejection } from './flow.ts'

const hex = fc.stringMatching(/^[\da-f]{32}$/u)
const wholeSecond = fc.integer({ min: 0, max: 4e9 }).map((value) => instant(value * 1000))
const texts = fc.array(fc.string())
const json = fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<never>
const object = fc.dictionary(fc.string(), json) as fc.Arbitrary<never>

const start: fc.Arbitrary<FlowStart> = fc
  .record({
    id: hex.map(asFlowId),
    grantId: hex.map(asGrantId),
    clientId: fc.string().map(asClientId),
    inQuery: fc.boolean(),
    query: fc.webQueryParameters(),
    resolvedQuery: fc.option(fc.webQueryParameters(), { nil: undefined }),
    requestedAt: wholeSecond,
    loginCsrf: hex,
    device: fc.option(
      fc.record({
        challengeId: hex,
        scope: fc.array(fc.string()),
        audience: fc.array(fc.string()),
        expiresAt: wholeSecond,
      }),
      { nil: undefined },
    ),
    sessionId: fc.uuid().map(asSessionId),
    session: fc.option(
      fc.record({ subject: fc.string({ minLength: 1 }), authenticatedAt: wholeSecond }),
    ),
  })
  .map(({ inQuery, query, session, ...rest }) => ({
    ...rest,
    query: inQuery
      ? `${new URLSearchParams({ client_id: rest.clientId }).toString()}&${query}`
      : query,
    skip: session !== null,
    subject: session?.subject ?? '',
    authenticatedAt: session?.authenticatedAt ?? instant(0),
  }))

const login: fc.Arbitrary<AcceptedLogin> = fc.record({
  subject: fc.string(),
  authenticatedAt: wholeSecond,
  remember: fc.boolean(),
  rememberFor: fc.nat(),
  extendSessionLifespan: fc.boolean(),
  acr: fc.string(),
  amr: texts,
  identityProviderSessionId: fc.string(),
  forceSubjectIdentifier: fc.string(),
  context: json,
})

const rejection: fc.Arbitrary<Rejection> = fc.record({
  error: fc.string(),
  errorDescription: fc.string(),
  errorHint: fc.string(),
  errorDebug: fc.string(),
  statusCode: fc.nat(),
})

const consent: fc.Arbitrary<AcceptedConsent> = fc.record({
  grantScope: texts,
  grantAudience: texts,
  accessToken: object,
  idToken: object,
  userinfo: object,
  remember: fc.boolean(),
  rememberFor: fc.nat(),
  handledAt: fc.integer({ min: 0, max: 4e12 }).map(instant),
  context: json,
})

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
/** JSON has no negative zero. */
const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

describe('encodeFlow', () => {
  it('gives login challenges and verifiers back as they were', () => {
    fc.assert(
      fc.property(
        start,
        hex,
        maybe(login),
        maybe(rejection),
        (from, verifierId, accepted, rejected) => {
          expect(
            decodeFlow('login_challenge', encodeFlow('login_challenge', { start: from })),
          ).toEqual({ start: from })
          const state = { start: from, verifierId, login: accepted, rejection: rejected }
          expect(asJson(decodeFlow('login_verifier', encodeFlow('login_verifier', state)))).toEqual(
            asJson(state),
          )
        },
      ),
    )
  })

  it('gives consent challenges and verifiers back as they were', () => {
    fc.assert(
      fc.property(
        fc.record({
          start,
          login,
          consentCsrf: hex,
          skip: fc.boolean(),
          idTokenSubject: fc.string(),
        }),
        maybe(consent),
        maybe(rejection),
        (question, accepted, rejected) => {
          expect(
            asJson(decodeFlow('consent_challenge', encodeFlow('consent_challenge', question))),
          ).toEqual(asJson(question))
          const state = { ...question, consent: accepted, rejection: rejected }
          expect(
            asJson(decodeFlow('consent_verifier', encodeFlow('consent_verifier', state))),
          ).toEqual(asJson(state))
        },
      ),
    )
  })

  it('keeps the digits of numbers that no double holds', () => {
    const state = `[["","",0,"client_id=a",1,"","",0],["s",1,0,0,0,"",[],"","",9007199254740993],"",0,0]`
    const { login: decoded } = decodeFlow('consent_challenge', state)
    expect(JSON.stringify(decoded.context)).toBe('9007199254740993')
  })
})
