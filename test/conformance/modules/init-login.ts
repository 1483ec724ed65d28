/** Logins that a third party starts (OpenID Connect Core §4): only the registration is the server's part. */

import { expect } from 'vitest'
import { checkRegistrationError } from '../checks/registration.ts'
import type { Answer } from '../checks/tokens.ts'
import { clientOrigin } from '../provider.ts'
import type { RelyingParty } from '../relying-party.ts'

async function initLogin(party: RelyingParty): Promise<void> {
  const initiate_login_uri = `${clientOrigin}/initiate`
  const { answer } = await party.client({ initiate_login_uri })
  expect(answer['initiate_login_uri']).toBe(initiate_login_uri)
  const response = await party.provider.fetch(String(answer['registration_client_uri']), {
    headers: { authorization: `Bearer ${String(answer['registration_access_token'])}` },
  })
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toMatch(/^application\/json\b/u)
  expect(((await response.json()) as Answer)['initiate_login_uri']).toBe(initiate_login_uri)
}

/** Modules by name. */
export const initLoginModules = {
  'oidcc-3rd_party-init-login': initLogin,
  async 'oidcc-3rd_party-init-login-nohttps'(party: RelyingParty) {
    const initiate_login_uri = `${clientOrigin.replace('https:', 'http:')}/initiate`
    const response = await party.requestRegistration({ initiate_login_uri })
    await checkRegistrationError(response, ['invalid_client_metadata'])
  },
}
