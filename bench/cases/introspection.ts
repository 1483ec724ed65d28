import type { Case } from '../case.ts'
import { algOf, expectAccessToken, expectActive, expectInactive } from '../load/expect.ts'

/** Introspection of a live opaque access token that a client got for itself. */
export const introspectionClient: Case = {
  name: 'introspection_client',
  operation: 'POST introspection, live client_credentials token',
  requests: 1,
  needs: 'nothing',
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
  needs: 'nothing',
  *prepare(dialect) {
    const tokens = yield* dialect.codeFlow()
    const step = dialect.introspect(tokens.access_token)
    return function* () {
      expectActive(yield step)
    }
  },
}

/** Introspection of a live JWT access token that a client got for itself. */
export const introspectionJwt: Case = {
  name: 'introspection_jwt',
  operation: 'POST introspection, live JWT of client_credentials',
  requests: 1,
  needs: 'nothing',
  *prepare(dialect) {
    const token = expectAccessToken(yield dialect.clientCredentials('ES256'))
    algOf(token)
    const step = dialect.introspect(token)
    return function* () {
      expectActive(yield step)
    }
  },
}

/** Introspection of an opaque access token that its client revoked before. */
export const introspectionRevoked: Case = {
  name: 'introspection_revoked',
  operation: 'POST introspection, revoked client_credentials token',
  requests: 1,
  needs: 'nothing',
  *prepare(dialect) {
    const token = expectAccessToken(yield dialect.clientCredentials('opaque'))
    const step = dialect.introspect(token)
    expectActive(yield step) // or `false` would say nothing
    const revoked = yield dialect.revoke(token)
    if (revoked.status !== 200) throw new Error(`revocation answered ${revoked.status}`)
    return function* () {
      expectInactive(yield step)
    }
  },
}
