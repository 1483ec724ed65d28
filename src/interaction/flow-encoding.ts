/**
 * Flow states as short texts, since they travel in URLs: lists instead of objects, ids in base64url, times in seconds, and
 * nothing that the query says already.
 */

import { asClientId, asFlowId, asGrantId, asSessionId, instant, type Instant } from '../brand.ts'
import { parseJson, type Json, type JsonObject } from '../protocol/json.ts'
import type {
  AcceptedConsent,
  AcceptedLogin,
  FlowDevice,
  FlowKind,
  FlowStart,
  FlowStates,
  Rejection,
} from './flow.ts'

type Row = readonly unknown[]

const seconds = (at: Instant): number => at / 1000
const at = (epochSeconds: unknown): Instant => instant(Number(epochSeconds) * 1000)
const flag = (value: boolean): 0 | 1 => (value ? 1 : 0)
const shortHex = (hex: string): string => Buffer.from(hex, 'hex').toString('base64url')
const longHex = (short: unknown): string => Buffer.from(String(short), 'base64url').toString('hex')
const shortUuid = (uuid: string): string => shortHex(uuid.replaceAll('-', ''))

function longUuid(short: unknown): string {
  const hex = longHex(short)
  const cut = (from: number, to: number) => hex.slice(from, to)
  return `${cut(0, 8)}-${cut(8, 12)}-${cut(12, 16)}-${cut(16, 20)}-${cut(20, 32)}`
}

function encodeDevice(device: FlowDevice): Row {
  return [shortHex(device.challengeId), device.scope, device.audience, device.expiresAt]
}

function decodeDevice([challengeId, scope, audience, expiresAt]: Row): FlowDevice {
  return {
    challengeId: longHex(challengeId),
    scope: scope as readonly string[],
    audience: audience as readonly string[],
    expiresAt: instant(Number(expiresAt)),
  }
}

function encodeStart(start: FlowStart): Row {
  const named = new URLSearchParams(start.query).get('client_id') === start.clientId
  return [
    shortHex(start.id),
    shortHex(start.grantId),
    named ? 0 : start.clientId,
    start.query,
    seconds(start.requestedAt),
    shortHex(start.loginCsrf),
    shortUuid(start.sessionId),
    start.skip ? [start.subject, seconds(start.authenticatedAt)] : 0,
    start.resolvedQuery ?? 0,
    optional(encodeDevice, start.device),
  ]
}

function decodeStart(row: Row): FlowStart {
  const [id, grantId, clientId, query, requestedAt, loginCsrf, sessionId, session, ...more] = row
  const [resolved, device] = more
  const text = String(query)
  const skipped = Array.isArray(session) ? (session as readonly (string | number)[]) : undefined
  return {
    id: asFlowId(longHex(id)),
    grantId: asGrantId(longHex(grantId)),
    clientId: asClientId(
      typeof clientId === 'string' ? clientId : (new URLSearchParams(text).get('client_id') ?? ''),
    ),
    query: text,
    resolvedQuery: typeof resolved === 'string' ? resolved : undefined,
    requestedAt: at(requestedAt),
    loginCsrf: longHex(loginCsrf),
    device: absent(decodeDevice, device),
    sessionId: asSessionId(longUuid(sessionId)),
    skip: skipped !== undefined,
    subject: String(skipped?.[0] ?? ''),
    authenticatedAt: at(skipped?.[1] ?? 0),
  }
}

function encodeLogin(login: AcceptedLogin): Row {
  return [
    login.subject,
    seconds(login.authenticatedAt),
    flag(login.remember),
    login.rememberFor,
    flag(login.extendSessionLifespan),
    login.acr,
    login.amr,
    login.identityProviderSessionId,
    login.forceSubjectIdentifier,
    login.context,
  ]
}

function decodeLogin(row: Row): AcceptedLogin {
  const [subject, authenticatedAt, remember, rememberFor, extend, acr, amr, idp, force, context] =
    row
  return {
    subject: String(subject),
    authenticatedAt: at(authenticatedAt),
    remember: remember === 1,
    rememberFor: Number(rememberFor),
    extendSessionLifespan: extend === 1,
    acr: String(acr),
    amr: amr as readonly string[],
    identityProviderSessionId: String(idp),
    forceSubjectIdentifier: String(force),
    context: context as Json,
  }
}

function encodeConsent(consent: AcceptedConsent): Row {
  return [
    consent.grantScope,
    consent.grantAudience,
    consent.accessToken,
    consent.idToken,
    flag(consent.remember),
    consent.rememberFor,
    consent.handledAt,
    consent.context,
    ...(Object.keys(consent.userinfo).length === 0 ? [] : [consent.userinfo]),
  ]
}

function decodeConsent(row: Row): AcceptedConsent {
  const [scope, audience, accessToken, idToken, remember, rememberFor, handledAt, ...more] = row
  const [context, userinfo] = more
  return {
    grantScope: scope as readonly string[],
    grantAudience: audience as readonly string[],
    accessToken: accessToken as JsonObject,
    idToken: idToken as JsonObject,
    userinfo: (userinfo ?? {}) as JsonObject,
    remember: remember === 1,
    rememberFor: Number(rememberFor),
    handledAt: instant(Number(handledAt)),
    context: context as Json,
  }
}

function optional<T>(encode: (value: T) => Row, value: T | undefined): Row | 0 {
  return value === undefined ? 0 : encode(value)
}

function absent<T>(decode: (row: Row) => T, row: unknown): T | undefined {
  return Array.isArray(row) ? decode(row) : undefined
}

/** An app's own words; spelt out, since they are rare. */
function decodeRejection(value: unknown): Rejection | undefined {
  return typeof value === 'object' && value !== null ? (value as Rejection) : undefined
}

interface Codec<State> {
  encode(state: State): Row
  decode(row: Row): State
}

const codecs: { readonly [Kind in FlowKind]: Codec<FlowStates[Kind]> } = {
  login_challenge: {
    encode: ({ start }) => [encodeStart(start)],
    decode: ([start]) => ({ start: decodeStart(start as Row) }),
  },
  login_verifier: {
    encode: ({ start, verifierId, login, rejection }) => [
      encodeStart(start),
      shortHex(verifierId),
      optional(encodeLogin, login),
      rejection ?? 0,
    ],
    decode: ([start, verifierId, login, rejection]) => ({
      start: decodeStart(start as Row),
      verifierId: longHex(verifierId),
      login: absent(decodeLogin, login),
      rejection: decodeRejection(rejection),
    }),
  },
  consent_challenge: {
    encode: ({ start, login, consentCsrf, skip, idTokenSubject }) => [
      encodeStart(start),
      encodeLogin(login),
      shortHex(consentCsrf),
      flag(skip),
      idTokenSubject === login.subject ? 0 : idTokenSubject,
    ],
    decode: ([start, login, consentCsrf, skip, sub]) =>
      decodeQuestion([start, login, consentCsrf, skip, sub]),
  },
  consent_verifier: {
    encode: (state) => [
      ...codecs.consent_challenge.encode(state),
      optional(encodeConsent, state.consent),
      state.rejection ?? 0,
    ],
    decode: ([start, login, consentCsrf, skip, sub, consent, rejection]) => ({
      ...decodeQuestion([start, login, consentCsrf, skip, sub]),
      consent: absent(decodeConsent, consent),
      rejection: decodeRejection(rejection),
    }),
  },
}

function decodeQuestion([
  start,
  row,
  consentCsrf,
  skip,
  sub,
]: Row): FlowStates['consent_challenge'] {
  const login = decodeLogin(row as Row)
  return {
    start: decodeStart(start as Row),
    login,
    consentCsrf: longHex(consentCsrf),
    skip: skip === 1,
    idTokenSubject: typeof sub === 'string' ? sub : login.subject,
  }
}

/** Writes a state. */
export function encodeFlow<Kind extends FlowKind>(kind: Kind, state: FlowStates[Kind]): string {
  return JSON.stringify(codecs[kind].encode(state))
}

/** Reads what {@link encodeFlow} wrote; numbers too large for a double survive. */
export function decodeFlow<Kind extends FlowKind>(kind: Kind, text: string): FlowStates[Kind] {
  return codecs[kind].decode(parseJson(text) as Row)
}
