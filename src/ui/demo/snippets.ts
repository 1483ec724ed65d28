/** Commands and code to go on with, filled in with the addresses of this server. */

import type { Snippet } from '../pages/start.ts'

/** For the start page. */
export function startSnippets(publicUrl: string, adminUrl: string): readonly Snippet[] {
  return [
    {
      title: 'Create a client of your own',
      text: 'On the admin API, which is open in development mode. The answer holds its secret.',
      code: `curl -s ${adminUrl}/admin/clients \\
  -H 'Content-Type: application/json' \\
  -d '{
    "client_name": "My application",
    "grant_types": ["authorization_code", "refresh_token", "client_credentials"],
    "redirect_uris": ["http://127.0.0.1:3000/callback"],
    "scope": "openid profile email offline_access"
  }'`,
    },
    {
      title: 'Get an access token for a service',
      text: 'With the id and the secret of that client.',
      code: `curl -s ${publicUrl}/oauth2/token \\
  -u 'CLIENT_ID:CLIENT_SECRET' \\
  -d grant_type=client_credentials`,
    },
    {
      title: 'Manage it from code',
      text: 'Every official Ory SDK works. With @ory/client for TypeScript:',
      code: `import { Configuration, OAuth2Api } from '@ory/client'

const api = new OAuth2Api(new Configuration({ basePath: '${adminUrl}' }))
const { data: clients } = await api.listOAuth2Clients()`,
    },
    {
      title: 'Use your own login and consent pages',
      text: 'Any login and consent app for Ory Hydra works. Tell the server where it is, and the app where the admin API is.',
      code: `URLS_LOGIN=http://127.0.0.1:3000/login
URLS_CONSENT=http://127.0.0.1:3000/consent
HYDRA_ADMIN_URL=${adminUrl}`,
    },
  ]
}

/** For the result page; the access token is the demo's own. */
export function resultSnippets(
  publicUrl: string,
  adminUrl: string,
  accessToken: string,
): readonly Snippet[] {
  return [
    {
      title: 'Introspect the access token',
      text: 'As a resource server does, on the admin API.',
      code: `curl -s ${adminUrl}/admin/oauth2/introspect \\\n  -d token=${accessToken}`,
    },
    {
      title: 'Call userinfo',
      text: 'As the client does.',
      code: `curl -s ${publicUrl}/userinfo \\\n  -H 'Authorization: Bearer ${accessToken}'`,
    },
    {
      title: 'Do the same in your own application',
      text: 'With openid-client for Node.js, after you created a client on the start page’s advice.',
      code: `import * as client from 'openid-client'

const config = await client.discovery(
  new URL('${publicUrl}'),
  'CLIENT_ID',
  'CLIENT_SECRET',
  undefined,
  { execute: [client.allowInsecureRequests] }, // for http, on your machine only
)

const pkceCodeVerifier = client.randomPKCECodeVerifier()
const expectedState = client.randomState()
const redirectTo = client.buildAuthorizationUrl(config, {
  redirect_uri: 'http://127.0.0.1:3000/callback',
  scope: 'openid email',
  code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
  code_challenge_method: 'S256',
  state: expectedState,
})

// Send the browser to redirectTo. When it comes back to your callback:
const tokens = await client.authorizationCodeGrant(config, new URL(request.url), {
  pkceCodeVerifier,
  expectedState,
})
console.log(tokens.claims())`,
    },
  ]
}
