import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { SignJWT } from 'jose'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  authorizationUrl,
  Browser,
  createClient,
  exchangeCode,
  postToken,
  refresh,
  type FlowServer,
  type TestClient,
} from '../support/browser-flow.ts'
import { describeEachEngine } from '../support/engines.ts'
import { freePort } from '../support/free-port.ts'

const cli = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

interface ServerProcess extends FlowServer {
  readonly child: ChildProcess
}

async function run(args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [cli, ...args], { stdio: 'inherit' })
  const [code] = await once(child, 'exit')
  expect(code).toBe(0)
}

describeEachEngine('several server processes on one database', (engine) => {
  const servers: ServerProcess[] = []
  let folder: string
  let client: TestClient

  async function startProcess(): Promise<ServerProcess> {
    const ports = { public: await freePort(), admin: await freePort() }
    const file = join(folder, `${ports.public}.json`)
    const place = (port: number) => ({ host: '127.0.0.1', port })
    await writeFile(
      file,
      JSON.stringify({
        dsn: engine.dsn,
        serve: { workers: 1, public: place(ports.public), admin: place(ports.admin) },
        urls: {
          self: { issuer: 'https://id.example/' },
          login: 'https://app.example/login',
          consent: 'https://app.example/consent',
        },
        secrets: { system: ['the secret that all processes share'] },
        signing: { id_token: { algorithm: 'ES256' } },
        log: { level: 'error' },
      }),
    )
    if (servers.length === 0) await run(['migrate', 'up', '--yes', '--config', file])
    const child = spawn(process.execPath, [cli, 'serve', '--config', file], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const at = (port: number) => (path: string, init?: RequestInit) =>
      fetch(`http://127.0.0.1:${port}${path}`, init)
    const server = { child, publicFetch: at(ports.public), adminFetch: at(ports.admin) }
    for (let attempt = 0; attempt < 200; attempt++) {
      const ready = await server.adminFetch('/health/ready').catch(() => undefined)
      if (ready?.status === 200) return server
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    throw new Error('the server process did not become ready')
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'firebrand-processes-'))
    for (let n = 0; n < 3; n++) servers.push(await startProcess())
    client = await createClient(servers[0] as ServerProcess)
  }, 60_000)
  afterAll(async () => {
    for (const { child } of servers) child.kill('SIGTERM')
    const running = servers.filter(({ child }) => child.exitCode === null)
    await Promise.all(running.map(({ child }) => once(child, 'exit')))
    await rm(folder, { recursive: true, force: true })
  })
  const anyServer = (n: number) => servers[n % servers.length] as ServerProcess

  it('6 knows a client in every process as soon as one has created, changed or deleted it', async () => {
    for (let n = 0; n < 10; n++) {
      const made = await createClient(anyServer(n))
      for (const server of servers) {
        const read = await server.adminFetch(`/admin/clients/${made.client_id}`)
        expect(read.status).toBe(200)
      }
      await anyServer(n + 1).adminFetch(`/admin/clients/${made.client_id}`, {
        method: 'PATCH',
        body: JSON.stringify([{ op: 'replace', path: '/client_name', value: `renamed ${n}` }]),
      })
      for (const server of servers) {
        const { client_name } = (await (
          await server.adminFetch(`/admin/clients/${made.client_id}`)
        ).json()) as { client_name: string }
        expect(client_name).toBe(`renamed ${n}`)
      }
      await anyServer(n + 2).adminFetch(`/admin/clients/${made.client_id}`, { method: 'DELETE' })
      for (const server of servers)
        expect((await server.adminFetch(`/admin/clients/${made.client_id}`)).status).toBe(404)
    }
  })

  it('makes one first key of each set in any number of processes', async () => {
    const answers = await Promise.all(
      Array.from({ length: 30 }, async (_none, n) =>
        (await anyServer(n).publicFetch('/.well-known/jwks.json')).text(),
      ),
    )
    expect(new Set(answers).size).toBe(1)
    expect((JSON.parse(answers[0] ?? '') as { keys: unknown[] }).keys).toHaveLength(2)
  })

  const ask = (n: number, secret: string) =>
    postToken(
      anyServer(n),
      { ...client, client_secret: secret },
      { grant_type: 'client_credentials' },
    )

  it('takes a new secret in every process at once, and the old one in none', async () => {
    let secret = client.client_secret
    for (let n = 0; n < 6; n++) {
      for (let each = 0; each < 3; each++) expect((await ask(each, secret)).status).toBe(200)
      const next = `a new secret of round ${n}`
      const changed = await anyServer(n).adminFetch(`/admin/clients/${client.client_id}`, {
        method: 'PATCH',
        body: JSON.stringify([{ op: 'replace', path: '/client_secret', value: next }]),
      })
      expect(changed.status).toBe(200)
      const answers = await Promise.all(
        [0, 1, 2].flatMap((each) => [ask(each, next), ask(each, secret)]),
      )
      expect(answers.map(({ status }) => status)).toEqual([200, 401, 200, 401, 200, 401])
      secret = next
    }
    client = { ...client, client_secret: secret }
  })

  it('signs with a new key in every process at once, and publishes it everywhere', async () => {
    for (let n = 0; n < 6; n++) {
      const kid = `round-${n}`
      const made = await anyServer(n).adminFetch('/admin/keys/hydra.openid.id-token', {
        method: 'POST',
        body: JSON.stringify({ alg: 'ES256', kid, use: 'sig' }),
      })
      expect(made.status).toBe(201)
      const sets = await Promise.all(
        servers.map(
          async (server) =>
            (await server.publicFetch('/.well-known/jwks.json')).json() as Promise<{
              keys: { kid: string }[]
            }>,
        ),
      )
      for (const { keys } of sets) expect(keys[0]?.kid).toBe(kid)
    }
  })

  it('trusts an issuer in every process at once, and in none when it was removed', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'partner', use: 'sig', alg: 'ES256' }
    const grantType = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
    const exchanging = await createClient(anyServer(0), { grant_types: [grantType] })
    const exchange = async (n: number) =>
      postToken(anyServer(n), exchanging, {
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        assertion: await new SignJWT({ jti: randomUUID() })
          .setProtectedHeader({ alg: 'ES256', kid: 'partner' })
          .setIssuer('https://partner.example')
          .setSubject('service')
          .setAudience('https://id.example/oauth2/token')
          .setIssuedAt()
          .setExpirationTime('5m')
          .sign(privateKey),
      })
    for (let n = 0; n < 4; n++) {
      expect((await exchange(n)).status).toBe(400)
      const trusted = await anyServer(n).adminFetch('/admin/trust/grants/jwt-bearer/issuers', {
        method: 'POST',
        body: JSON.stringify({
          issuer: 'https://partner.example',
          subject: 'service',
          scope: ['openid'],
          expires_at: new Date(Date.now() + 3_600_000).toISOString(),
          jwk,
        }),
      })
      expect(trusted.status).toBe(201)
      const { id } = (await trusted.json()) as { id: string }
      for (let each = 0; each < 3; each++) {
        const { status, body } = await exchange(each)
        expect([status, body]).toEqual([200, expect.objectContaining({ token_type: 'bearer' })])
      }
      await anyServer(n + 1).adminFetch(`/admin/trust/grants/jwt-bearer/issuers/${id}`, {
        method: 'DELETE',
      })
      for (let each = 0; each < 3; each++) expect((await exchange(each)).status).toBe(400)
    }
  })

  it('S241, attack 34: gives exactly one of a hundred redemptions in all processes tokens', async () => {
    const callback = await new Browser(anyServer(0)).authorize(authorizationUrl(client))
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_none, n) => exchangeCode(anyServer(n), client, callback)),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ body }) => body['error'] === 'invalid_grant')).toHaveLength(99)
  })

  it('S242, attack 12: gives exactly one of a hundred refreshes in all processes tokens', async () => {
    const callback = await new Browser(anyServer(1)).authorize(authorizationUrl(client))
    const { body } = await exchangeCode(anyServer(2), client, callback)
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_none, n) =>
        refresh(anyServer(n), client, body['refresh_token']),
      ),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter((each) => each.body['error'] === 'invalid_grant')).toHaveLength(99)
  })

  it('carries a flow through a different process at every hop', async () => {
    let turn = 0
    const hop = {
      publicFetch: (path: string, init?: RequestInit) => anyServer(turn++).publicFetch(path, init),
      adminFetch: (path: string, init?: RequestInit) => anyServer(turn++).adminFetch(path, init),
    }
    const callback = await new Browser(hop).authorize(authorizationUrl(client))
    expect((await exchangeCode(hop, client, callback)).status).toBe(200)
  })
})
