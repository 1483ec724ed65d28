/**
 * One example for each operation. docs/client/ shows the bodies of these functions, and a test runs them: against a live server
 * through our client, and through the official SDKs.
 */

import type { Api, FirebrandClient } from '../../src/sdk/client.ts'
import type { Given } from './given.ts'

/** Returns what the reader of the page would go on with. */
export type Example = (client: FirebrandClient, given: Given) => Promise<unknown>

export const examples = {
  async acceptOAuth2ConsentRequest(client, { consentChallenge }) {
    const asked = await client.getOAuth2ConsentRequest({ consent_challenge: consentChallenge })
    const { redirect_to } = await client.acceptOAuth2ConsentRequest({
      consent_challenge: consentChallenge,
      body: {
        grant_scope: asked.requested_scope,
        remember: true,
        remember_for: 3600,
        session: { id_token: { email: 'ada@example.org' } },
      },
    })
    return redirect_to
  },

  async acceptOAuth2LoginRequest(client, { loginChallenge }) {
    const { redirect_to } = await client.acceptOAuth2LoginRequest({
      login_challenge: loginChallenge,
      body: { subject: 'ada', remember: true, remember_for: 3600, amr: ['pwd'] },
    })
    return redirect_to
  },

  async acceptOAuth2LogoutRequest(client, { logoutChallenge }) {
    const { redirect_to } = await client.acceptOAuth2LogoutRequest({
      logout_challenge: logoutChallenge,
    })
    return redirect_to
  },

  async acceptUserCodeRequest(client, { deviceChallenge, userCode }) {
    const { redirect_to } = await client.acceptUserCodeRequest({
      device_challenge: deviceChallenge,
      body: { user_code: userCode },
    })
    return redirect_to
  },

  async createJsonWebKeySet(client) {
    const { keys } = await client.createJsonWebKeySet({
      set: 'my-application',
      body: { alg: 'ES256', use: 'sig', kid: crypto.randomUUID() },
    })
    return keys
  },

  async createOAuth2Client(client) {
    const { client_id, client_secret } = await client.createOAuth2Client({
      body: {
        client_name: 'Notes',
        grant_types: ['authorization_code', 'refresh_token'],
        redirect_uris: ['https://notes.example/callback'],
        scope: 'openid offline_access',
      },
    })
    return { client_id, client_secret }
  },

  async createOidcDynamicClient(client) {
    const { client_id, registration_access_token } = await client.createOidcDynamicClient({
      body: { client_name: 'Notes', redirect_uris: ['https://notes.example/callback'] },
    })
    return { client_id, registration_access_token }
  },

  async createVerifiableCredential(client, { credentialToken, proof }) {
    const { credential_draft_00 } = await client.createVerifiableCredential(
      {
        body: {
          format: 'jwt_vc_json',
          types: ['VerifiableCredential', 'UserInfoCredential'],
          proof: { proof_type: 'jwt', jwt: proof },
        },
      },
      { accessToken: credentialToken },
    )
    return credential_draft_00
  },

  async deleteJsonWebKey(client, { keySet, kid }) {
    await client.deleteJsonWebKey({ set: keySet, kid })
  },

  async deleteJsonWebKeySet(client, { keySet }) {
    await client.deleteJsonWebKeySet({ set: keySet })
  },

  async deleteOAuth2Client(client, { clientId }) {
    await client.deleteOAuth2Client({ id: clientId })
  },

  async deleteOAuth2Token(client, { clientId }) {
    await client.deleteOAuth2Token({ client_id: clientId })
  },

  async deleteOidcDynamicClient(client, { registeredId, registrationToken }) {
    await client.deleteOidcDynamicClient({ id: registeredId }, { accessToken: registrationToken })
  },

  async deleteRotatedOAuth2ClientSecrets(client, { clientId }) {
    await client.deleteRotatedOAuth2ClientSecrets({ id: clientId })
  },

  async deleteTrustedOAuth2JwtGrantIssuer(client, { trustId }) {
    await client.deleteTrustedOAuth2JwtGrantIssuer({ id: trustId })
  },

  async discoverJsonWebKeys(client) {
    const { keys } = await client.discoverJsonWebKeys()
    return keys
  },

  async discoverOidcConfiguration(client) {
    const { issuer, token_endpoint } = await client.discoverOidcConfiguration()
    return { issuer, token_endpoint }
  },

  async getJsonWebKey(client, { keySet, kid }) {
    const { keys } = await client.getJsonWebKey({ set: keySet, kid })
    return keys?.[0]
  },

  async getJsonWebKeySet(client, { keySet }) {
    const { keys } = await client.getJsonWebKeySet({ set: keySet })
    return keys
  },

  async getOAuth2Client(client, { clientId }) {
    const { client_name, scope } = await client.getOAuth2Client({ id: clientId })
    return { client_name, scope }
  },

  async getOAuth2ConsentRequest(client, { consentChallenge }) {
    const { subject, requested_scope, skip } = await client.getOAuth2ConsentRequest({
      consent_challenge: consentChallenge,
    })
    return { subject, requested_scope, skip }
  },

  async getOAuth2LoginRequest(client, { loginChallenge }) {
    const asked = await client.getOAuth2LoginRequest({ login_challenge: loginChallenge })
    return { skip: asked.skip, client: asked.client.client_id }
  },

  async getOAuth2LogoutRequest(client, { logoutChallenge }) {
    const { subject, sid } = await client.getOAuth2LogoutRequest({
      logout_challenge: logoutChallenge,
    })
    return { subject, sid }
  },

  async getOidcDynamicClient(client, { registeredId, registrationToken }) {
    return client.getOidcDynamicClient({ id: registeredId }, { accessToken: registrationToken })
  },

  async getOidcUserInfo(client, { accessToken }) {
    const { sub } = await client.getOidcUserInfo({ accessToken })
    return sub
  },

  async getTrustedOAuth2JwtGrantIssuer(client, { trustId }) {
    const { issuer, public_key } = await client.getTrustedOAuth2JwtGrantIssuer({ id: trustId })
    return { issuer, kid: public_key?.kid }
  },

  async getVersion(client) {
    const { version } = await client.getVersion()
    return version
  },

  async introspectOAuth2Token(client, { accessToken }) {
    const { active, sub, scope } = await client.introspectOAuth2Token({
      body: { token: accessToken, scope: 'openid' },
    })
    return { active, sub, scope }
  },

  async isAlive(client) {
    const { status } = await client.isAlive()
    return status
  },

  async isReady(client) {
    const { status } = await client.isReady()
    return status
  },

  async listOAuth2Clients(client) {
    const page = await client.listOAuth2Clients({ page_size: 20 })
    const names: unknown[] = page.map(({ client_name }) => client_name)
    for await (const { client_name } of client.items.listOAuth2Clients()) names.push(client_name)
    return names
  },

  async listOAuth2ConsentSessions(client, { subject }) {
    const sessions = await client.listOAuth2ConsentSessions({ subject })
    return sessions.map(({ consent_request_id, grant_scope }) => [consent_request_id, grant_scope])
  },

  async listTrustedOAuth2JwtGrantIssuers(client) {
    const trusted = await client.listTrustedOAuth2JwtGrantIssuers({
      issuer: 'https://partner.example',
    })
    return trusted.map(({ subject, expires_at }) => [subject, expires_at])
  },

  async oAuth2Authorize(client, { clientId, redirectUri }) {
    const { status, headers } = await client.raw.oAuth2Authorize({
      query: {
        client_id: clientId,
        redirect_uri: redirectUri,
        response_type: 'code',
        scope: 'openid',
        state: crypto.randomUUID(),
      },
    })
    return { status, location: headers.get('location') }
  },

  async oAuth2DeviceFlow(client, { clientId, clientSecret }) {
    const { device_code, user_code, verification_uri } = await client.oAuth2DeviceFlow(
      { body: { client_id: clientId, scope: 'openid' } },
      { credentials: { client_id: clientId, client_secret: clientSecret } },
    )
    return { device_code, user_code, verification_uri }
  },

  async oauth2TokenExchange(client, { clientId, clientSecret, code, redirectUri }) {
    const { access_token, refresh_token } = await client.oauth2TokenExchange(
      { body: { grant_type: 'authorization_code', code, redirect_uri: redirectUri } },
      { credentials: { client_id: clientId, client_secret: clientSecret } },
    )
    return { access_token, refresh_token }
  },

  async patchOAuth2Client(client, { clientId }) {
    const { client_name } = await client.patchOAuth2Client({
      id: clientId,
      body: [{ op: 'replace', path: '/client_name', value: 'Notes 2' }],
    })
    return client_name
  },

  async performOAuth2DeviceVerificationFlow(client, { userCode }) {
    const { status, headers } = await client.raw.performOAuth2DeviceVerificationFlow({
      query: { user_code: userCode },
    })
    return { status, location: headers.get('location') }
  },

  async rejectOAuth2ConsentRequest(client, { consentChallenge }) {
    const { redirect_to } = await client.rejectOAuth2ConsentRequest({
      consent_challenge: consentChallenge,
      body: { error: 'access_denied', error_description: 'The user said no.' },
    })
    return redirect_to
  },

  async rejectOAuth2LoginRequest(client, { loginChallenge }) {
    const { redirect_to } = await client.rejectOAuth2LoginRequest({
      login_challenge: loginChallenge,
      body: { error: 'login_required', error_description: 'No such account.' },
    })
    return redirect_to
  },

  async rejectOAuth2LogoutRequest(client, { logoutChallenge }) {
    await client.rejectOAuth2LogoutRequest({ logout_challenge: logoutChallenge })
  },

  async revokeOAuth2ConsentSessions(client, { subject, clientId }) {
    await client.revokeOAuth2ConsentSessions({ subject, client: clientId })
  },

  async revokeOAuth2LoginSessions(client, { sid }) {
    await client.revokeOAuth2LoginSessions({ sid })
  },

  async revokeOAuth2Token(client, { clientId, clientSecret, refreshToken }) {
    await client.revokeOAuth2Token(
      { body: { token: refreshToken } },
      { credentials: { client_id: clientId, client_secret: clientSecret } },
    )
  },

  async revokeOidcSession(client) {
    const { status, headers } = await client.raw.revokeOidcSession()
    return { status, location: headers.get('location') }
  },

  async rotateOAuth2ClientSecret(client, { clientId }) {
    const { client_secret } = await client.rotateOAuth2ClientSecret({ id: clientId })
    return client_secret
  },

  async setJsonWebKey(client, { keySet, kid }) {
    const { keys } = await client.getJsonWebKey({ set: keySet, kid })
    const [key] = keys ?? []
    return key && client.setJsonWebKey({ set: keySet, kid, body: key })
  },

  async setJsonWebKeySet(client, { keySet }) {
    const { keys } = await client.getJsonWebKeySet({ set: keySet })
    return client.setJsonWebKeySet({ set: keySet, body: { keys } })
  },

  async setOAuth2Client(client, { clientId }) {
    const present = await client.getOAuth2Client({ id: clientId })
    const { owner } = await client.setOAuth2Client({
      id: clientId,
      body: { ...present, owner: 'ada' },
    })
    return owner
  },

  async setOAuth2ClientLifespans(client, { clientId }) {
    return client.setOAuth2ClientLifespans({
      id: clientId,
      body: { authorization_code_grant_access_token_lifespan: '15m' },
    })
  },

  async setOidcDynamicClient(client, { registeredId, registrationToken }) {
    const { registration_access_token } = await client.setOidcDynamicClient(
      { id: registeredId, body: { redirect_uris: ['https://notes.example/callback2'] } },
      { accessToken: registrationToken },
    )
    return registration_access_token
  },

  async trustOAuth2JwtGrantIssuer(client, { partnerKey }) {
    const { id } = await client.trustOAuth2JwtGrantIssuer({
      body: {
        issuer: 'https://partner.example',
        allow_any_subject: true,
        scope: ['orders.read'],
        expires_at: '2035-01-01T00:00:00Z',
        jwk: partnerKey,
      },
    })
    return id
  },
} satisfies Partial<Record<keyof Api, Example>>
