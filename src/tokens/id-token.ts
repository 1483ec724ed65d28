/** ID tokens. @see OpenID Connect Core §2 */

import { after, epochSeconds, milliseconds, type Instant, type Milliseconds } from '../brand.ts'
import type { Services } from '../context.ts'
import { idTokenKeySet } from '../keys/key-ring.ts'
import type { Client } from '../protocol/client.ts'
import type { GrantSession } from './grant-session.ts'
import { halfHash, idTokenClaims } from './id-token-claims.ts'

/** What an ID token is made of. */
export interface NewIdToken {
  readonly client: Client
  readonly session: GrantSession
  /** When the client asked; the `rat` claim. */
  readonly requestedAt: Instant
  readonly issuedAt: Instant
  /** Zero stands for one hour. */
  readonly lifespan: Milliseconds
  /** Hashed into `at_hash`. */
  readonly accessToken: string | undefined
  /** Hashed into `c_hash`. */
  readonly code: string | undefined
}

const oneHour = milliseconds(3_600_000)

/** Signs an ID token with the newest key of its set, or of the algorithm that the client chose. */
export async function mintIdToken(
  { settings, keys, random }: Pick<Services, 'settings' | 'keys' | 'random'>,
  { client, session, ...token }: NewIdToken,
): Promise<string> {
  const key = await keys.signingKey(
    idTokenKeySet,
    client.responseAlgorithms?.id_token_signed_response_alg,
  )
  const lifespan = token.lifespan === 0 ? oneHour : token.lifespan
  const claims = idTokenClaims({
    iss: settings.issuer,
    sub: session.idTokenSubject,
    aud: [client.client_id],
    iat: epochSeconds(token.issuedAt),
    exp: epochSeconds(after(token.issuedAt, lifespan)),
    jti: random.uuid(),
    auth_time: epochSeconds(session.authTime),
    rat: epochSeconds(token.requestedAt),
    sid: session.sid,
    nonce: session.nonce,
    acr: session.acr,
    amr: session.amr,
    at_hash: token.accessToken === undefined ? undefined : halfHash(token.accessToken, key.alg),
    c_hash: token.code === undefined ? undefined : halfHash(token.code, key.alg),
    extra: session.idToken,
  })
  return key.sign(claims, 'JWT')
}
