import type { Case } from '../case.ts'
import { algOf, expectAccessToken } from '../load/expect.ts'

/** An opaque access token for a client. */
export const clientCredentials: Case = {
  name: 'client_credentials',
  operation: 'POST token, opaque access token',
  requests: 1,
  *prepare(dialect) {
    const step = dialect.clientCredentials('opaque')
    yield* [] // no set-up of its own
    return function* () {
      expectAccessToken(yield step)
    }
  },
}

/** The same as a JWT signed with ES256; the algorithm is checked once per connection. */
export const clientCredentialsEs256: Case = {
  name: 'client_credentials_es256',
  operation: 'POST token, ES256 JWT access token',
  requests: 1,
  *prepare(dialect) {
    const step = dialect.clientCredentials('jwt')
    const alg = algOf(expectAccessToken(yield step))
    if (alg !== 'ES256') throw new Error(`the access token is signed with ${alg}, not ES256`)
    return function* () {
      expectAccessToken(yield step)
    }
  },
}
