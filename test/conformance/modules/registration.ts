/** What a client may say about itself, and what becomes of it. */

import { expect } from 'vitest'
import { checkRegistrationError } from '../checks/registration.ts'
import { clientOrigin } from '../provider.ts'
import { randomText } from '../random-text.ts'
import type { RelyingParty } from '../relying-party.ts'
import type { ServerPage } from '../user-agent.ts'

/** The end user is shown what the client said of itself. */
async function shown(
  party: RelyingParty,
  metadata: Record<string, string>,
  find: (page: ServerPage, uri: string) => boolean,
): Promise<void> {
  const client = await party.client(metadata)
  const { shown: pages } = await party.login(client)
  for (const [name, uri] of Object.entries(metadata)) {
    expect(client.answer[name]).toBe(uri)
    expect(pages.some((page) => find(page, uri))).toBe(true)
  }
}

function hasImage({ document, headers }: ServerPage, uri: string): boolean {
  const policy = headers.get('content-security-policy') ?? ''
  const mayLoad = /img-src[^;]*\bhttps:/u.test(policy)
  return mayLoad && document.querySelector(`img[src="${uri}"]`) !== null
}

function hasLink({ document }: ServerPage, uri: string): boolean {
  return document.querySelector(`a[href="${uri}"]`) !== null
}

/** Metadata of a client with pairwise subjects, whose sector lists some addresses. */
function sector(party: RelyingParty, redirectUris: readonly string[]) {
  const path = `/sector/${randomText(12)}`
  const body = JSON.stringify(redirectUris)
  const uri = party.provider.site.put(path, 'application/json', body)
  return { subject_type: 'pairwise', sector_identifier_uri: uri }
}

async function expectPairwise(party: RelyingParty): Promise<void> {
  const { subject_types_supported: supported } = await party.provider.metadata()
  expect(supported).toContain('pairwise')
}

/** Modules by name. */
export const registrationModules = {
  'oidcc-registration-logo-uri': (party: RelyingParty) =>
    shown(party, { logo_uri: `${clientOrigin}/logo.png` }, hasImage),
  'oidcc-registration-policy-uri': (party: RelyingParty) =>
    shown(party, { policy_uri: `${clientOrigin}/policy` }, hasLink),
  'oidcc-registration-tos-uri': (party: RelyingParty) =>
    shown(party, { tos_uri: `${clientOrigin}/tos` }, hasLink),
  async 'oidcc-registration-jwks-uri'(party: RelyingParty) {
    const { keys, site } = party.provider
    const path = `/jwks/${randomText(12)}`
    const jwks_uri = site.put(
      path,
      'application/json',
      JSON.stringify({ keys: [keys.first.publicJwk] }),
    )
    const client = await party.client({ jwks: undefined, jwks_uri })
    await party.login(client, { authentication: party.privateKeyJwt(keys.first) })
    expect(site.received.some((each) => each.path === path)).toBe(true)
  },
  async 'oidcc-registration-sector-uri'(party: RelyingParty) {
    await expectPairwise(party)
    const client = await party.client(sector(party, [`${clientOrigin}/callback`]))
    expect(client.answer['subject_type']).toBe('pairwise')
    await party.login(client)
  },
  async 'oidcc-registration-sector-bad'(party: RelyingParty) {
    await expectPairwise(party)
    const metadata = sector(party, [`${clientOrigin}/another`])
    const response = await party.requestRegistration(metadata)
    await checkRegistrationError(response, ['invalid_client_metadata'])
  },
}
