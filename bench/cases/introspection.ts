import type { Case } from '../case.ts'
import { expectAccessToken, expectActive } from '../load/expect.ts'

/** Introspection of a live opaque access token that a client got for itself. */
export const introspectionClient: Case = {
  name: 'introspection_client',
  operation: 'POST introspection, live client_credentials token',
  requests: 1,
  *prepare(dialect) {
    const step = dialect.introspect(expectAccessToken(yield dialect.clientCredentials('opaque')))
    return function* () {
      expectActive(yield step)
    }
  },
}

/** Introspection of a live opaque access token of a user, from a code flow. */
export const introspectionUser: Case = {
  name: 'introspection_user',
  operation: 'POST introspection, live token of a code flow',
  requests: 1,
  *prepare(dialect) {
    const tokens = yield* dialect.codeFlow()
    const step = dialect.introspect(tokens.access_token)
    return function* () {
      expectActive(yield step)
    }
  },
}
