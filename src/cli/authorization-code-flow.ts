/** The client's side of the authorization code flow with PKCE, state, nonce and a verified ID token. */

import { createHash, randomInt, randomBytes } from 'node:crypto'
import { err, ok, type Result } from '../result.ts'
import { field, type Api } from './api.ts'
import { CliError } from './cli.ts'
import { postAsClient, type ClientCredentials } from './token-request.ts'

/** Where the flow goes, and as which client. */
export interface FlowTarget {
  readonly client: ClientCredentials
  readonly authorizationEndpoint: string
  readonly tokenEndpoint: string
  readonly redirectUri: string
  readonly scope: readonly string[]
  /** Further parameters of the authorization request. */
  readonly parameters: Readonly<Record<string, string>>
}

/** The secrets of one run. */
export interface Attempt {
  readonly state: string
  readonly nonce: string
  readonly codeVerifier: string
}

/** Draws the secrets of a run; the state may be given. */
export function newAttempt(state: string | undefined): Attempt {
  return {
    state: state ?? letters(24),
    nonce: letters(24),
    codeVerifier: randomBytes(32).toString('base64url'),
  }
}

function letters(count: number): string {
  return Array.from({ length: count }, () => String.fromCharCode(97 + randomInt(26))).join('')
}

/** The address that the browser is sent to. */
export function authorizationUrl(target: FlowTarget, attempt: Attempt): string {
  const url = new URL(target.authorizationEndpoint)
  const parameters = {
    response_type: 'code',
    client_id: target.client.id,
    redirect_uri: target.redirectUri,
    scope: target.scope.join(' '),
    state: attempt.state,
    nonce: attempt.nonce,
    code_challenge: createHash('sha256').update(attempt.codeVerifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...target.parameters,
  }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return url.href
}

/** A token response, and what was found out about it. */
export interface Redeemed {
  readonly response: unknown
  readonly remarks: readonly string[]
}

/**
 * Checks the answer of the authorization endpoint and redeems its code.
 * @returns a text for the user when the answer is an error, is not ours (RFC 6749 §10.12), or the ID token is not valid.
 */
export async function redeem(
  api: Api,
  target: FlowTarget,
  attempt: Attempt | undefined,
  parameters: URLSearchParams,
): Promise<Result<Redeemed, string>> {
  if (attempt === undefined || parameters.get('state') !== attempt.state) {
    return err('The state of the answer is not the one that was sent; it may be an attack.')
  }
  const error = parameters.get('error')
  if (error !== null) {
    return err(
      [error, parameters.get('error_description')].filter((text) => text !== null).join(': '),
    )
  }
  try {
    const { origin, pathname, search } = new URL(target.tokenEndpoint)
    const response = await postAsClient(api.at(origin), pathname + search, target.client, {
      grant_type: 'authorization_code',
      code: parameters.get('code') ?? '',
      redirect_uri: target.redirectUri,
      code_verifier: attempt.codeVerifier,
    })
    return await checked(api, target, attempt, response)
  } catch (failure) {
    if (failure instanceof CliError) return err(failure.message)
    throw failure
  }
}

async function checked(
  api: Api,
  target: FlowTarget,
  attempt: Attempt,
  response: unknown,
): Promise<Result<Redeemed, string>> {
  const idToken = field(response, 'id_token')
  if (typeof idToken !== 'string') return ok({ response, remarks: [] })
  const discovered = await api.send({ method: 'GET', path: '/.well-known/openid-configuration' })
  const document = discovered.status === 200 ? api.read(discovered) : undefined
  const [issuer, jwksUri] = [field(document, 'issuer'), field(document, 'jwks_uri')]
  if (typeof issuer !== 'string' || typeof jwksUri !== 'string') {
    return ok({
      response,
      remarks: ['The ID token was not verified: the endpoint has no discovery document.'],
    })
  }
  const { createRemoteJWKSet, jwtVerify } = await import('jose')
  try {
    const keys = createRemoteJWKSet(new URL(jwksUri))
    const { payload } = await jwtVerify(idToken, keys, { issuer, audience: target.client.id })
    // OpenID Connect Core §3.1.3.7: the nonce must be the one of the request.
    if (payload['nonce'] !== attempt.nonce)
      return err('The nonce of the ID token is not the one that was sent.')
    return ok({ response, remarks: [`The ID token is valid; its subject is ${payload.sub}.`] })
  } catch (error) {
    return err(
      `The ID token is not valid: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}
