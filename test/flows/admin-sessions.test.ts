import { beforeAll, expect, it } from 'vitest'
import {
  authorizationUrl,
  Browser,
  claimsOf,
  createClient,
  exchangeCode,
  getRequest,
  introspect,
  refresh,
  type TestClient,
} from '../support/browser-flow.ts'
import { describeEachEngine } from '../support/engines.ts'
import { startServer, type TestServer } from '../support/server.ts'

const consents = '/admin/oauth2/auth/sessions/consent'
interface Item {
  readonly consent_request_id: string
  readonly handled_at: string
  readonly consent_request: { readonly client: { readonly client_id: string } }
}
const logins = '/admin/oauth2/auth/sessions/login'

describeEachEngine('admin sessions', (engine) => {
  let server: TestServer
  let client: TestClient
  beforeAll(async () => {
    server = await startServer(engine)
    client = await createClient(server)
    return () => server.close()
  })

  async function grant(subject: string, app = client, browser = new Browser(server)) {
    const callback = await browser.authorize(authorizationUrl(app), {
      login: { subject, remember: true },
      consent: {
        remember: true,
        session: { access_token: { foo: 'bar' }, id_token: { bar: 'baz' } },
      },
    })
    return (await exchangeCode(server, app, callback)).body
  }
  const list = async (query: string) => {
    const response = await server.adminFetch(`${consents}?${query}`)
    return {
      status: response.status,
      link: response.headers.get('link'),
      items: (await response.json()) as Item[],
    }
  }
  const remove = async (path: string) =>
    (await server.adminFetch(path, { method: 'DELETE' })).status

  it('6.1 lists a consent with everything that was said about it', async () => {
    await grant('lister')
    const { status, items } = await list('subject=lister')
    expect(status).toBe(200)
    expect(items).toHaveLength(1)
    expect(items[0]).toMatchObject({
      grant_scope: ['openid', 'offline_access', 'foo'],
      grant_access_token_audience: [],
      session: { access_token: { foo: 'bar' }, id_token: { bar: 'baz' } },
      remember: true,
      remember_for: 0,
      context: null,
      consent_request: {
        challenge: '',
        subject: 'lister',
        skip: false,
        oidc_context: {},
        client: { client_id: client.client_id },
      },
    })
    expect(items[0]?.handled_at).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/u)
    expect(items[0]?.consent_request).not.toHaveProperty('client.client_secret')
  })

  it('6.1 pages through consents, newest first', async () => {
    const apps = [
      await createClient(server),
      await createClient(server),
      await createClient(server),
    ]
    for (const app of apps) {
      await grant('pager', app)
      server.clock.advance(1000)
    }
    const first = await list('subject=pager&page_size=2')
    expect(first.items.map((item) => item.consent_request.client.client_id)).toEqual([
      apps[2]?.client_id,
      apps[1]?.client_id,
    ])
    const next = /<([^>]+)>; rel="next"/u.exec(first.link ?? '')?.[1] ?? ''
    const second = await list(next.split('?')[1] ?? '')
    expect(second.items.map((item) => item.consent_request.client.client_id)).toEqual([
      apps[0]?.client_id,
    ])
    expect(second.link).not.toContain('rel="next"')
  })

  it('6.1 answers an empty list for strangers and 400 without subject', async () => {
    expect((await list('subject=nobody')).items).toEqual([])
    expect((await list('')).status).toBe(400)
    expect((await list('subject=nobody&page_token=garbage')).status).toBe(400)
    expect((await list('subject=nobody&page_size=many')).status).toBe(400)
  })

  it('6.1 leaves out consents that skipped the page', async () => {
    const browser = new Browser(server)
    await grant('skipper', client, browser)
    await browser.authorize(authorizationUrl(client), { login: { subject: 'skipper' } })
    expect((await list('subject=skipper')).items).toHaveLength(1)
  })

  it('CY13 revokes all consents of a subject with their tokens', async () => {
    const tokens = await grant('cy13')
    const other = await grant('bystander')
    expect(await remove(`${consents}?subject=cy13&all=true`)).toBe(204)
    expect((await list('subject=cy13')).items).toEqual([])
    for (const name of ['access_token', 'refresh_token'])
      expect(await introspect(server, tokens[name])).toEqual({ active: false })
    expect(await introspect(server, other['access_token'])).toMatchObject({ active: true })
  })

  it('S039 and OA15 revoke one of two authorizations by consent_request_id', async () => {
    const first = await grant('s039')
    const [item] = (await list('subject=s039')).items
    const second = await grant('s039')
    expect(await remove(`${consents}?consent_request_id=${item?.consent_request_id}`)).toBe(204)
    expect(await introspect(server, first['access_token'])).toEqual({ active: false })
    expect((await refresh(server, client, first['refresh_token'])).body['error']).toBe(
      'invalid_grant',
    )
    expect(await introspect(server, second['access_token'])).toMatchObject({ active: true })
  })

  it('6.2 revokes the consents of a subject for one client', async () => {
    const app = await createClient(server)
    const gone = await grant('by-client', app)
    const stays = await grant('by-client')
    expect(await remove(`${consents}?subject=by-client&client=${app.client_id}`)).toBe(204)
    expect(await introspect(server, gone['access_token'])).toEqual({ active: false })
    expect(await introspect(server, stays['access_token'])).toMatchObject({ active: true })
  })

  const refused = [
    '',
    'subject=x',
    'subject=x&client=y&all=true',
    'client=y',
    'all=true',
    'subject=x&all=yes',
  ]
  for (const query of refused) {
    it(`6.2 refuses to revoke consents by '${query}'`, async () =>
      expect(await remove(`${consents}?${query}`)).toBe(400))
  }

  it('6.2 answers 204 for unknown values', async () => {
    expect(await remove(`${consents}?consent_request_id=unknown`)).toBe(204)
    expect(await remove(`${consents}?subject=unknown&all=true`)).toBe(204)
  })

  it('6.3 ends login sessions by subject and by sid; tokens stay', async () => {
    for (const by of ['subject', 'sid']) {
      const browser = new Browser(server)
      const subject = `ends-by-${by}`
      const tokens = await grant(subject, client, browser)
      const value = by === 'subject' ? subject : String(claimsOf(tokens['id_token'])['sid'])
      expect(await remove(`${logins}?${by}=${encodeURIComponent(value)}`)).toBe(204)
      expect(await introspect(server, tokens['access_token'])).toMatchObject({ active: true })
      const request = await getRequest(
        server,
        'login',
        await browser.loginChallenge(authorizationUrl(client)),
      )
      expect(request).toMatchObject({ skip: false })
    }
  })

  it('LO24 and LO26 answer 204 for an unknown sid and 400 for nothing', async () => {
    expect(await remove(`${logins}?sid=unknown`)).toBe(204)
    const response = await server.adminFetch(logins, { method: 'DELETE' })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({
      error: 'invalid_request',
      error_description: expect.stringMatching(/subject.*sid/u),
    })
  })
})
