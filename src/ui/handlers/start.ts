/** `GET /` of the public listener: the start page in development mode, a word to the lost otherwise. */

import { demoAccount } from '../../accounts/demo-account.ts'
import type { Services } from '../../context.ts'
import { demoClientId, demoRedirectUri } from '../demo/seed.ts'
import { startSnippets } from '../demo/snippets.ts'
import type { Endpoint } from '../../http/endpoint.ts'
import { frameFor, frameOf } from '../frame.ts'
import { renderLanding } from '../pages/fallback.ts'
import { renderStart, type Fact, type StartPage } from '../pages/start.ts'
import { respondPage } from '../respond-page.ts'
import type { Self } from '../self.ts'

/** Clients are counted up to here. */
const countLimit = 100

const root = {
  method: 'GET',
  path: '/',
  responses: { 200: { description: 'A page.', contentType: 'text/html' } },
} as const

/** In production: says what this is, and nothing about it. */
export const showLanding: Endpoint = {
  ...root,
  summary: 'Landing page',
  async handle(input) {
    return respondPage(200, renderLanding(frameFor(input)))
  },
}

/** In development mode. */
export function showStart(self: Self): Endpoint {
  return {
    ...root,
    summary: 'Start page of development mode',
    async handle(input) {
      const { services } = input
      if (!services.settings.dev) return showLanding.handle(input)
      const view = await startPage(services, self)
      return respondPage(200, renderStart(frameOf(services.settings), view))
    },
  }
}

async function startPage(services: Services, self: Self): Promise<StartPage> {
  const { settings, storage } = services
  const [facts, client, account] = await Promise.all([
    serverFacts(services, self),
    storage.clients.find(demoClientId),
    storage.accounts.findByEmail(demoAccount.email),
  ])
  const { publicUrl } = settings
  return {
    facts,
    demo:
      client === undefined || account === undefined
        ? undefined
        : {
            startUrl: `${publicUrl}/ui/demo/start`,
            clientId: demoClientId,
            redirectUri: demoRedirectUri(settings),
            email: demoAccount.email,
            password: demoAccount.password,
          },
    endpoints: [
      {
        name: 'Discovery',
        url: `${publicUrl}/.well-known/openid-configuration`,
        linked: true,
      },
      { name: 'Public keys', url: `${publicUrl}/.well-known/jwks.json`, linked: true },
      { name: 'Authorization', url: `${publicUrl}/oauth2/auth`, linked: false },
      { name: 'Token', url: `${publicUrl}/oauth2/token`, linked: false },
      { name: 'Userinfo', url: `${publicUrl}/userinfo`, linked: false },
      { name: 'Admin API', url: self.adminUrl, linked: false },
    ],
    snippets: startSnippets(publicUrl, self.adminUrl),
  }
}

async function serverFacts(
  { settings, storage, keys }: Services,
  self: Self,
): Promise<readonly Fact[]> {
  const [pending, jwks, clients] = await Promise.all([
    storage.pendingMigrations(),
    keys.publicJwks(),
    storage.clients.list({
      after: undefined,
      limit: countLimit + 1,
      clientName: undefined,
      owner: undefined,
    }),
  ])
  const algorithms = [...new Set(jwks.keys.map(({ alg }) => (typeof alg === 'string' ? alg : '')))]
  return [
    { label: 'Issuer', value: settings.issuer, note: '', state: 'good' },
    { label: 'Database', value: self.database.engine, note: self.database.detail, state: 'good' },
    pending.length === 0
      ? { label: 'Schema', value: 'Up to date', note: '', state: 'good' }
      : {
          label: 'Schema',
          value: `${pending.length} migrations are missing`,
          note: 'Run firebrand migrate up.',
          state: 'attention',
        },
    {
      label: 'Signing keys',
      value: jwks.keys.length === 1 ? '1 key' : `${jwks.keys.length} keys`,
      note: algorithms.join(', '),
      state: jwks.keys.length > 0 ? 'good' : 'attention',
    },
    {
      label: 'Clients',
      value: clients.length > countLimit ? `More than ${countLimit}` : String(clients.length),
      note: '',
      state: 'plain',
    },
    {
      label: 'Version',
      value: self.version,
      note: `Node.js ${process.versions.node}`,
      state: 'plain',
    },
  ]
}
