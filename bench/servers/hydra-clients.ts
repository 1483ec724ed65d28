import type { Credentials, HydraClients } from '../flows/hydra.ts'
import { redirectUri } from '../flows/pkce.ts'

/** An admin API: its base URL without a trailing slash, and the token that it asks for, if any. */
export interface AdminApi {
  readonly url: string
  readonly token: string | undefined
}

/** Registers the three clients of the cases; the server generates their secrets. */
export async function createClients(admin: AdminApi): Promise<HydraClients> {
  const machine = {
    grant_types: ['client_credentials'],
    token_endpoint_auth_method: 'client_secret_basic',
  }
  return {
    opaque: await createClient(admin, { ...machine, access_token_strategy: 'opaque' }),
    jwt: await createClient(admin, { ...machine, access_token_strategy: 'jwt' }),
    codeFlow: await createClient(admin, {
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      redirect_uris: [redirectUri],
      scope: 'openid offline_access',
      access_token_strategy: 'opaque',
      token_endpoint_auth_method: 'client_secret_basic',
    }),
  }
}

async function createClient(admin: AdminApi, metadata: object): Promise<Credentials> {
  const answer = await post(admin, '/admin/clients', metadata)
  const text = await answer.text()
  if (answer.status !== 201) throw new Error(`creating a client: ${answer.status} ${text}`)
  const { client_id: id, client_secret: secret } = JSON.parse(text) as Record<string, unknown>
  if (typeof id !== 'string' || typeof secret !== 'string') {
    throw new Error('creating a client: no client_id or no client_secret in the answer')
  }
  return { id, secret }
}

const accessTokenKeys = '/admin/keys/hydra.jwt.access-token'

/** Makes a key that signs JWT access tokens from now on; returns its id. */
export async function createAccessTokenKey(admin: AdminApi, alg: string): Promise<string> {
  const kid = `bench-${alg}`
  const answer = await post(admin, accessTokenKeys, { alg, kid, use: 'sig' })
  const text = await answer.text()
  if (answer.status !== 201) throw new Error(`creating a key: ${answer.status} ${text}`)
  return kid
}

/** Deletes a key for JWT access tokens; the newest of the others signs again. */
export async function deleteAccessTokenKey(admin: AdminApi, kid: string): Promise<void> {
  const url = `${admin.url}${accessTokenKeys}/${kid}`
  const { status } = await fetch(url, { method: 'DELETE', headers: authorization(admin) })
  if (status !== 204) throw new Error(`deleting a key: ${status}`)
}

function post(admin: AdminApi, path: string, body: object): Promise<Response> {
  return fetch(`${admin.url}${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...authorization(admin) },
    body: JSON.stringify(body),
  })
}

function authorization({ token }: AdminApi): Record<string, string> {
  return token === undefined ? {} : { Authorization: `Bearer ${token}` }
}
