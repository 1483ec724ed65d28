import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { bareServer } from './bare-server.ts'

const token = 'ory_pat_0123456789abcdef0123456789abcdef'
const hash = createHash('sha256').update(token).digest('hex')
const server = bareServer({
  config: { admin: { access: 'token', tokens: ['f'.repeat(64), hash] } },
})

function get(
  listener: 'public' | 'admin' | 'oneOrigin',
  path: string,
  authorization?: string,
): Promise<Response> {
  return server[listener](
    new Request(`http://server${path}`, {
      headers: authorization === undefined ? {} : { authorization },
    }),
  )
}

describe('access to the admin API', () => {
  it('is given to bearers of a configured token', async () => {
    expect((await get('admin', '/admin/version', `Bearer ${token}`)).status).toBe(200)
    expect((await get('admin', '/version', `bearer ${token}`)).status).toBe(200)
    expect((await get('oneOrigin', '/admin/version', `Bearer ${token}`)).status).toBe(200)
    expect((await get('oneOrigin', '/version', `Bearer ${token}`)).status).toBe(200)
  })

  const refused = [
    { it: 'nobody', authorization: undefined },
    { it: 'a wrong token', authorization: `Bearer ${token}x` },
    { it: 'the hash in place of the token', authorization: `Bearer ${hash}` },
    { it: 'another scheme', authorization: `Basic ${token}` },
    { it: 'an empty token', authorization: 'Bearer ' },
    { it: 'two tokens', authorization: `Bearer x ${token}` },
  ]
  for (const { it: name, authorization } of refused) {
    it(`is refused to ${name}`, async () => {
      for (const [listener, path] of [
        ['admin', '/admin/version'],
        ['admin', '/version'],
        ['admin', '//admin/version'],
        ['admin', '/admin/metrics/prometheus'],
        ['oneOrigin', '/admin/version'],
        ['oneOrigin', '/version'],
      ] as const) {
        const response = await get(listener, path, authorization)
        expect(response.status).toBe(401)
        expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/u)
        const requestId = response.headers.get('x-request-id')
        expect(await response.json()).toMatchObject({
          error: { code: 401, status: 'Unauthorized', request: requestId },
        })
      }
    })
  }

  it('is not needed for health checks and the public API', async () => {
    for (const [listener, path] of [
      ['admin', '/admin/health/ready'],
      ['admin', '/health/alive'],
      ['oneOrigin', '/admin/health/alive'],
      ['oneOrigin', '/health/ready'],
      ['oneOrigin', '/probe/1'],
      ['public', '/probe/1'],
    ] as const) {
      expect((await get(listener, path)).status).toBe(200)
    }
  })

  it('is refused to everybody while no token is configured', async () => {
    const closed = bareServer({ config: { admin: { access: 'token' } } })
    const response = await closed.admin(
      new Request('http://server/version', { headers: { authorization: `Bearer ${token}` } }),
    )
    expect(response.status).toBe(403)
    expect(await response.json()).toMatchObject({ error: { code: 403, status: 'Forbidden' } })
  })
})
