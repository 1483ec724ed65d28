/** Ways to ask the UserInfo endpoint. */

import { createLocalJWKSet, jwtVerify } from 'jose'
import { expect } from 'vitest'
import { publishedKeys } from '../checks/id-token.ts'
import { checkUserInfo } from '../checks/userinfo.ts'
import type { RelyingParty } from '../relying-party.ts'

/** Logs in and asks with every access token. */
async function ask(
  party: RelyingParty,
  request: (accessToken: string) => RequestInit,
): Promise<void> {
  const { accessTokens, idToken } = await party.login(await party.client())
  expect(accessTokens).not.toHaveLength(0)
  const { userinfo_endpoint: endpoint = '' } = await party.provider.metadata()
  for (const accessToken of accessTokens) {
    const response = await party.provider.fetch(endpoint, request(accessToken))
    await checkUserInfo(response, idToken.claims['sub'])
  }
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

async function signed(party: RelyingParty): Promise<void> {
  const { provider } = party
  const { userinfo_signing_alg_values_supported: supported } = await provider.metadata()
  expect(supported).toContain('RS256')
  const client = await party.client({ userinfo_signed_response_alg: 'RS256' })
  const { accessTokens, idToken } = await party.login(client)
  for (const accessToken of accessTokens) {
    const response = await party.userInfo(accessToken)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toMatch(/^application\/jwt\b/u)
    const keys = createLocalJWKSet(await publishedKeys(provider))
    const { payload, protectedHeader } = await jwtVerify(await response.text(), keys, {
      // Warnings: Core §5.3.2 wants both.
      issuer: provider.issuer,
      audience: client.id,
      currentDate: new Date(provider.server.clock()),
    })
    expect(protectedHeader.alg).toBe('RS256')
    expect(payload.sub).toBe(idToken.claims['sub'])
    expect(payload).not.toHaveProperty('nonce')
  }
}

/** Modules by name. */
export const userinfoModules = {
  'oidcc-userinfo-get': (party: RelyingParty) =>
    ask(party, (accessToken) => ({ headers: bearer(accessToken) })),
  'oidcc-userinfo-post-header': (party: RelyingParty) =>
    ask(party, (accessToken) => ({ method: 'POST', headers: bearer(accessToken) })),
  'oidcc-userinfo-post-body': (party: RelyingParty) =>
    ask(party, (accessToken) => ({
      method: 'POST',
      body: new URLSearchParams({ access_token: accessToken }),
    })),
  'oidcc-userinfo-rs256': signed,
}
