import { afterEach, describe, expect, it } from 'vitest'
import { createClient } from '../support/browser-flow.ts'
import { startServer, type TestServer } from '../support/server.ts'

/** An address of the internet. Nothing is ever sent there. */
const home = '8.8.4.4'

let server: TestServer
afterEach(() => server.close())

async function start(rates: object): Promise<void> {
  const oidc = { dynamic_client_registration: { enabled: true } }
  server = await startServer('memory', { config: { limits: { rates }, oidc } })
}

function send(path: string, init: RequestInit = {}, address: string | undefined = home) {
  const peer = address === '' ? undefined : { address }
  return server.firebrand.public(new Request(`http://127.0.0.1${path}`, init), peer)
}

function post(path: string, form: Record<string, string>, address?: string): Promise<Response> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  return send(
    path,
    { method: 'POST', headers, body: new URLSearchParams(form).toString() },
    address,
  )
}

interface Credentials {
  readonly client_id: string
  readonly client_secret: string
}

function machine(): Promise<Credentials> {
  return createClient(server, {
    grant_types: ['client_credentials'],
    token_endpoint_auth_method: 'client_secret_post',
  })
}

const credentials = ({ client_id, client_secret }: Credentials) => ({ client_id, client_secret })

function token(client: Credentials, address?: string): Promise<Response> {
  const form = { grant_type: 'client_credentials', ...credentials(client) }
  return post('/oauth2/token', form, address)
}

async function statuses(count: number, call: () => Promise<Response>): Promise<readonly number[]> {
  const responses = await Promise.all(Array.from({ length: count }, call))
  return responses.map(({ status }) => status).toSorted((a, b) => a - b)
}

const of = (status: number, count: number) => Array.from({ length: count }, () => status)

describe('limits.rates.per_client', () => {
  const rates = { per_client: { requests: 5, per: '10s' } }

  it('refuses what one client sends beyond it, at every endpoint where it authenticates', async () => {
    await start(rates)
    const client = await machine()
    expect(await statuses(8, () => token(client))).toEqual([...of(200, 5), ...of(429, 3)])
    const revoke = await post('/oauth2/revoke', { token: 'x', ...credentials(client) })
    expect(revoke.status).toBe(429)
    const device = await post('/oauth2/device/auth', credentials(client))
    expect(device.status).toBe(429)
    expect((await token(await machine())).status).toBe(200)
  })

  it('says when to come back, with the standard headers, and lets the client in then', async () => {
    await start(rates)
    const client = await machine()
    await statuses(5, () => token(client))
    const refused = await token(client)
    expect(refused.status).toBe(429)
    expect(refused.headers.get('retry-after')).toBe('2')
    expect(refused.headers.get('ratelimit-policy')).toBe('"per_client";q=5;w=10')
    expect(refused.headers.get('ratelimit')).toBe('"per_client";r=0;t=2')
    expect(refused.headers.get('cache-control')).toBe('no-store')
    expect(await refused.json()).toMatchObject({
      error: 'temporarily_unavailable',
      error_description: expect.stringContaining("limit 'per_client'"),
    })
    server.clock.advance(2000)
    expect(await statuses(2, () => token(client))).toEqual([200, 429])
  })

  it('says what is left with every answer, good or bad, at every endpoint where it counts', async () => {
    await start(rates)
    const client = await machine()
    const fields = ({ headers }: Response) => [
      headers.get('ratelimit-policy'),
      headers.get('ratelimit'),
      headers.get('retry-after'),
    ]
    const policy = '"per_client";q=5;w=10'
    const answers = [
      await token(client),
      await post('/oauth2/revoke', { token: 'x', ...credentials(client) }),
      await post('/oauth2/token', { grant_type: 'refresh_token', ...credentials(client) }),
      await post('/oauth2/device/auth', credentials(client)),
    ]
    expect(answers.map(fields)).toEqual([
      [policy, '"per_client";r=4;t=2', null],
      [policy, '"per_client";r=3;t=4', null],
      [policy, '"per_client";r=2;t=6', null],
      [policy, '"per_client";r=1;t=8', null],
    ])
    server.clock.advance(3000)
    expect(fields(await token(client))).toEqual([policy, '"per_client";r=1;t=7', null])
    const anonymous = await post('/oauth2/token', { grant_type: 'client_credentials' })
    expect(fields(anonymous)).toEqual([null, null, null])
  })

  it('is not spoken of where there is none', async () => {
    await start({})
    const client = await machine()
    for (const { headers } of [await token(client), await send('/oauth2/auth')])
      expect([headers.has('ratelimit'), headers.has('ratelimit-policy')]).toEqual([false, false])
  })

  it('holds for clients whose Basic credentials are remembered, too', async () => {
    await start(rates)
    const client = await createClient(server, { grant_types: ['client_credentials'] })
    const authorization = `Basic ${btoa(`${client.client_id}:${client.client_secret}`)}`
    const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded' }
    const call = () =>
      send('/oauth2/token', { method: 'POST', headers, body: 'grant_type=client_credentials' })
    expect((await call()).status).toBe(200)
    expect(await statuses(6, call)).toEqual([...of(200, 4), ...of(429, 2)])
  })

  it('cannot be used up by somebody who only names the client', async () => {
    await start(rates)
    const client = await machine()
    await statuses(20, () => token({ ...client, client_secret: 'wrong' }))
    expect((await token(client)).status).toBe(200)
  })
})

describe('limits.rates.failed_authentications', () => {
  const rates = { failed_authentications: { requests: 10, per: '10m' } }

  it('answers exactly ten of thirty wrong secrets at once, and lets other networks in', async () => {
    await start(rates)
    const client = await machine()
    const wrong = { ...client, client_secret: 'wrong' }
    expect(await statuses(30, () => token(wrong))).toEqual([...of(401, 10), ...of(429, 20)])
    expect((await token(client)).status).toBe(429)
    expect((await token(client, '8.8.8.8')).status).toBe(200)
    server.clock.advance(60_000)
    expect((await token(client)).status).toBe(200)
  })

  it('does not count what succeeds, however much comes at once', async () => {
    await start(rates)
    const client = await machine()
    for (let round = 0; round < 5; round += 1) {
      expect(await statuses(10, () => token(client))).toEqual(of(200, 10))
    }
  })

  it('keeps clients working whose credentials it knows', async () => {
    await start(rates)
    const client = await createClient(server, { grant_types: ['client_credentials'] })
    const call = (secret: string) => {
      const authorization = `Basic ${btoa(`${client.client_id}:${secret}`)}`
      const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded' }
      return send('/oauth2/token', {
        method: 'POST',
        headers,
        body: 'grant_type=client_credentials',
      })
    }
    expect((await call(client.client_secret)).status).toBe(200)
    await statuses(20, () => call('wrong'))
    expect((await call(client.client_secret)).status).toBe(200)
  })

  it('attack 26: counts a whole /64 as one, and IPv4 in IPv6 clothes as IPv4', async () => {
    await start(rates)
    const wrong = { client_id: 'nobody', client_secret: 'wrong' }
    for (let n = 0; n < 10; n += 1) {
      expect((await token(wrong, `2a00:1450:4001:801::${n + 1}`)).status).toBe(401)
    }
    expect((await token(wrong, '2a00:1450:4001:801:ffff::1')).status).toBe(429)
    expect((await token(wrong, '2a00:1450:4001:802::1')).status).toBe(401)
    await statuses(10, () => token(wrong, '8.8.8.8'))
    expect((await token(wrong, '::ffff:8.8.8.8')).status).toBe(429)
  })

  it('does not count private addresses, unless told to', async () => {
    await start(rates)
    const wrong = { client_id: 'nobody', client_secret: 'wrong' }
    for (const address of ['10.1.2.3', '127.0.0.1', '::1', 'fd00::1', '']) {
      expect(await statuses(12, () => token(wrong, address))).toEqual(of(401, 12))
    }
    await server.close()
    await start({ ...rates, private_addresses: true })
    expect(await statuses(12, () => token(wrong, '10.1.2.3'))).toEqual([...of(401, 10), 429, 429])
  })
})

describe('limits.rates.per_address', () => {
  const rates = { per_address: { requests: 3, per: '3s' } }
  const authorize = (init?: RequestInit) => send('/oauth2/auth?client_id=none', init)

  it('covers the authorization endpoint and device verification together', async () => {
    await start(rates)
    expect(await statuses(3, authorize)).toEqual(of(302, 3))
    expect((await authorize()).status).toBe(429)
    expect((await send('/oauth2/device/verify')).status).toBe(429)
    expect((await send('/.well-known/openid-configuration')).status).toBe(200)
  })

  it('shows people a page', async () => {
    await start(rates)
    await statuses(3, authorize)
    const refused = await authorize({ headers: { accept: 'text/html,*/*;q=0.8' } })
    expect(refused.status).toBe(429)
    expect(refused.headers.get('retry-after')).toBe('1')
    expect(refused.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(await refused.text()).toContain('Wait 1 second,')
  })

  it('is off unless it is set', async () => {
    await start({})
    expect(await statuses(300, authorize)).toEqual(of(302, 300))
  })
})

describe('limits.rates.registrations', () => {
  const register = (address?: string) =>
    send(
      '/oauth2/register',
      {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ redirect_uris: ['https://app.example/cb'] }),
      },
      address,
    )

  it('keeps one address from filling the database with clients', async () => {
    await start({ registrations: { requests: 4, per: '1m' } })
    expect(await statuses(10, () => register())).toEqual([...of(201, 4), ...of(429, 6)])
    expect((await register('8.8.8.8')).status).toBe(201)
  })
})

describe('metrics', () => {
  it('count refusals by limit', async () => {
    await start({ per_client: { requests: 1, per: '1m' } })
    const client = await machine()
    await statuses(4, () => token(client))
    const text = await (await server.adminFetch('/admin/metrics/prometheus')).text()
    expect(text).toMatch(/^firebrand_rate_limited_requests_total\{limit="per_client",.*\} 3$/mu)
  })
})

describe('memory', () => {
  it('stays bounded: the caller not seen for longest is forgotten', async () => {
    await start({ failed_authentications: { requests: 1, per: '10m' }, remembered: 10 })
    const wrong = { client_id: 'nobody', client_secret: 'wrong' }
    expect((await token(wrong)).status).toBe(401)
    expect((await token(wrong)).status).toBe(429)
    for (let n = 1; n <= 10; n += 1) await token(wrong, `9.9.9.${n}`)
    expect((await token(wrong)).status).toBe(401)
  })
})
