import { request } from 'node:http'
import { expect, it } from 'vitest'
import { describeEachEngine } from '../support/engines.ts'
import { startServer } from '../support/server.ts'

describeEachEngine('a server', (engine) => {
  it('is ready on a migrated database, over the handler and over a port', async () => {
    const server = await startServer(engine)
    expect((await server.publicFetch('/health/ready')).status).toBe(200)
    expect((await server.adminFetch('/health/ready')).status).toBe(200)
    const ports = await server.listen()
    const response = await fetch(`${ports.public.url}/health/ready`)
    expect(response.status).toBe(200)
    expect(response.headers.get('x-request-id')).not.toBeNull()
    expect(response.headers.get('cache-control')).toContain('no-store')
    expect((await fetch(`${ports.admin.url}/admin/version`)).status).toBe(200)
    await server.close()
  })

  it('asks an unknown client for Basic authentication where it used that', async () => {
    const server = await startServer(engine)
    const response = await server.publicFetch('/oauth2/token', {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
      headers: { authorization: `Basic ${btoa('nobody:secret')}` },
    })
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toMatch(/^Basic/u)
    expect(await response.json()).toMatchObject({ error: 'invalid_client' })
    await server.close()
  })

  it('refuses a Host that no URL can hold, at every endpoint, and logs no error', async () => {
    const errors: string[] = []
    const log = {
      debug() {},
      info() {},
      warn() {},
      error: (_: unknown, text: string) => void errors.push(text),
    }
    const server = await startServer(engine, { options: { log } })
    const { port } = new URL((await server.listen()).public.url)
    const answer = (path: string, host: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        request({ port, host: '127.0.0.1', path, headers: { host } }, (response) =>
          resolve(response.resume().statusCode),
        )
          .on('error', reject)
          .end()
      })
    const paths = [
      '/userinfo',
      '/oauth2/auth?client_id=a',
      '/oauth2/sessions/logout',
      '/health/alive',
    ]
    for (const host of ['a127.0.0.1', '1.2.3.256', '127.0.0.08', 'a.0x7', 'a:70000']) {
      for (const path of paths)
        expect([host, path, await answer(path, host)]).toEqual([host, path, 400])
    }
    for (const host of [
      'id.example',
      '127.0.0.1:4444',
      'a_b.example:65535',
      'xn--mnchen-3ya.de',
      '[::1]:4444',
      '0x7f.1',
    ]) {
      expect([host, await answer('/health/alive', host)]).toEqual([host, 200])
    }
    expect(errors).toEqual([])
    await server.close()
  })
})
