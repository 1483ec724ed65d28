import { describe, expect, it } from 'vitest'
import { bareServer } from './bare-server.ts'

const server = bareServer()

function on(listener: 'public' | 'admin' | 'oneOrigin') {
  return (path: string, init?: RequestInit) =>
    server[listener](new Request(`http://server${path}`, init))
}

const ofPublic = on('public')
const ofAdmin = on('admin')
const ofOneOrigin = on('oneOrigin')

describe('routing', () => {
  it('strips one trailing slash', async () => {
    expect((await ofPublic('/health/alive/')).status).toBe(200)
    expect((await ofPublic('/health/alive//')).status).toBe(404)
    expect((await ofPublic('/probe/form/', { method: 'POST' })).status).toBe(200)
  })

  it('answers HEAD by the route of GET, without a body', async () => {
    const response = await ofPublic('/health/alive', { method: 'HEAD' })
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(await response.text()).toBe('')
  })

  it('answers a wrong method as an unknown route, and says which methods there are', async () => {
    const response = await ofPublic('/probe/form')
    expect(response.status).toBe(404)
    expect(response.headers.get('allow')).toBe('POST, OPTIONS')
    expect((await ofPublic('/probe/x', { method: 'DELETE' })).headers.get('allow')).toBe(
      'GET, HEAD',
    )
  })

  it('decodes path parameters once, one segment each', async () => {
    expect(await (await ofPublic('/probe/a%2Fb%2520?q=1')).json()).toMatchObject({
      id: 'a/b%20',
      q: '1',
    })
    expect((await ofPublic('/probe/a/b')).status).toBe(404)
    expect((await ofPublic('/probe/%ff')).status).toBe(404)
    expect((await ofPublic('/probe/%zz')).status).toBe(404)
  })

  it('serves paths with a doubled leading slash, as SDKs build them', async () => {
    expect((await ofPublic('//health/alive')).status).toBe(200)
    expect((await ofPublic('//probe/form', { method: 'POST' })).status).toBe(200)
    expect((await ofAdmin('//admin/version')).status).toBe(200)
    expect((await ofPublic('/health//alive')).status).toBe(404)
  })

  it('serves the admin API with and without its prefix on a listener of its own', async () => {
    expect((await ofAdmin('/admin/version')).status).toBe(200)
    expect((await ofAdmin('/version')).status).toBe(200)
    expect((await ofAdmin('/health/ready')).status).toBe(200)
    expect((await ofAdmin('/probe/form', { method: 'POST' })).status).toBe(404)
  })

  it('knows no unprefixed aliases on one origin, but the version', async () => {
    expect((await ofOneOrigin('/admin/version')).status).toBe(200)
    expect((await ofOneOrigin('/version')).status).toBe(200)
    expect((await ofOneOrigin('/metrics/prometheus')).status).toBe(404)
  })

  const disguised = [
    '/admin;x/version',
    '/admin/;x/version',
    '/%61dmin/version',
    '/%2fadmin/version',
    '/%2Fadmin%2Fversion',
    '/admin%2fversion',
    '//admin/version',
    '///admin/version',
    '/admin//version',
    '/admin/version;x',
    '/ADMIN/version',
    '/oauth2/..;/admin/version',
  ]
  for (const path of disguised) {
    it(`attack 16, attack 27: does not take ${path} for the admin API`, async () => {
      expect((await ofPublic(path)).status).toBe(404)
      expect((await ofOneOrigin(path)).status).toBe(404)
    })
  }

  it('does not offer the admin API on the public listener', async () => {
    for (const path of [
      '/admin/version',
      '/version',
      '/admin/health/alive',
      '/x/../admin/version',
    ]) {
      expect((await ofPublic(path)).status).toBe(404)
    }
  })

  it('answers unknown methods and OPTIONS without CORS as unknown routes', async () => {
    expect((await ofPublic('/probe/x', { method: 'OPTIONS' })).status).toBe(404)
    expect((await ofPublic('/probe/x', { method: 'PROPFIND' })).status).toBe(404)
  })

  it('answers OPTIONS of cross-origin routes with 200 while CORS is off', async () => {
    const response = await ofPublic('/probe/form', { method: 'OPTIONS' })
    expect(response.status).toBe(200)
    expect(await response.text()).toBe('')
  })
})

describe('an unknown route', () => {
  const negotiated = [
    { accept: undefined, type: 'text/html; charset=utf-8' },
    { accept: '*/*', type: 'text/html; charset=utf-8' },
    { accept: 'image/png', type: 'text/html; charset=utf-8' },
    { accept: 'text/plain', type: 'text/plain; charset=utf-8' },
    { accept: 'application/json', type: 'application/json; charset=utf-8' },
    { accept: 'text/html;q=0.5, application/json', type: 'application/json; charset=utf-8' },
    { accept: 'application/json;q=0.1, text/plain;q=0.9', type: 'text/plain; charset=utf-8' },
  ]
  for (const { accept, type } of negotiated) {
    it(`is answered as ${type} for Accept ${accept ?? '(none)'}`, async () => {
      const response = await ofPublic('/none', accept === undefined ? {} : { headers: { accept } })
      expect(response.status).toBe(404)
      expect(response.headers.get('content-type')).toBe(type)
    })
  }

  it('is told to programs in the nested form', async () => {
    const response = await ofPublic('/none', { headers: { accept: 'application/json' } })
    expect(await response.json()).toMatchObject({ error: { code: 404, message: 'Not Found' } })
  })

  it('looks like the other pages where those are, and stands alone where they are not', async () => {
    const page = await (await ofPublic('/none')).text()
    const stylesheet = /<link[^>]*href="([^"]+\.css)"/u.exec(page)?.[1] ?? ''
    expect(page).toContain('There is no page here')
    expect((await ofPublic(stylesheet)).status).toBe(200)
    expect(await (await ofOneOrigin('/none')).text()).toBe(page)
    const ofAdminApi = await (await ofAdmin('/none')).text()
    expect(ofAdminApi).toContain('404')
    expect(ofAdminApi).not.toContain('<link')
  })

  it('is shown to people on a page that may not be framed or scripted', async () => {
    const { headers } = await ofPublic('/none')
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
  })
})
