/** `POST /credentials`: userinfo as a verifiable credential. @see OpenID Connect UserInfo Verifiable Credentials, draft 00 */

import { z } from 'zod'
import type { Services } from '../../context.ts'
import { oauthError } from '../../protocol/oauth-error.ts'
import { findRepeated } from '../../protocol/parameters.ts'
import { err, ok, type Result } from '../../result.ts'
import { credentialNonceLifespan, mintCredentialNonce } from '../../tokens/credential-nonce.ts'
import { inspectRefreshToken } from '../../tokens/inspect.ts'
import { mintCredential, verifyProof } from '../../tokens/verifiable-credential.ts'
import { readJson } from '../body.ts'
import type { Endpoint, EndpointRequest } from '../endpoint.ts'
import { oauthErrorResponse } from '../errors.ts'
import { json } from '../respond.ts'
import { errorOAuth2 } from '../schemas.ts'
import { bearerErrorResponse, bearerTokenOutsideBody } from './bearer-token.ts'
import { userToken } from './user-token.ts'

const proof = z
  .object({ proof_type: z.string().optional(), jwt: z.string().optional() })
  .meta({ id: 'VerifiableCredentialProof' })

const requestBody = z
  .object({
    format: z.string().optional().describe('`jwt_vc_json`.'),
    types: z.array(z.string()).optional(),
    proof: proof.optional(),
  })
  .meta({ id: 'CreateVerifiableCredentialRequestBody' })

const credentialResponse = z
  .object({ format: z.string().optional(), credential_draft_00: z.string().optional() })
  .meta({ id: 'verifiableCredentialResponse' })

const primingResponse = errorOAuth2
  .extend({
    format: z.string().optional(),
    c_nonce: z.string().optional().describe('To be signed by the proof.'),
    c_nonce_expires_in: z.int().optional().describe('Seconds.'),
  })
  .meta({ id: 'verifiableCredentialPrimingResponse' })

/** `POST /credentials` (OpenID for Verifiable Credential Issuance). */
export const credentialsEndpoint: Endpoint = {
  method: 'POST',
  path: '/credentials',
  operationId: 'createVerifiableCredential',
  tag: 'oidc',
  summary: 'Issue a verifiable credential',
  crossOrigin: true,
  body: { contentType: 'application/json', schema: requestBody, required: false },
  responses: {
    200: { description: 'The credential', schema: credentialResponse },
    400: {
      description: 'The proof is missing or wrong; a nonce for another',
      schema: primingResponse,
    },
    401: { description: 'The access token does not work', schema: errorOAuth2 },
  },
  async handle(input) {
    const { services } = input
    const repeated = findRepeated(input.url.searchParams)
    if (repeated !== undefined) return oauthErrorResponse(repeated)
    const accessToken = bearerTokenOutsideBody(input)
    if ((await inspectRefreshToken(services, accessToken)).isLive)
      return refused('Only access tokens are allowed here.')
    const token = await userToken(services, accessToken)
    if (!token.ok) return bearerErrorResponse(token.error)
    const jwt = await readProof(input)
    if (!jwt.ok) return refused(jwt.error)
    if (jwt.value === undefined) return prime(services, accessToken)
    const jwk = await verifyProof(services, accessToken, jwt.value)
    if (!jwk.ok) return refused(jwk.error)
    const { session } = token.value.user
    const credential = await mintCredential(services, token.value, session, jwk.value)
    return json(200, { format: 'jwt_vc_json', credential_draft_00: credential })
  },
}

function refused(hint: string): Response {
  return oauthErrorResponse(oauthError('invalid_request', hint))
}

/** Finds the JWT of the proof; `undefined` when the request carries no proof yet. */
async function readProof({
  request,
  services,
}: EndpointRequest): Promise<Result<string | undefined, string>> {
  const body = await readJson(request, services.settings.limits)
  const parsed = body.ok ? requestBody.safeParse(body.value) : undefined
  if (parsed?.success !== true) return err('The request body cannot be decoded.')
  const { format, proof } = parsed.data
  if (format !== 'jwt_vc_json') return err("Only the format 'jwt_vc_json' is supported.")
  if (proof === undefined) return ok(undefined)
  return proof.proof_type === 'jwt'
    ? ok(proof.jwt ?? '')
    : err("Only the proof type 'jwt' is supported.")
}

/** Gives a nonce that the proof must sign. */
function prime(services: Services, accessToken: string): Response {
  return json(400, {
    format: 'jwt_vc',
    c_nonce: mintCredentialNonce(services, accessToken, services.clock()),
    c_nonce_expires_in: credentialNonceLifespan,
    error: 'missing_proof',
    error_description:
      'Could not issue a credential, because the request carries no proof. Sign the c_nonce of this answer and try again.',
  })
}
