/** Metadata of the provider. */

import { expect } from 'vitest'
import { checkMetadata, type Metadata } from '../checks/metadata.ts'
import { expectHttps } from '../checks/values.ts'
import type { RelyingParty } from '../relying-party.ts'
import type { Module } from './module.ts'

const dynamic = {
  response_types_supported: ['code', 'id_token', 'id_token token'],
  grant_types_supported: ['authorization_code', 'implicit'],
}

/** Response types are sets: `token id_token` is `id_token token`. */
function sorted(types: unknown): readonly string[] {
  return (types as readonly string[]).map((type) => type.split(' ').sort().join(' '))
}

async function verifyForDynamic(party: RelyingParty): Promise<void> {
  const metadata = await checkMetadata(party.provider)
  for (const [name, needed] of Object.entries(dynamic))
    expect(sorted(metadata[name]), name).toEqual(expect.arrayContaining([...sorted(needed)]))
  expectHttps(metadata['registration_endpoint'])
  expect(metadata['token_endpoint_auth_methods_supported']).toContain(
    party.variant.plan.authentication,
  )
}

/** The whole set, and members that one kind of logout needs. */
function verify(needs: (metadata: Metadata) => void): Module {
  return async (party) => {
    const metadata = await checkMetadata(party.provider)
    expectHttps(metadata['end_session_endpoint'])
    needs(metadata)
  }
}

function flags(...names: readonly string[]): (metadata: Metadata) => void {
  return (metadata) => {
    for (const name of names) expect(metadata[name], name).toBe(true)
  }
}

/** Modules by name. */
export const discoveryModules = {
  'oidcc-discovery-endpoint-verification': verifyForDynamic,
  'oidcc-rp-initiated-logout-discovery-endpoint-verification': verify(() => undefined),
  'oidcc-session-management-discovery-endpoint-verification': verify((metadata) =>
    expectHttps(metadata['check_session_iframe']),
  ),
  'oidcc-frontchannel-logout-discovery-endpoint-verification': verify(
    flags('frontchannel_logout_supported', 'frontchannel_logout_session_supported'),
  ),
  'oidcc-backchannel-logout-discovery-endpoint-verification': verify(
    flags('backchannel_logout_supported', 'backchannel_logout_session_supported'),
  ),
}
