/**
 * The peer: `oidc-provider` with an adapter over SQLite or PostgreSQL, and login and consent through its own
 * interaction API. Settings that cost it time and that the cases do not need are off.
 *
 * Usage: `oidc-provider-process.ts sqlite FILE | postgres URL`. Prints its port as JSON on the first line of its
 * standard output.
 */
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Provider } from 'oidc-provider'
import { jwtResources, peerClient } from '../flows/oidc-provider.ts'
import { redirectUri } from '../flows/pkce.ts'
import type { AdapterFactory } from './oidc-provider-adapter.ts'
import { postgresAdapter } from './oidc-provider-postgres.ts'
import { sqliteAdapter } from './oidc-provider-sqlite.ts'

const keys = {
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
}
const signingKeys = Object.entries(keys).map(([alg, { privateKey }]) => ({
  ...privateKey.export({ format: 'jwk' }),
  alg,
  use: 'sig',
  kid: alg,
}))

function configuration(adapter: AdapterFactory): object {
  return {
    adapter,
    clients: [
      {
        client_id: peerClient.id,
        client_secret: peerClient.secret,
        grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
        response_types: ['code'],
        redirect_uris: [redirectUri],
        scope: 'openid offline_access',
        id_token_signed_response_alg: 'ES256',
      },
    ],
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    jwks: { keys: signingKeys },
    cookies: { keys: [randomBytes(32).toString('hex')] },
    findAccount: (_ctx: unknown, accountId: string) => ({
      accountId,
      claims: () => ({ sub: accountId }),
    }),
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      introspection: { enabled: true },
      revocation: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_ctx: unknown, resource: string) => ({
          scope: '',
          accessTokenTTL: 3600,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: resource === jwtResources.RS256 ? 'RS256' : 'ES256' } },
        }),
        defaultResource: () => undefined,
        useGrantedResource: () => false,
      },
    },
    rotateRefreshToken: true,
    interactions: {
      url: (_ctx: unknown, interaction: { uid: string }) => `/interaction/${interaction.uid}`,
    },
    ttl: {
      AccessToken: 3600,
      AuthorizationCode: 600,
      ClientCredentials: 3600,
      Grant: 2_592_000,
      IdToken: 3600,
      Interaction: 1800,
      RefreshToken: 2_592_000,
      Session: 2_592_000,
    },
  }
}

async function interact(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  for await (const chunk of request) void chunk // the form is not needed: the user says yes
  if (request.url?.endsWith('/login') === true) {
    await provider.interactionFinished(request, response, { login: { accountId: 'user-1' } })
    return
  }
  const details = await provider.interactionDetails(request, response)
  const accountId = details.session?.accountId ?? ''
  const grant = new provider.Grant({ accountId, clientId: String(details.params['client_id']) })
  grant.addOIDCScope('openid offline_access')
  const grantId = await grant.save()
  const result = { consent: { grantId } }
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true })
}

const [engine, location = ''] = process.argv.slice(2)
const adapter = engine === 'postgres' ? await postgresAdapter(location) : sqliteAdapter(location)

const server = createServer()
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  const provider = new Provider(`http://127.0.0.1:${port}`, configuration(adapter))
  provider.on('server_error', (_ctx, error) => console.error(error))
  const handle = provider.callback()
  server.on('request', (request, response) => {
    if (request.method !== 'POST' || request.url?.startsWith('/interaction/') !== true) {
      handle(request, response)
      return
    }
    interact(provider, request, response).catch((error: unknown) => {
      console.error(error)
      response.writeHead(500, { 'Content-Length': 0 }).end()
    })
  })
  console.log(JSON.stringify({ port }))
})
