/** What the examples of the client's reference find in place. */

import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import type { Given } from '../../scripts/api/given.ts'
import {
  authorizationUrl,
  Browser,
  challengeOf,
  claimsOf,
  createClient,
  exchangeCode,
  type FlowServer,
} from './browser-flow.ts'
import { deviceChallenge, deviceGrant, requestCodes } from './device-flow.ts'

const subject = 'ada'
const credentialScope = 'userinfo_credential_draft_00'

/** Prepares everything anew: examples end what they are given. */
export async function prepareGiven(server: FlowServer): Promise<Given> {
  const client = await createClient(server, {
    audience: ['https://api.example'],
    grant_types: ['authorization_code', 'refresh_token', deviceGrant],
    scope: `openid offline offline_access foo ${credentialScope}`,
    post_logout_redirect_uris: ['http://127.0.0.1:5555/bye'],
    contacts: ['ada@example.org'],
    metadata: { tier: 'gold' },
  })
  const url = authorizationUrl(client)
  const loginChallenge = await new Browser(server).loginChallenge(url)
  const another = new Browser(server)
  const consentChallenge = await another.consentChallenge(await another.loginChallenge(url), {
    subject,
  })
  const browser = new Browser(server)
  const answers = {
    login: { subject, remember: true, acr: '1', amr: ['pwd'], context: { from: 'login' } },
    consent: { remember: true, session: { access_token: { tenant: 't9' } } },
  }
  const { body: tokens } = await exchangeCode(server, client, await browser.authorize(url, answers))
  const logout = await browser.location('/oauth2/sessions/logout')
  const code = challengeOf(await new Browser(server).authorize(url, answers), 'code')
  const registered = await register(server)
  const keySet = `set-${crypto.randomUUID()}`
  await post((path, init) => server.adminFetch(path, init), `/admin/keys/${keySet}`, {
    alg: 'ES256',
    use: 'sig',
    kid: 'k1',
  })
  const { user_code: userCode } = await requestCodes(server, client, { scope: 'openid' })
  const credential = await exchangeCode(
    server,
    client,
    await new Browser(server).authorize(
      authorizationUrl(client, { scope: `openid ${credentialScope}` }),
    ),
  )
  const trusted = await post(
    (path, init) => server.adminFetch(path, init),
    '/admin/trust/grants/jwt-bearer/issuers',
    {
      issuer: 'https://partner.example',
      subject: 'svc',
      scope: ['orders.read'],
      expires_at: '2035-01-01T00:00:00Z',
      jwk: await partnerKey(),
    },
  )
  return {
    clientId: client.client_id,
    clientSecret: client.client_secret,
    redirectUri: client.redirect_uri,
    loginChallenge,
    consentChallenge,
    logoutChallenge: challengeOf(logout, 'logout_challenge'),
    code,
    accessToken: String(tokens['access_token']),
    refreshToken: String(tokens['refresh_token']),
    subject,
    sid: String(claimsOf(tokens['id_token'])['sid']),
    registeredId: String(registered['client_id']),
    registrationToken: String(registered['registration_access_token']),
    keySet,
    userCode,
    deviceChallenge: await deviceChallenge(new Browser(server)),
    credentialToken: String(credential.body['access_token']),
    proof: await prove(credential.body['c_nonce_draft_00']),
    kid: 'k1',
    partnerKey: await partnerKey(),
    trustId: String(trusted['id']),
  }
}

/** A key under a name of its own, so that it can be trusted once. */
async function partnerKey() {
  const { publicKey } = await generateKeyPair('ES256', { extractable: true })
  const { x = '', y = '' } = await exportJWK(publicKey)
  return { kty: 'EC', crv: 'P-256', x, y, kid: crypto.randomUUID(), alg: 'ES256', use: 'sig' }
}

async function prove(nonce: unknown): Promise<string> {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  return new SignJWT({ nonce })
    .setProtectedHeader({ alg: 'ES256', jwk: await exportJWK(publicKey) })
    .sign(privateKey)
}

function register(server: FlowServer): Promise<Record<string, unknown>> {
  return post((path, init) => server.publicFetch(path, init), '/oauth2/register', {
    redirect_uris: ['http://127.0.0.1:5555/callback'],
  })
}

async function post(
  fetch: FlowServer['publicFetch'],
  path: string,
  body: object,
): Promise<Record<string, unknown>> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) })
  if (response.status !== 201)
    throw new Error(`${path}: ${response.status} ${await response.text()}`)
  return (await response.json()) as Record<string, unknown>
}
