/** A login and consent app of the kind that users bring along, written against `@ory/hydra-client` only. */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { Configuration, OAuth2Api } from '@ory/hydra-client'

export interface LoginConsentApp {
  readonly url: string
  close(): Promise<void>
}

/** Starts the app on 127.0.0.1. It signs in `subject` without a form, and grants what was asked for. */
export async function startLoginConsentApp(
  adminUrl: () => string,
  subject: string,
): Promise<LoginConsentApp> {
  const server = createServer((request, response) => {
    const api = new OAuth2Api(new Configuration({ basePath: adminUrl() }))
    answer(api, request, subject).then(
      (location) => redirect(response, location),
      (error: unknown) => response.writeHead(500).end(String(error)),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(302, { location }).end()
}

async function answer(api: OAuth2Api, request: IncomingMessage, subject: string): Promise<string> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://app')
  if (pathname === '/login') return login(api, searchParams.get('login_challenge') ?? '', subject)
  if (pathname === '/consent') return consent(api, searchParams.get('consent_challenge') ?? '')
  return logout(api, searchParams.get('logout_challenge') ?? '')
}

async function login(api: OAuth2Api, loginChallenge: string, subject: string): Promise<string> {
  const { data: asked } = await api.getOAuth2LoginRequest({ loginChallenge })
  const { data } = await api.acceptOAuth2LoginRequest({
    loginChallenge,
    acceptOAuth2LoginRequest: {
      subject: asked.skip ? asked.subject : subject,
      remember: true,
      remember_for: 3600,
      acr: '0',
      amr: ['pwd'],
    },
  })
  return data.redirect_to
}

async function consent(api: OAuth2Api, consentChallenge: string): Promise<string> {
  const { data: asked } = await api.getOAuth2ConsentRequest({ consentChallenge })
  const { data } = await api.acceptOAuth2ConsentRequest({
    consentChallenge,
    acceptOAuth2ConsentRequest: {
      grant_scope: asked.requested_scope ?? [],
      grant_access_token_audience: asked.requested_access_token_audience ?? [],
      remember: true,
      session: { access_token: { tenant: 't9' }, id_token: { email: 'ada@example.org' } },
    },
  })
  return data.redirect_to
}

async function logout(api: OAuth2Api, logoutChallenge: string): Promise<string> {
  const { data } = await api.acceptOAuth2LogoutRequest({ logoutChallenge })
  return data.redirect_to
}
