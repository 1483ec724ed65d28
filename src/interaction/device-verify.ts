/**
 * The verification URL of devices: one URL that the browser visits four times.
 *
 * | pass | extra parameter | on success |
 * |---|---|---|
 * | 0 | none | to the page that takes the user code |
 * | 1 | `device_verifier` | to the login app |
 * | 2 | `login_verifier` | to the consent app |
 * | 3 | `consent_verifier` | to the last page; the device gets its tokens when it polls next |
 *
 * @see RFC 8628 §3.3
 */

import { asClientId, asFlowId, wholeSeconds } from '../brand.ts'
import type { Services } from '../context.ts'
import type { Client } from '../protocol/client.ts'
import { noOpenIdRequest } from '../protocol/openid-request.ts'
import { oauthError, type OAuthError } from '../protocol/oauth-error.ts'
import { findRepeated } from '../protocol/parameters.ts'
import { err, ok, type Result } from '../result.ts'
import type { CookieChange, Cookies } from './cookies.ts'
import { bindBrowser } from './csrf.ts'
import { sealDeviceChallenge } from './device-flow.ts'
import { finishDevice, startDeviceLogin, type DeviceEnd } from './device-passes.ts'
import { end, type NextPage, type Refusal } from './outcome.ts'
import { builtInPages } from './pages.ts'
import { redeemLogin } from './redeem-login.ts'
import { withParams } from './request-url.ts'
import type { Visit } from './visit.ts'

/** One visit of the verification URL. */
export interface VerifyInput {
  readonly query: string
  readonly cookies: Cookies
  /** Network that the browser's address belongs to, hashed; `''` when the address is unknown. */
  readonly network: string
}

/** Where a visit of the verification URL leads. */
export type VerifyOutcome =
  | ({ readonly kind: 'page' } & NextPage)
  /** The device request no longer exists. */
  | { readonly kind: 'gone' }
  /** Told to the browser; there is no client to send it to. */
  | {
      readonly kind: 'refuse'
      readonly error: OAuthError
      readonly cookies: readonly CookieChange[]
    }

/** Decides what one visit of the verification URL leads to. */
export async function verifyDevice(services: Services, input: VerifyInput): Promise<VerifyOutcome> {
  const all = new URLSearchParams(input.query)
  const repeated = findRepeated(all)
  if (repeated !== undefined) return { kind: 'refuse', error: repeated, cookies: [] }
  const verifiers = {
    device: (all.get('device_verifier') ?? '').trim(),
    login: (all.get('login_verifier') ?? '').trim(),
    consent: (all.get('consent_verifier') ?? '').trim(),
  }
  if (Object.values(verifiers).every((verifier) => verifier === ''))
    return openPage(services, input)
  const client = await findClient(services, all)
  if (!client.ok) return { kind: 'refuse', error: client.error, cookies: [] }
  const visit = visitOf(client.value, all, input.cookies)
  const next = await nextPass(services, visit, verifiers)
  if (next.ok) return next.value === 'gone' ? { kind: 'gone' } : { kind: 'page', ...next.value }
  const { error, cookies, rejected } = next.error
  if (rejected !== undefined) await services.storage.deviceRequests.reject(rejected.grantId)
  return { kind: 'refuse', error, cookies }
}

/** Pass 0: binds the visit to the browser and asks for the user code. */
function openPage(services: Services, { query, cookies, network }: VerifyInput): VerifyOutcome {
  const { settings, random, clock } = services
  const id = asFlowId(random.hex(16))
  const { csrf, changes } = bindBrowser(services, cookies, {
    purpose: 'deviceCsrf',
    clientId: undefined,
    flowId: id,
  })
  const params = new URLSearchParams(query)
  const userCode = params.get('user_code') ?? ''
  const challenge = sealDeviceChallenge(services, {
    id,
    query: masked(params).toString(),
    requestedAt: wholeSeconds(clock()),
    csrf,
    network,
  })
  const page = settings.urls.deviceVerification ?? builtInPages(settings).deviceVerification
  const location = withParams(page, {
    device_challenge: challenge,
    ...(userCode === '' || userCode === mask ? {} : { user_code: userCode }),
  })
  return { kind: 'page', location, cookies: changes }
}

const mask = '****'

/** User codes do not belong in logs and histories: the URL of every later pass carries none. */
function masked(params: URLSearchParams): URLSearchParams {
  return new URLSearchParams(
    [...params].map(([name, value]) => [name, name.toLowerCase() === 'user_code' ? mask : value]),
  )
}

async function findClient(
  { storage }: Services,
  params: URLSearchParams,
): Promise<Result<Client, OAuthError>> {
  const clientId = params.get('client_id') ?? ''
  const record = clientId === '' ? undefined : await storage.clients.find(asClientId(clientId))
  return record === undefined
    ? err(oauthError('invalid_client', 'The requested OAuth 2.0 client does not exist.'))
    : ok(record.client)
}

/** What the device asks for is not in this URL. Of its parameters only `prompt=login` counts, so that people can change accounts. */
function visitOf(client: Client, all: URLSearchParams, cookies: Cookies): Visit {
  const asksForLogin = (all.get('prompt') ?? '').split(' ').includes('login')
  for (const name of ['device_verifier', 'login_verifier', 'consent_verifier']) all.delete(name)
  return {
    endpoint: 'device',
    client,
    request: {
      responseValues: new Set(),
      redirectUri: undefined,
      sentRedirectUri: undefined,
      scope: [],
      audience: [],
      nonce: '',
      codeChallenge: undefined,
      ...noOpenIdRequest,
      prompt: asksForLogin ? ['login'] : [],
    },
    sent: new URLSearchParams(),
    params: new URLSearchParams(),
    query: all.toString(),
    cookies,
  }
}

async function nextPass(
  services: Services,
  visit: Visit,
  verifiers: { readonly device: string; readonly login: string; readonly consent: string },
): Promise<Result<DeviceEnd, Refusal>> {
  if (verifiers.device !== '') return startDeviceLogin(services, visit, verifiers.device)
  if (verifiers.login !== '') return redeemLogin(services, visit, verifiers.login)
  if (verifiers.consent !== '') return finishDevice(services, visit, verifiers.consent)
  return end(oauthError('invalid_request'))
}
