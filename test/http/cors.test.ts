import { describe, expect, it } from 'vitest'
import { asClientId } from '../../src/brand.ts'
import type { ClientStore } from '../../src/storage/storage.ts'
import { bareServer } from './bare-server.ts'

const clients = {
  find: async (id: string) =>
    id === 'spa'
      ? { client: { allowed_cors_origins: ['https://spa.example.net', 'https://*.apps.example'] } }
      : undefined,
} as unknown as ClientStore

function server(cors: Readonly<Record<string, unknown>>, options = {}) {
  return bareServer({
    config: { serve: { public: { cors: { enabled: true, ...cors } } } },
    storage: { clients },
    options,
  })
}

const listed = server({
  allowed_origins: [
    'https://app.example.com',
    'https://*.example.org',
    'https://*.com',
    'https://*foo.com',
  ],
  max_age: 60,
})

function preflight(origin: string, method = 'POST', headers = 'content-type'): Promise<Response> {
  return listed.public(
    new Request('http://server/probe/form', {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': method,
        'access-control-request-headers': headers,
      },
    }),
  )
}

async function allowedOrigin(
  origin: string,
  request: { readonly body?: string; readonly authorization?: string } = {},
  of = listed,
): Promise<string | null> {
  const response = await of.public(
    new Request('http://server/probe/form', {
      method: 'POST',
      body: request.body ?? 'a=1',
      headers: {
        origin,
        'content-type': 'application/x-www-form-urlencoded',
        ...(request.authorization === undefined ? {} : { authorization: request.authorization }),
      },
    }),
  )
  expect(response.status).toBe(200)
  if (request.body === undefined) expect(await response.json()).toEqual({ a: '1' })
  return response.headers.get('access-control-allow-origin')
}

describe('a preflight', () => {
  it('is permitted for a listed origin, method and headers', async () => {
    const response = await preflight('https://app.example.com')
    expect(response.status).toBe(204)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'access-control-allow-origin': 'https://app.example.com',
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'content-type',
      'access-control-allow-credentials': 'true',
      'access-control-max-age': '60',
      vary: 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers',
    })
  })

  it('is answered without permission otherwise', async () => {
    for (const response of [
      await preflight('https://evil.example'),
      await preflight('https://app.example.com', 'BREW'),
      await preflight('https://app.example.com', 'POST', 'x-odd'),
      await preflight('null'),
    ]) {
      expect(response.status).toBe(204)
      expect(response.headers.has('access-control-allow-origin')).toBe(false)
    }
  })
})

describe('the list of origins', () => {
  const cases = [
    ['https://app.example.com', true],
    ['https://APP.example.com', true],
    ['http://app.example.com', false],
    ['https://app.example.com:8443', false],
    ['https://a.example.org', true],
    ['https://a.b.example.org', true],
    ['https://example.org', false],
    ['https://evilexample.org', false],
    ['https://a.example.org.evil.net', false],
    ['https://evil.net/.example.org', false],
    ['https://evil.net:80@a.example.org', false],
    ['https://.example.org', false],
    ['https://any.com', false],
    ['https://barfoo.com', false],
    ['null', false],
  ] as const
  for (const [origin, allowed] of cases) {
    it(`attack 9: ${allowed ? 'allows' : 'refuses'} ${origin}`, async () => {
      expect(await allowedOrigin(origin)).toBe(allowed ? origin : null)
    })
  }

  it('attack 9: covers no name below a public suffix, nor below one of a hoster that gives names away', async () => {
    const suffixes = ['co.uk', 'kobe.jp', 'ck', 'github.io', 'herokuapp.com', 's3.amazonaws.com']
    const notDomains = ['localhost', 'example']
    const strict = server({
      allowed_origins: [...suffixes, ...notDomains].map((each) => `https://*.${each}`),
    })
    for (const each of [...suffixes, ...notDomains]) {
      expect(await allowedOrigin(`https://evil.${each}`, {}, strict)).toBeNull()
      expect(await allowedOrigin(`https://a.evil.${each}`, {}, strict)).toBeNull()
    }
  })

  it('covers the names below a domain of one owner, with a port or without', async () => {
    const owned = ['shop.co.uk', 'shop.github.io', 'corp.internal', 'city.kobe.jp', 'www.ck']
    const open = server({
      allowed_origins: owned.flatMap((each) => [`https://*.${each}`, `http://*.${each}:8080`]),
    })
    for (const each of owned)
      for (const origin of [`https://a.${each}`, `https://b.a.${each}`, `http://a.${each}:8080`])
        expect(await allowedOrigin(origin, {}, open)).toBe(origin)
    expect(await allowedOrigin('https://shop.co.uk', {}, open)).toBeNull()
    expect(await allowedOrigin('https://a.shop.co.uk:8080', {}, open)).toBeNull()
  })

  it('allows nobody when it is empty', async () => {
    expect(await allowedOrigin('https://app.example.com', {}, server({}))).toBeNull()
  })

  it('attack 39: allows everybody but opaque origins by an asterisk, and echoes the origin', async () => {
    const open = server({ allowed_origins: ['*'] })
    expect(await allowedOrigin('https://any.where', {}, open)).toBe('https://any.where')
    expect(await allowedOrigin('null', {}, open)).toBeNull()
  })

  it('makes every response vary by origin', async () => {
    const response = await listed.public(new Request('http://server/none'))
    expect(response.headers.get('vary')).toBe('Origin')
  })

  it('is ignored while CORS is off', async () => {
    const off = bareServer({
      config: { serve: { public: { cors: { allowed_origins: ['https://app.example.com'] } } } },
    })
    expect(await allowedOrigin('https://app.example.com', {}, off)).toBeNull()
  })
})

describe('the origins of a client', () => {
  it('are allowed when the form names the client', async () => {
    expect(await allowedOrigin('https://spa.example.net', { body: 'client_id=spa' })).toBe(
      'https://spa.example.net',
    )
    expect(await allowedOrigin('https://spa.example.net', { body: 'client_id=other' })).toBeNull()
    expect(await allowedOrigin('https://other.example.net', { body: 'client_id=spa' })).toBeNull()
  })

  it('are allowed when Basic authentication names the client', async () => {
    const authorization = `Basic ${btoa('spa:secret')}`
    expect(await allowedOrigin('https://spa.example.net', { authorization })).toBe(
      'https://spa.example.net',
    )
  })

  it('are allowed when a bearer token names the client', async () => {
    const withTokens = server(
      {},
      {
        clientOfToken: async (_: unknown, token: string) =>
          token === 't' ? asClientId('spa') : undefined,
      },
    )
    const origin = 'https://spa.example.net'
    expect(await allowedOrigin(origin, { authorization: 'Bearer t' }, withTokens)).toBe(origin)
    expect(await allowedOrigin(origin, { authorization: 'Bearer u' }, withTokens)).toBeNull()
  })

  it('attack 9: match a wildcard over one label only', async () => {
    const body = 'client_id=spa'
    expect(await allowedOrigin('https://a.apps.example', { body })).toBe('https://a.apps.example')
    expect(await allowedOrigin('https://a.b.apps.example', { body })).toBeNull()
    expect(await allowedOrigin('https://evil.net/.apps.example', { body })).toBeNull()
  })

  it('attack 9: match no domain that anybody could register, but under the legacy flag', async () => {
    const patterns = [
      'https://*foo.example',
      'https://*.com',
      'https://*.co.uk',
      'https://*.github.io',
      'https://*evil.github.io',
    ]
    const store = {
      find: async () => ({ client: { allowed_cors_origins: patterns } }),
    } as unknown as ClientStore
    const start = (isLegacy: boolean) =>
      bareServer({
        config: {
          serve: { public: { cors: { enabled: true, allowed_origins: ['https://*bar.example'] } } },
          feature_flags: { legacy_allow_insecure_origins: isLegacy },
        },
        storage: { clients: store },
      })
    const body = 'client_id=any'
    const origins = [
      'https://evilfoo.example',
      'https://evil.com',
      'https://evil.co.uk',
      'https://evil.github.io',
      'https://anevil.github.io',
      'https://evilbar.example',
    ]
    for (const origin of origins) {
      expect(await allowedOrigin(origin, { body }, start(false))).toBeNull()
      expect(await allowedOrigin(origin, { body }, start(true))).toBe(origin)
    }
  })

  it('do not count on routes that browsers do not call', async () => {
    const response = await listed.public(
      new Request('http://server/probe/1', {
        headers: { origin: 'https://spa.example.net', authorization: `Basic ${btoa('spa:')}` },
      }),
    )
    expect(response.headers.has('access-control-allow-origin')).toBe(false)
  })
})
