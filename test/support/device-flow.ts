/** The parts of a device flow: the device, the browser, and the apps that the test stands in for. */

import {
  accept,
  answer,
  basic,
  challengeOf,
  createClient,
  getRequest,
  postToken,
  type Browser,
  type FlowServer,
  type TestClient,
  type TokenAnswer,
} from './browser-flow.ts'

export const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code'

/** A client of devices. */
export function createDeviceClient(
  server: FlowServer,
  changes: Record<string, unknown> = {},
): Promise<TestClient> {
  return createClient(server, {
    redirect_uris: [],
    grant_types: [deviceGrant, 'refresh_token'],
    response_types: [],
    scope: 'openid offline offline_access hydra foo',
    audience: ['https://api.example/'],
    ...changes,
  })
}

/** What the device was told. */
export interface DeviceCodes {
  readonly device_code: string
  readonly user_code: string
  readonly verification_uri: string
  readonly verification_uri_complete: string
  readonly expires_in: number
  readonly interval?: number
}

/** Asks for codes and gives the raw response. */
export function postDeviceAuth(
  server: FlowServer,
  client: TestClient,
  form: Record<string, string> = {},
): Promise<Response> {
  const headers: Record<string, string> = { 'content-type': 'application/x-www-form-urlencoded' }
  if (client.client_secret !== '') headers['authorization'] = basic(client)
  const body = new URLSearchParams({ client_id: client.client_id, ...form }).toString()
  return server.publicFetch('/oauth2/device/auth', { method: 'POST', headers, body })
}

/** Asks for codes. */
export async function requestCodes(
  server: FlowServer,
  client: TestClient,
  form: Record<string, string> = {},
): Promise<DeviceCodes> {
  const response = await postDeviceAuth(server, client, {
    scope: 'hydra offline openid',
    ...form,
  })
  if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`)
  return (await response.json()) as DeviceCodes
}

/** One poll of the device. */
export function poll(
  server: FlowServer,
  client: TestClient,
  codes: Pick<DeviceCodes, 'device_code'>,
): Promise<TokenAnswer> {
  return postToken(server, client, { grant_type: deviceGrant, device_code: codes.device_code })
}

/** Opens the verification page. */
export async function deviceChallenge(browser: Browser, url = '/oauth2/device/verify') {
  return challengeOf(await browser.location(url), 'device_challenge')
}

/** The verification page's answer. */
export function enterCode(
  server: FlowServer,
  challenge: string,
  userCode: unknown,
): Promise<Response> {
  return answer(server, { kind: 'device', verdict: 'accept', challenge }, { user_code: userCode })
}

/** Opens the page, enters the code; gives the URL with the device verifier. */
export async function toVerifier(browser: Browser, codes: DeviceCodes): Promise<string> {
  const challenge = await deviceChallenge(browser)
  return accept(browser.server, 'device', challenge, { user_code: codes.user_code })
}

/** Answers of the login and consent app. */
export interface Answers {
  readonly login?: object
  readonly consent?: object
}

/** From the URL with the device verifier to the one with the consent verifier. */
export async function toConsentVerifier(
  browser: Browser,
  verifierUrl: string,
  answers: Answers = {},
): Promise<string> {
  const { server } = browser
  const login = await browser.loginChallenge(verifierUrl)
  const consent = await browser.consentChallenge(login, { subject: 'aeneas', ...answers.login })
  const asked = await getRequest(server, 'consent', consent)
  return accept(server, 'consent', consent, {
    grant_scope: asked['requested_scope'],
    grant_access_token_audience: asked['requested_access_token_audience'],
    ...answers.consent,
  })
}

/** The whole way of the browser; gives the address it ends at. */
export async function approve(
  browser: Browser,
  codes: DeviceCodes,
  answers: Answers = {},
): Promise<URL> {
  return browser.location(
    await toConsentVerifier(browser, await toVerifier(browser, codes), answers),
  )
}
