import { spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClient, type TestClient } from '../support/browser-flow.ts'
import { certificates } from '../support/certificates.ts'
import { faultServer, type FaultServer } from '../support/fault-server.ts'
import { rawConnection, statusOf, type RawConnection } from '../support/raw-http.ts'
import { testScale } from '../support/scale.ts'

const { cert, key } = certificates.first
const base64 = (text: string) => ({ base64: Buffer.from(text).toString('base64') })

/** Longer than every timeout of the configuration below together, on a machine that is busy. */
const patience = 15_000

describe.each(['http', 'https'] as const)('bad company on %s', (scheme) => {
  let folder: string
  let server: FaultServer
  let client: TestClient
  let url: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'firebrand-connections-'))
    server = await faultServer(`sqlite://${join(folder, 'it.sqlite')}`, {
      limits: { timeouts: { headers: '1s', request: '2s', inactivity: '3s' } },
    })
    await server.start()
    client = await createClient(server)
    if (scheme === 'http') {
      url = server.publicUrl
      return
    }
    const { port } = new URL(server.publicUrl)
    await server.reconfigure({
      serve: {
        public: {
          host: '127.0.0.1',
          port: Number(port),
          tls: { enabled: true, cert: base64(cert), key: base64(key) },
        },
      },
    })
    url = server.publicUrl.replace('http:', 'https:')
  })
  afterAll(async () => {
    await server.close()
    await rm(folder, { recursive: true, force: true })
  })

  function head(length: number | 'chunked', more = ''): string {
    const framing =
      length === 'chunked' ? 'transfer-encoding: chunked' : `content-length: ${length}`
    return `POST /oauth2/token HTTP/1.1\r\nhost: h\r\ncontent-type: application/x-www-form-urlencoded\r\n${framing}\r\n${more}\r\n`
  }

  async function send(...parts: readonly (string | Buffer)[]): Promise<string> {
    const connection = await rawConnection(url)
    for (const part of parts) connection.socket.write(part)
    return connection.ended(patience)
  }

  /** Sends text a byte at a time until the connection is over. */
  async function dribble(connection: RawConnection, text: string): Promise<string> {
    for (const character of text) {
      if (connection.isClosed()) break
      connection.socket.write(character)
      await delay(100)
    }
    return connection.ended(0)
  }

  /** Resident memory in megabytes. */
  function memory(): number {
    const { stdout } = spawnSync('ps', ['-o', 'rss=', '-p', String(server.pid())], {
      encoding: 'utf8',
    })
    return Number(stdout) / 1024
  }

  /** The server answers requests, all at once and soon. */
  async function expectHealthy(): Promise<void> {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => server.adminFetch('/health/ready')),
    )
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
    const answer = await send(
      'GET /.well-known/openid-configuration HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n',
    )
    expect(statusOf(answer)).toBe(200)
  }

  it('cuts off heads and bodies that come byte by byte, or not at all, while others are served', async () => {
    const connections = await Promise.all(Array.from({ length: 6 }, () => rawConnection(url)))
    const [heads, bodies, chunks, half, silent, nothing] = connections as [
      RawConnection,
      RawConnection,
      RawConnection,
      RawConnection,
      RawConnection,
      RawConnection,
    ]
    const long = 'a'.repeat(200)
    bodies.socket.write(head(200))
    chunks.socket.write(head('chunked'))
    half.socket.write('POST /oauth2/token HTTP/1.1\r\nhost: h\r\n')
    silent.socket.write(head(10))
    const endings = Promise.all([
      dribble(heads, `GET / HTTP/1.1\r\nhost: h\r\nx: ${long}`),
      dribble(bodies, long),
      dribble(chunks, '1\r\na\r\n'.repeat(40)),
      half.ended(patience),
      silent.ended(patience),
      nothing.ended(patience),
    ])
    for (let times = 0; times < 5; times += 1) {
      await expectHealthy()
      await delay(200)
    }
    const received = await endings
    expect(connections.map((each) => each.isClosed())).toEqual(connections.map(() => true))
    const [slowHead, slowBody, slowChunks, halfHead, noBody, noBytes] = received.map(statusOf)
    expect([slowHead, halfHead]).toEqual([408, 408])
    // Where the handler has begun to answer, its answer may be the one that gets out.
    for (const status of [slowBody, slowChunks, noBody]) expect([408, 400, 0]).toContain(status)
    expect([408, 0]).toContain(noBytes)
  }, 60_000)

  it('cuts off a connection that never says what it wants', async () => {
    const { hostname, port } = new URL(url)
    const socket = connect(Number(port), hostname)
    const closed = new Promise((resolve) => socket.once('close', resolve))
    socket.on('error', () => undefined)
    socket.resume()
    expect(await Promise.race([closed.then(() => 'closed'), delay(patience, 'open')])).toBe(
      'closed',
    )
    socket.destroy()
  }, 60_000)

  it('refuses what is too large or too deep, with the status that says so', async () => {
    const close = 'connection: close\r\n'
    const line = (target: string) => `GET ${target} HTTP/1.1\r\nhost: h\r\n${close}`
    expect(statusOf(await send(`${line('/')}x: ${'a'.repeat(40_000)}\r\n\r\n`))).toBe(431)
    expect([414, 431]).toContain(statusOf(await send(`${line(`/${'a'.repeat(20_000)}`)}\r\n`)))
    const many = Array.from({ length: 300 }, (_none, n) => `x${n}: 1\r\n`).join('')
    expect(statusOf(await send(`${line('/')}${many}\r\n`))).toBe(431)
    const big = 2 * 1024 * 1024
    // Sent to its end, it may meet a connection that is closed already.
    expect([400, 413]).toContain(statusOf(await send(head(big, close), 'a'.repeat(1000))))
    expect([400, 413, 0]).toContain(statusOf(await send(head(big, close), 'a'.repeat(big))))
    const parameters = Array.from({ length: 20_000 }, (_none, n) => `p${n}=1`).join('&')
    expect(statusOf(await send(head(parameters.length, close), parameters))).toBe(400)
    const packed = gzipSync('grant_type=client_credentials')
    const gzip = `content-encoding: gzip\r\n${close}`
    expect([400, 415]).toContain(statusOf(await send(head(packed.length, gzip), packed)))
    const deep = '['.repeat(100_000)
    const json = await server.adminFetch('/admin/clients', { method: 'POST', body: deep })
    expect(json.status).toBe(400)
    const wide = await server.adminFetch('/admin/clients', {
      method: 'POST',
      body: 'x'.repeat(big),
    })
    expect(wide.status).toBe(413)
    await expectHealthy()
  }, 60_000)

  it('stops reading chunks that never end, and stays small', async () => {
    const before = memory()
    const chunk = `${(65_536).toString(16)}\r\n${'a'.repeat(65_536)}\r\n`
    const ending = Array.from({ length: 8 }, async () => {
      const connection = await rawConnection(url)
      connection.socket.write(head('chunked'))
      let sent = 0
      for (; sent < 64 * 1024 * 1024 && !connection.isClosed(); sent += chunk.length) {
        const isRoomy = connection.socket.write(chunk)
        await delay(isRoomy ? 0 : 20)
      }
      await connection.ended(patience)
      return connection.isClosed()
    })
    expect(await Promise.all(ending)).toEqual(Array.from({ length: 8 }, () => true))
    expect(memory() - before).toBeLessThan(150)
    await expectHealthy()
  }, 60_000)

  it(
    'survives clients that go away in the middle of everything',
    async () => {
      const before = memory()
      const body = `grant_type=client_credentials&client_id=${client.client_id}`
      for (let round = 0; round < 4 * testScale; round += 1) {
        await Promise.all(
          Array.from({ length: 50 }, async (_none, n) => {
            const { socket } = await rawConnection(url)
            if (n % 3 === 0) socket.write(head(1000) + body)
            else if (n % 3 === 1) socket.write(head(body.length) + body)
            else socket.write(head(body.length))
            await delay(n % 5)
            // A plain socket resets, so that the server cannot even write.
            if ('resetAndDestroy' in socket && scheme === 'http' && n % 2 === 0)
              socket.resetAndDestroy()
            else socket.destroy()
          }),
        )
      }
      await expectHealthy()
      expect(memory() - before).toBeLessThan(150)
      expect(server.stderr()).not.toContain('An error occurred while handling a request')
    },
    60_000 * testScale,
  )

  it('serves while hundreds of connections do nothing, and gets rid of them', async () => {
    const before = memory()
    const idle = await Promise.all(Array.from({ length: 500 }, () => rawConnection(url)))
    await expectHealthy()
    await Promise.all(idle.map((each) => each.ended(patience)))
    expect(idle.filter((each) => each.isClosed())).toHaveLength(500)
    expect(memory() - before).toBeLessThan(200)
    await expectHealthy()
  }, 60_000)
})
