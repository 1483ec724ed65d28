/** Keys that change while everything runs, and assertions. */

import type { JWK } from 'jose'
import { expect } from 'vitest'
import { publishedKeys } from '../checks/id-token.ts'
import { pass } from '../provider.ts'
import { randomText } from '../random-text.ts'
import type { RelyingParty } from '../relying-party.ts'
import { checkRefreshResponse, loginForRefresh, refreshing } from './code.ts'

async function rotateServerKeys(party: RelyingParty): Promise<void> {
  const { provider } = party
  const before = (await publishedKeys(provider)).keys
  const response = await provider.server.adminFetch('/admin/keys/hydra.openid.id-token', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ alg: 'RS256', use: 'sig', kid: '' }),
  })
  expect(response.status).toBe(201)
  const after = (await publishedKeys(provider)).keys
  const added = after.filter(({ kid }) => !before.some((old) => old.kid === kid))
  expect(added).toHaveLength(1)
  expect(before.map(modulus)).not.toContain(modulus(added[0] ?? {}))
  // A warning: old keys stay for a while.
  for (const { kid } of before) expect(after.map((key) => key.kid)).toContain(kid)
  const { idToken } = await party.login(await party.client())
  expect(idToken.header.kid).toBe(added[0]?.kid)
}

function modulus(key: JWK): string | undefined {
  return key.n
}

async function rotateClientKeys(party: RelyingParty): Promise<void> {
  const { keys, site } = party.provider
  const path = `/jwks/${randomText(12)}`
  const publish = (key: JWK) => site.put(path, 'application/json', JSON.stringify({ keys: [key] }))
  const metadata = {
    ...refreshing(party),
    jwks: undefined,
    jwks_uri: publish(keys.first.publicJwk),
  }
  const client = await party.client(metadata)
  const login = await loginForRefresh(party, client)
  publish(keys.second.publicJwk)
  pass(party.provider, 60)
  const response = await party.refresh(client, login.answer?.['refresh_token'], {
    authentication: party.privateKeyJwt(keys.second),
  })
  await checkRefreshResponse(party, client, { login, response })
}

/** Modules by name. */
export const keyModules = {
  'oidcc-server-rotate-keys': rotateServerKeys,
  'oidcc-refresh-token-rp-key-rotation': rotateClientKeys,
  async 'oidcc-ensure-client-assertion-with-iss-aud-succeeds'(party: RelyingParty) {
    const { issuer, keys } = party.provider
    await party.login(await party.client(), {
      authentication: party.privateKeyJwt(keys.first, issuer),
    })
  },
}
