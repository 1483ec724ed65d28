/** The redirect URI: exact, and never a way to send people elsewhere. */

import { expect } from 'vitest'
import { expectErrorPage } from '../checks/authorization.ts'
import { checkRegistrationError } from '../checks/registration.ts'
import { clientOrigin } from '../provider.ts'
import { randomText } from '../random-text.ts'
import type { RelyingParty } from '../relying-party.ts'

const callback = `${clientOrigin}/callback`

async function refused(
  party: RelyingParty,
  registered: readonly string[] | undefined,
  requested: string | undefined,
): Promise<void> {
  const client = await party.client(registered === undefined ? {} : { redirect_uris: registered })
  const { stop } = await party.visit(client, { params: { redirect_uri: requested } })
  expectErrorPage(stop, party.provider.issuer, /redirect_uri/u)
}

/** Modules by name. */
export const redirectUriModules = {
  'oidcc-ensure-registered-redirect-uri': (party: RelyingParty) =>
    refused(party, undefined, `${callback}/${randomText(10)}`),
  'oidcc-ensure-redirect-uri-in-authorization-request': (party: RelyingParty) =>
    refused(party, [callback, `${callback}/other`], undefined),
  async 'oidcc-redirect-uri-query-OK'(party: RelyingParty) {
    const client = await party.client({ redirect_uris: [`${callback}?bar=foo`] })
    expect(client.redirectUri).toBe(`${callback}?bar=foo`)
    await party.login(client)
  },
  'oidcc-redirect-uri-query-mismatch': (party: RelyingParty) =>
    refused(party, [`${callback}?foo=bar`], `${callback}?foo=baz&bar=foo`),
  'oidcc-redirect-uri-query-added': (party: RelyingParty) =>
    refused(party, [callback], `${callback}?foo=bar`),
  async 'oidcc-redirect-uri-regfrag'(party: RelyingParty) {
    const response = await party.requestRegistration({ redirect_uris: [`${callback}#foobar`] })
    await checkRegistrationError(response, ['invalid_redirect_uri', 'invalid_client_metadata'])
  },
}
