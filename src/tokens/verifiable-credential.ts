/**
 * Userinfo as a verifiable credential that is bound to a key of the client.
 *
 * @see OpenID Connect UserInfo Verifiable Credentials, draft 00; W3C Verifiable Credentials Data Model 1.1 §6.3.1; did:jwk
 */

import { EmbeddedJWK } from 'jose/jwk/embedded'
import { jwtVerify } from 'jose/jwt/verify'
import { epochSeconds } from '../brand.ts'
import type { Services } from '../context.ts'
import { algorithms } from '../keys/algorithms.ts'
import { mayBeOfKind, readJwsHeader } from '../keys/compact-jws.ts'
import { idTokenKeySet } from '../keys/key-ring.ts'
import { publicPart } from '../keys/stored-jwk.ts'
import type { JsonObject } from '../protocol/json.ts'
import { err, ok, type Result } from '../result.ts'
import { isCredentialNonce } from './credential-nonce.ts'
import type { GrantSession } from './grant-session.ts'
import type { LiveToken } from './inspect.ts'

/** `typ` of proofs that name their kind (OpenID for Verifiable Credential Issuance §F.1). */
const kind = 'openid4vci-proof+jwt'

/** Seconds. */
const lifespan = 3600

/**
 * Checks that whoever holds the access token also holds the key in the `jwk` header of the proof.
 *
 * @returns the public key, or a sentence on what is wrong with the proof.
 */
export async function verifyProof(
  services: Pick<Services, 'sealer' | 'clock'>,
  accessToken: string,
  jwt: string,
): Promise<Result<JsonObject, string>> {
  const verified = await verifyEmbedded(jwt, new Date(services.clock()))
  if (verified === undefined)
    return err('The proof is not a JWT that verifies with the key of its jwk header.')
  const { nonce } = verified.payload
  if (typeof nonce !== 'string' || !isCredentialNonce(services, accessToken, nonce))
    return err('The nonce of the proof is missing, expired, or not one for this access token.')
  return ok(verified.jwk)
}

async function verifyEmbedded(jwt: string, currentDate: Date) {
  const header = readJwsHeader(jwt)
  if (header === undefined || !mayBeOfKind(header, kind)) return undefined
  try {
    const options = { algorithms: Object.keys(algorithms), currentDate }
    const { payload, protectedHeader } = await jwtVerify(jwt, EmbeddedJWK, options)
    return { payload, jwk: publicPart(protectedHeader.jwk as JsonObject) }
  } catch {
    // Malformed, another key, an algorithm or critical header that nobody here understands, or out of date.
    return undefined
  }
}

/** Signs the credential: what userinfo tells about the end user, bound to a key. */
export async function mintCredential(
  { keys, settings, random }: Pick<Services, 'keys' | 'settings' | 'random'>,
  token: Pick<LiveToken, 'issuedAt'>,
  {
    userinfo,
    idToken,
    idTokenSubject,
  }: Pick<GrantSession, 'userinfo' | 'idToken' | 'idTokenSubject'>,
  jwk: JsonObject,
): Promise<string> {
  const did = `did:jwk:${Buffer.from(JSON.stringify(jwk)).toString('base64url')}`
  const issuedAt = epochSeconds(token.issuedAt)
  const key = await keys.signingKey(idTokenKeySet)
  return key.sign(
    {
      iss: settings.issuer,
      jti: random.uuid(),
      iat: issuedAt,
      nbf: issuedAt,
      exp: issuedAt + lifespan,
      sub: did,
      vc: {
        '@context': ['https://www.w3.org/2018/credentials/v1'],
        type: ['VerifiableCredential', 'UserInfoCredential'],
        credentialSubject: { ...userinfo, ...idToken, id: did, sub: idTokenSubject },
      },
    },
    'JWT',
  )
}
