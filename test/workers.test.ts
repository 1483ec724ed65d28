import { readFileSync } from 'node:fs'
import { mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises'
import { Agent, get as httpGet, request as httpRequest, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { pauseBeforeRestart } from '../src/cli/serve/backoff.ts'
import { certificates } from './support/certificates.ts'
import { killCliServers, startCliServer, type CliServer } from './support/cli-server.ts'
import { runCli } from './support/cli.ts'
import { describeEachEngine } from './support/engines.ts'

const secret = 'the secret that all workers share'

interface Answered {
  readonly status: number
  readonly body: string
}

/** One request over an agent's connections. Rejects when the connection ends first. */
function send(agent: Agent, url: string, form?: string): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const headers =
      form === undefined
        ? {}
        : {
            'content-type': 'application/x-www-form-urlencoded',
            'content-length': String(Buffer.byteLength(form)),
          }
    const method = form === undefined ? 'GET' : 'POST'
    const request = httpRequest(url, { agent, method, headers }, (response) =>
      resolve(read(response)),
    )
    request.once('error', reject)
    request.end(form)
  })
}

async function read(response: IncomingMessage): Promise<Answered> {
  let body = ''
  for await (const chunk of response) body += String(chunk)
  return { status: response.statusCode ?? 0, body }
}

async function until<T>(what: () => Promise<T | undefined>, milliseconds = 30_000): Promise<T> {
  const deadline = performance.now() + milliseconds
  for (;;) {
    const found = await what()
    if (found !== undefined) return found
    if (performance.now() > deadline) throw new Error('it did not happen in time')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

interface Load {
  /** Ends it, and gives what happened. */
  stop(): Promise<{ readonly done: number; readonly failures: readonly string[] }>
}

/** Clients in closed loops, half of them with a new connection for each request; each bounded in count. */
function startLoad(server: CliServer, form: string): Load {
  const state = { isOn: true }
  let done = 0
  const failures: string[] = []
  const agents = Array.from({ length: 4 }, (_none, n) => new Agent({ keepAlive: n % 2 === 0 }))
  const loops = agents.map(async (agent) => {
    for (let n = 0; n < 20_000 && state.isOn; n++) {
      try {
        const { status, body } = await send(agent, `${server.publicUrl}/oauth2/token`, form)
        if (status === 200) done += 1
        else failures.push(`${status} ${body}`)
      } catch (error) {
        failures.push(String(error))
      }
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    agent.destroy()
  })
  return {
    async stop() {
      state.isOn = false
      await Promise.all(loops)
      return { done, failures }
    },
  }
}

/** Process ids of the workers. */
function workersOf({ pid }: CliServer): readonly number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
  return children.split(' ').filter(Boolean).map(Number)
}

async function metric(server: CliServer, name: string): Promise<number> {
  const { body } = await send(new Agent(), `${server.adminUrl}/admin/metrics/prometheus`)
  const lines = body.split('\n').filter((line) => line.startsWith(name))
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
}

describe('pauseBeforeRestart', () => {
  it('replaces a worker at once, then slower and slower up to half a minute', () => {
    expect([0, 1, 2, 3, 9, 10, 99].map(pauseBeforeRestart)).toEqual([
      0, 100, 200, 400, 25_600, 30_000, 30_000,
    ])
  })
})

describeEachEngine('serve --workers 2', (engine) => {
  let folder: string
  let file: string
  let server: CliServer
  let form: string

  async function configure(changes: object = {}): Promise<void> {
    await writeFile(
      file,
      JSON.stringify({
        dsn: engine.dsn,
        serve: { public: { host: '127.0.0.1' }, admin: { host: '127.0.0.1' } },
        urls: { self: { issuer: 'https://id.example/' } },
        secrets: { system: [secret] },
        signing: { id_token: { algorithm: 'ES256' }, access_token: { algorithm: 'ES256' } },
        ...changes,
      }),
    )
  }
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'firebrand-workers-'))
    file = join(folder, 'firebrand.json')
    await configure()
    const migrated = await runCli(['migrate', 'up', '--yes', '--config', file])
    if (migrated.code !== 0) throw new Error(migrated.stderr)
    server = await startCliServer(['--config', file, '--workers', '2'])
    const created = await fetch(`${server.adminUrl}/admin/clients`, {
      method: 'POST',
      body: JSON.stringify({
        grant_types: ['client_credentials'],
        token_endpoint_auth_method: 'client_secret_post',
      }),
    })
    const { client_id, client_secret } = (await created.json()) as Record<string, string>
    const fields = { grant_type: 'client_credentials', client_id, client_secret }
    form = new URLSearchParams(fields as Record<string, string>).toString()
  }, 60_000)
  afterAll(async () => {
    await server.stop()
    killCliServers()
    await rm(folder, { recursive: true, force: true })
  })
  const expiresIn = async (): Promise<unknown> => {
    const { body } = await send(new Agent(), `${server.publicUrl}/oauth2/token`, form)
    return (JSON.parse(body) as { expires_in: number }).expires_in
  }
  const logged = (text: string) => server.stderr().split(text).length - 1

  it('makes one first key of a set, however many workers are asked at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 16 }, () =>
        send(new Agent(), `${server.publicUrl}/.well-known/jwks.json`),
      ),
    )
    const first = answers[0]?.body ?? ''
    expect((JSON.parse(first) as { keys: unknown[] }).keys).toHaveLength(2)
    for (const { body } of answers) expect(body).toBe(first)
  })

  it('adds up what all workers count, and says which of them wrote a log line', async () => {
    const name = 'http_requests_total{code="200",method="get",endpoint="/health/alive"'
    const before = await metric(server, name)
    const alive = `${server.publicUrl}/health/alive`
    for (let n = 0; n < 10; n++) expect((await send(new Agent(), alive)).status).toBe(200)
    expect(await metric(server, name)).toBe(before + 10)
    expect(await metric(server, 'firebrand_workers ')).toBe(2)
    for (const worker of [1, 2]) expect(server.stderr()).toContain(` worker=${worker} `)
  })

  it('replaces all workers on SIGHUP without one failed request, with the configuration read again', async () => {
    expect(await expiresIn()).toBeGreaterThan(3500)
    const before = workersOf(server)
    const counted = await metric(server, 'http_requests_total')
    const load = startLoad(server, form)
    await configure({ ttl: { access_token: '10m' } })
    server.signal('SIGHUP')
    await until(async () => (logged('All workers were restarted.') === 1 ? true : undefined))
    const { done, failures } = await load.stop()
    expect(failures).toEqual([])
    expect(done).toBeGreaterThan(20)
    const after = workersOf(server)
    expect(after).toHaveLength(2)
    for (const pid of before) expect(after).not.toContain(pid)
    expect(await expiresIn()).toBeLessThanOrEqual(600)
    // Counters go on from those of the workers that left.
    expect(await metric(server, 'http_requests_total')).toBeGreaterThanOrEqual(counted + done)
  }, 60_000)

  it('keeps the workers when the new configuration cannot be used', async () => {
    const before = workersOf(server)
    await configure({ nonsense: true })
    server.signal('SIGHUP')
    await until(async () => (logged('The workers were not restarted') === 1 ? true : undefined))
    await configure({ serve: { public: { host: '203.0.113.1' }, admin: { host: '127.0.0.1' } } })
    server.signal('SIGHUP')
    await until(async () => (logged('The workers were not restarted') === 2 ? true : undefined))
    // A worker that could not serve needs a moment to end.
    await until(async () => (workersOf(server).length === 2 ? true : undefined))
    expect(workersOf(server)).toEqual(before)
    expect(await expiresIn()).toBeLessThanOrEqual(600)
  }, 60_000)

  it('loses no more than the requests of a worker that is killed, and replaces it', async () => {
    const load = startLoad(server, form)
    const [victim = 0, survivor] = workersOf(server)
    await new Promise((resolve) => setTimeout(resolve, 200))
    process.kill(victim, 'SIGKILL')
    const replaced = await until(async () => {
      const present = workersOf(server)
      return present.length === 2 && !present.includes(victim) ? present : undefined
    })
    await until(async () => ((await metric(server, 'firebrand_workers ')) === 2 ? true : undefined))
    const { done, failures } = await load.stop()
    expect(replaced).toContain(survivor)
    // Four clients have one request each under way.
    expect(failures.length).toBeLessThanOrEqual(4)
    for (const failure of failures) expect(failure).toMatch(/ECONNRESET|socket hang up/)
    expect(done).toBeGreaterThan(20)
    expect(await metric(server, 'firebrand_worker_restarts_total')).toBe(1)
    expect(server.stderr()).toContain('A worker ended; it is replaced.')
  }, 60_000)

  it('replaces a worker that is told to end alone, without one failed request', async () => {
    const load = startLoad(server, form)
    const [leaving = 0] = workersOf(server)
    process.kill(leaving, 'SIGTERM')
    await until(async () => {
      const present = workersOf(server)
      return present.length === 2 && !present.includes(leaving) ? true : undefined
    })
    await until(async () => ((await metric(server, 'firebrand_workers ')) === 2 ? true : undefined))
    expect((await load.stop()).failures).toEqual([])
  }, 60_000)

  it('turns readiness red in every worker before it ends, and ends with code 0', async () => {
    const statuses: number[] = []
    const ended = server.stop()
    const state = { isOver: false }
    void ended.finally(() => {
      state.isOver = true
    })
    for (let n = 0; n < 200 && !state.isOver; n++) {
      const ready = await send(new Agent(), `${server.publicUrl}/health/ready`).catch(
        () => undefined,
      )
      if (ready !== undefined) statuses.push(ready.status)
      await new Promise((resolve) => setTimeout(resolve, 25))
    }
    expect(await ended).toBe(0)
    expect(statuses.slice(-3)).toEqual([503, 503, 503])
  }, 30_000)
})

describe('workers', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'firebrand-workers-'))
  })
  afterEach(killCliServers)
  afterAll(() => rm(folder, { recursive: true, force: true }))
  const dev = () => ({ DSN: `sqlite://${join(folder, 'dev.sqlite')}` })

  it('share a unix socket, and keep it while they are restarted', async () => {
    const socketPath = join(folder, 'public.sock')
    await writeFile(socketPath, 'left over')
    const env = {
      ...dev(),
      SERVE_PUBLIC_HOST: `unix:${socketPath}`,
      SERVE_PUBLIC_SOCKET_MODE: '384',
    }
    const config = join(folder, 'socket.json')
    const issuer = 'https://id.example/'
    await writeFile(
      config,
      JSON.stringify({ urls: { self: { issuer } }, secrets: { system: [secret] } }),
    )
    await runCli(['migrate', 'up', '--yes', '--config', config], { env })
    const server = await startCliServer(['--config', config, '--workers', '2'], { env })
    const ask = (): Promise<number> =>
      new Promise((resolve, reject) => {
        const options = { socketPath, path: '/health/ready', agent: new Agent() }
        httpGet(options, (response) => resolve(response.resume().statusCode ?? 0)).once(
          'error',
          reject,
        )
      })
    expect((await stat(socketPath)).mode & 0o777).toBe(0o600)
    for (let n = 0; n < 4; n++) expect(await ask()).toBe(200)
    server.signal('SIGHUP')
    await until(async () => {
      expect(await ask()).toBe(200)
      return server.stderr().includes('All workers were restarted.') ? true : undefined
    })
    for (let n = 0; n < 4; n++) expect(await ask()).toBe(200)
    expect(await server.stop()).toBe(0)
    await expect(stat(socketPath)).rejects.toThrow('ENOENT')
  }, 60_000)

  for (const workers of [1, 2])
    it(`with ${workers}, heeds signals from the moment at which it says that it listens`, async () => {
      const config = join(folder, `signals-${workers}.json`)
      const issuer = 'https://id.example/'
      await writeFile(
        config,
        JSON.stringify({ urls: { self: { issuer } }, secrets: { system: [secret] } }),
      )
      const start = async (round: string) => {
        // A first start keeps compiled code, which takes a while.
        const env = { ...dev(), NODE_COMPILE_CACHE: join(folder, `cache-${workers}-${round}`) }
        await runCli(['migrate', 'up', '--yes', '--config', config], { env: dev() })
        return startCliServer(['--config', config, '--workers', String(workers)], { env })
      }
      const renewed = await start('renewed')
      renewed.signal('SIGHUP')
      await until(async () => (/SIGHUP|restarted/u.test(renewed.stderr()) ? true : undefined))
      expect(await renewed.stop()).toBe(0)
      const ended = await start('ended')
      expect(await ended.stop()).toBe(0)
    }, 60_000)

  it('all serve a certificate that was replaced', async () => {
    const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
    await writeFile(cert, certificates.first.cert)
    await writeFile(key, certificates.first.key)
    const env = {
      ...dev(),
      SERVE_PUBLIC_TLS_ENABLED: 'true',
      SERVE_PUBLIC_TLS_CERT_PATH: cert,
      SERVE_PUBLIC_TLS_KEY_PATH: key,
    }
    const server = await startCliServer(['--dev', '--workers', '2'], { env })
    const port = Number(new URL(server.publicUrl).port)
    const subject = () =>
      new Promise<string>((resolve, reject) => {
        const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
          resolve(String(socket.getPeerCertificate().subject.CN))
          socket.destroy()
        }).once('error', reject)
      })
    expect([await subject(), await subject()]).toEqual(['first', 'first'])
    await writeFile(`${key}.new`, certificates.second.key)
    await writeFile(`${cert}.new`, certificates.second.cert)
    await rename(`${key}.new`, key)
    await rename(`${cert}.new`, cert)
    await until(async () => {
      const names = [await subject(), await subject(), await subject(), await subject()]
      return names.every((name) => name === 'second') ? true : undefined
    })
    expect(await server.stop()).toBe(0)
  }, 60_000)

  it('answer what they are asked and end when the process above them is killed', async () => {
    const server = await startCliServer(['--dev', '--workers', '2'], { env: dev() })
    const workers = workersOf(server)
    const agent = new Agent({ keepAlive: true })
    expect((await send(agent, `${server.publicUrl}/health/ready`)).status).toBe(200)
    server.signal('SIGKILL')
    await until(async () => (workers.some((pid) => isAlive(pid)) ? undefined : true))
  }, 30_000)

  it('say why the first one cannot serve, once, and end with code 1', async () => {
    const server = await startCliServer(['--dev'], { env: dev() })
    const port = new URL(server.publicUrl).port
    const { code, stderr } = await runCli(['serve', '--dev', '--workers', '3'], {
      env: { ...dev(), SERVE_PUBLIC_PORT: port },
    })
    expect(code).toBe(1)
    expect(stderr.match(/another program uses it/g)).toHaveLength(1)
    await server.stop()
  }, 30_000)

  it('are refused with a database in memory, where each would have its own', async () => {
    const { code, stderr } = await runCli(['serve', '--dev', '--workers', '2'], {
      env: { DSN: 'memory' },
    })
    expect(code).toBe(1)
    expect(stderr).toContain('serve.workers')
    expect(stderr).toContain('only one process sees')
  })
})

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
