/** Paths in disguise, sent as bytes to real listeners: no form of a path reaches the admin API but the one that a proxy can close. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listen, type Listener } from '../../src/node/listen.ts'
import { exchangeRaw } from '../support/raw-http.ts'
import { startServer, type TestServer } from '../support/server.ts'

/** Sends one request as it is; gives the whole answer. */
const raw = ({ url }: Listener, target: string, host: string) =>
  exchangeRaw(url, `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)

const disguises = [
  '/admin;x/clients',
  '/admin;/clients',
  '/;x/admin/clients',
  '/admin/;x/clients',
  '//admin/clients',
  '///admin/clients',
  '/admin//clients',
  '/%61dmin/clients',
  '/%2fadmin/clients',
  '/%2Fadmin%2Fclients',
  '/admin%2fclients',
  '/%252fadmin/clients',
  '/ADMIN/clients',
  '/./admin/clients',
  '/%2e/admin/clients',
  '/x/../admin/clients',
  '/x/..;/admin/clients',
  '/x/%2e%2e/admin/clients',
  '/oauth2/auth/..%2f..%2fadmin/clients',
  '/\\admin\\clients',
  '\\admin\\clients',
  '/admin\\clients',
  '/admin/clients%00',
  '/admin/clients%20',
  '/admin/clients;.json',
  '/admin/clients/.',
  '/admin/clients/..;',
  'admin/clients',
  'http://127.0.0.1//admin/clients',
  'http://127.0.0.1/x/../admin/clients',
  'http://evil.example/%61dmin/clients',
  '/\tadmin/clients',
  '/ａdmin/clients',
]

describe('a real listener', () => {
  let server: TestServer
  let listeners: Record<'public' | 'one origin', Listener>
  beforeAll(async () => {
    server = await startServer('memory')
    const place = { host: '127.0.0.1', port: 0 }
    listeners = {
      public: await listen(server.firebrand.public, place),
      'one origin': await listen(server.firebrand.oneOrigin, place),
    }
  })
  afterAll(async () => {
    await Promise.all(Object.values(listeners).map((each) => each.close(0)))
    await server.close()
  })

  for (const name of ['public', 'one origin'] as const)
    for (const target of disguises)
      it(`attack 16, attack 27: of the ${name} API does not take ${JSON.stringify(target)} for the admin API`, async () => {
        for (const host of ['127.0.0.1', '127.0.0.1/admin', 'x@127.0.0.1']) {
          const answer = await raw(listeners[name], target, host)
          expect(answer).not.toMatch(/^HTTP\/1\.1 [23]/u)
        }
      })

  it('attack 16: of the public API has no admin API, whatever the host or the target says', async () => {
    for (const host of ['127.0.0.1', '127.0.0.1/admin', 'admin', 'evil#'])
      for (const target of [
        '/admin/clients',
        '/clients',
        'http://127.0.0.1/admin/clients',
        '/admin/clients/',
      ])
        expect(await raw(listeners.public, target, host)).not.toMatch(/^HTTP\/1\.1 [23]/u)
    expect(await raw(listeners['one origin'], '/admin/clients', '127.0.0.1')).toMatch(
      /^HTTP\/1\.1 200/u,
    )
  })
})
