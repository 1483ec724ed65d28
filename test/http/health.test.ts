import { describe, expect, it } from 'vitest'
import { StorageUnavailable } from '../../src/storage/storage.ts'
import { bareServer } from './bare-server.ts'

async function get(handler: (request: Request) => Promise<Response>, path: string) {
  const response = await handler(new Request(`http://server${path}`))
  return { status: response.status, body: await response.text() }
}

const down = {
  async ping(): Promise<void> {
    throw new StorageUnavailable('connect ECONNREFUSED 10.0.0.1:5432')
  },
}

describe('health', () => {
  it('is alive without asking the database', async () => {
    const server = bareServer({ storage: down })
    for (const [handler, path] of [
      [server.public, '/health/alive'],
      [server.admin, '/admin/health/alive'],
      [server.admin, '/health/alive'],
    ] as const) {
      expect(await get(handler, path)).toEqual({ status: 200, body: '{"status":"ok"}' })
    }
  })

  it('is ready when the database answers and has no migration to come', async () => {
    const server = bareServer()
    expect(await get(server.public, '/health/ready')).toEqual({
      status: 200,
      body: '{"status":"ok"}',
    })
  })

  it('is not ready without a database, and tells why only on the admin API', async () => {
    const server = bareServer({ storage: down })
    const hidden = await get(server.public, '/health/ready')
    expect(hidden.status).toBe(503)
    expect(JSON.parse(hidden.body)).toEqual({ errors: { database: expect.any(String) as unknown } })
    expect(hidden.body).not.toContain('answer')
    const shown = await get(server.admin, '/admin/health/ready')
    expect(shown.status).toBe(503)
    expect(shown.body).toContain('does not answer')
    expect(shown.body).not.toContain('10.0.0.1')
  })

  it('is not ready while migrations are pending', async () => {
    const server = bareServer({ storage: { pendingMigrations: async () => ['0002-more'] } })
    const { status, body } = await get(server.admin, '/health/ready')
    expect(status).toBe(503)
    expect(body).toContain('0002-more')
  })

  it('turns red while shutting down, and stays alive', async () => {
    const server = bareServer()
    server.drain()
    expect((await get(server.public, '/health/ready')).status).toBe(503)
    expect((await get(server.public, '/health/alive')).status).toBe(200)
  })

  it('tells the version on the admin API only', async () => {
    const server = bareServer()
    expect((await get(server.admin, '/version')).body).toMatch(/^\{"version":"v\d/u)
    expect((await get(server.public, '/version')).status).toBe(404)
  })
})

describe('metrics', () => {
  it('count requests by route template, so that senders cannot add series', async () => {
    const server = bareServer()
    await get(server.public, '/probe/1')
    await get(server.public, '/probe/2')
    await get(server.public, '/nowhere/1')
    await get(server.admin, '/admin/version')
    await server.public(new Request('http://server/probe/3', { method: 'PROPFIND' }))
    const { status, body } = await get(server.admin, '/admin/metrics/prometheus')
    expect(status).toBe(200)
    const line = (name: string, ...labels: string[]) =>
      body
        .split('\n')
        .find((each) => each.startsWith(`${name}{`) && labels.every((l) => each.includes(l)))
        ?.split(' ')
        .at(-1)
    expect(line('http_requests_total', 'endpoint="/probe/{param}"', 'code="200"')).toBe('2')
    expect(line('http_requests_total', 'endpoint="/"', 'method="get"')).toBe('1')
    expect(line('http_requests_total', 'endpoint="/"', 'method="other"')).toBe('1')
    expect(line('http_requests_total', 'endpoint="/admin/version"', 'app="hydra"')).toBe('1')
    expect(line('http_requests_statuses_total', 'method="GET"', 'status_bucket="4xx"')).toBe('1')
    expect(line('http_requests_duration_seconds_count', '/probe/{param}')).toBe('2')
    expect(line('http_response_time_seconds_bucket', '/probe/{param}', 'le="+Inf"')).toBe('2')
    expect(Number(line('http_response_size_bytes_sum', 'code="200"'))).toBeGreaterThan(0)
    expect(body).toContain('http_requests_size_bytes_sum')
    expect(body).toContain('process_cpu_seconds_total')
    expect(body).toContain('nodejs_eventloop_lag_seconds')
  })
})
