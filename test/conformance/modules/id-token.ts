/** Signatures of ID Tokens. */

import { expect } from 'vitest'
import { checkRegistrationError } from '../checks/registration.ts'
import type { RelyingParty } from '../relying-party.ts'

async function signedWithRs256(party: RelyingParty, metadata = {}): Promise<void> {
  const { idTokens } = await party.login(await party.client(metadata))
  for (const { header } of idTokens) {
    expect(header.alg).toBe('RS256')
    expect(header.kid).toBeTypeOf('string')
  }
}

/** Modules by name. */
export const idTokenModules = {
  'oidcc-idtoken-signature': (party: RelyingParty) =>
    // A client of its own, that names no algorithm.
    signedWithRs256(party, { client_name: 'No algorithm' }),
  'oidcc-idtoken-rs256': (party: RelyingParty) =>
    signedWithRs256(party, { id_token_signed_response_alg: 'RS256' }),
  async 'oidcc-idtoken-unsigned'(party: RelyingParty) {
    const { id_token_signing_alg_values_supported: supported } = await party.provider.metadata()
    expect(supported).not.toContain('none')
    await checkRegistrationError(
      await party.requestRegistration({ id_token_signed_response_alg: 'none' }),
      ['invalid_client_metadata'],
    )
  },
}
