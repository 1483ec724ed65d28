import { describe, expect, it } from 'vitest'
import { milliseconds } from '../brand.ts'
import { lifespanNames, type Client } from '../protocol/client.ts'
import type { Settings } from '../settings.ts'
import { lifespanOf, type GrantKind, type TokenKind } from './lifespan.ts'

const settings = {
  ttl: {
    accessToken: milliseconds(1),
    idToken: milliseconds(2),
    refreshToken: milliseconds(3),
  },
} as Settings

/** A client with all its own lifespans, or none. */
function client(lifespans: Client['lifespans']): Client {
  return { lifespans } as Client
}

const own = Object.fromEntries(
  lifespanNames.map((name, index) => [name, milliseconds(100 + index)]),
) as Client['lifespans']

const grants: readonly GrantKind[] = [
  'authorization_code',
  'client_credentials',
  'implicit',
  'jwt_bearer',
  'refresh_token',
  'device_authorization',
]
const kinds: readonly [TokenKind, number][] = [
  ['access_token', 1],
  ['id_token', 2],
  ['refresh_token', 3],
]

describe('lifespanOf', () => {
  for (const grant of grants)
    for (const [kind, global] of kinds) {
      const name = lifespanNames.find((each) => each === `${grant}_grant_${kind}_lifespan`)
      it(`of the ${kind} of ${grant} is ${name === undefined ? 'global' : 'of the client, else global'}`, () => {
        expect(lifespanOf(settings, client({}), grant, kind)).toBe(global)
        expect(lifespanOf(settings, client(own), grant, kind)).toBe(
          name === undefined ? global : own[name],
        )
      })
    }

  it('takes zero for a lifespan that is set', () => {
    const zero = client({ implicit_grant_access_token_lifespan: milliseconds(0) })
    expect(lifespanOf(settings, zero, 'implicit', 'access_token')).toBe(0)
  })
})
