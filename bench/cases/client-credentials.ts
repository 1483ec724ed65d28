import type { Case, TokenFormat } from '../case.ts'
import { algOf, expectAccessToken } from '../load/expect.ts'

/** An opaque access token for a client. */
export const clientCredentials: Case = {
  name: 'client_credentials',
  operation: 'POST token, opaque access token',
  requests: 1,
  needs: 'nothing',
  *prepare(dialect) {
    const step = dialect.clientCredentials('opaque')
    yield* [] // no set-up of its own
    return function* () {
      expectAccessToken(yield step)
    }
  },
}

/** The same as a JWT signed with ES256. */
export const clientCredentialsEs256 = signed('client_credentials_es256', 'ES256')

/** The same as a JWT signed with RS256, by a key of 2048 bits. */
export const clientCredentialsRs256 = signed('client_credentials_rs256', 'RS256')

/** The algorithm is checked once per connection. */
function signed(name: Case['name'], format: TokenFormat): Case {
  return {
    name,
    operation: `POST token, ${format} JWT access token`,
    requests: 1,
    needs: 'nothing',
    *prepare(dialect) {
      const step = dialect.clientCredentials(format)
      const token = expectAccessToken(yield step)
      const alg = algOf(token)
      if (alg !== format) throw new Error(`the access token is signed with ${alg}, not ${format}`)
      // The length of the signature tells the size of an RSA key: 256 bytes for 2048 bits.
      const signature = Buffer.from(token.split('.')[2] ?? '', 'base64url')
      if (format === 'RS256' && signature.length !== 256) {
        throw new Error(`the key has ${signature.length * 8} bits, not 2048`)
      }
      return function* () {
        expectAccessToken(yield step)
      }
    },
  }
}
