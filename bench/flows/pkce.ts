import { createHash } from 'node:crypto'

/** One PKCE pair for the whole run: the server's work is the same, the generator's is not. */
export const codeVerifier = 'firebrand-bench-0123456789-abcdefghijklmnopqrstuvwxyz'
export const codeChallenge = createHash('sha256').update(codeVerifier).digest('base64url')

/** Where the client of the bench would listen; nobody ever connects to it. */
export const redirectUri = 'https://rp.example/callback'

/** The query of the authorization request, the same for every server. */
export function authorizationQuery(clientId: string): string {
  return new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: 'openid offline_access',
    state: 'bench-state-0123',
    nonce: 'bench-nonce-0123',
    prompt: 'consent',
    code_challenge: codeChallenge,
    code_challenge_method: 'S256',
  }).toString()
}

/** The token request of the code flow. */
export function codeForm(code: string): string {
  return new URLSearchParams({
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri,
    code_verifier: codeVerifier,
  }).toString()
}
