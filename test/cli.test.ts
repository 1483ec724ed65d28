import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCli, startCli } from './support/cli.ts'
import { killCliServers, startCliServer, type CliServer } from './support/cli-server.ts'
import { CookieJar } from './support/cookie-jar.ts'
import { freePort } from './support/free-port.ts'

const directory = mkdtempSync(join(tmpdir(), 'firebrand-serve-'))
afterAll(() => {
  killCliServers()
  rmSync(directory, { recursive: true, force: true })
})

const words = (line: string) => line.split(' ')

describe('the commands against firebrand serve --dev', () => {
  let server: CliServer
  const admin = async (...args: readonly string[]) => {
    const result = await runCli([...args, '--endpoint', server.adminUrl])
    if (result.code !== 0) throw new Error(result.stderr)
    return result.stdout
  }
  const asPublic = (...args: readonly string[]) => runCli([...args, '--endpoint', server.publicUrl])

  beforeAll(async () => {
    server = await startCliServer(['all', '--dev'], { env: { DSN: 'memory' } })
  })
  afterAll(async () => {
    await server.stop()
  })

  async function newClient(...flags: readonly string[]) {
    return JSON.parse(await admin('create', 'client', '--format', 'json', ...flags))
  }

  it('print where to click, and the demo credentials', async () => {
    await expect.poll(server.stdout).toContain(`Start page    ${server.publicUrl}/`)
    expect(server.stdout()).toContain(`Admin API     ${server.adminUrl}`)
    expect(server.stdout()).toContain('foo@bar.com with the password foobar')
  })

  it('create a client, get a token with it and look into the token', async () => {
    const { client_id, client_secret } = await newClient('--grant-type', 'client_credentials')
    const credentials = ['--client-id', client_id, '--client-secret', client_secret]
    const token = await asPublic('perform', 'client-credentials', ...credentials)
    expect(token.stdout).toMatch(
      /^ACCESS TOKEN\tory_at_\S+\nREFRESH TOKEN\t<empty>\nID TOKEN\t<empty>\nEXPIRY\t+\d{4}-\S+\n$/,
    )
    const accessToken = /ory_at_\S+/.exec(token.stdout)?.[0] ?? ''
    const introspect = ['introspect', 'token', accessToken, '--format', 'json-pretty']
    expect(JSON.parse(await admin(...introspect))).toMatchObject({ active: true, client_id })
    expect(await asPublic('revoke', 'token', accessToken, ...credentials, '-q')).toMatchObject({
      code: 0,
      stdout: `${accessToken}\n`,
    })
    expect(JSON.parse(await admin(...introspect))).toEqual({ active: false })
  })

  it('send every field on create, and only what was given on update', async () => {
    const { client_id } = await newClient(
      ...words('--name One --scope a,b --scope c --metadata {"n":12345678901234567890}'),
      ...words('--redirect-uri https://a.example/cb --contact x@example.com'),
    )
    const updated = JSON.parse(
      await admin(
        'update',
        'client',
        client_id,
        '--name',
        'Two',
        '--skip-consent',
        '--format',
        'json',
      ),
    )
    expect(updated).toMatchObject({
      client_name: 'Two',
      skip_consent: true,
      scope: 'a b c',
      contacts: ['x@example.com'],
      grant_types: ['authorization_code'],
      request_object_signing_alg: 'RS256',
    })
    const stored = await admin('get', 'client', client_id, '--format', 'jsonpath=redirect_uris.0')
    expect(stored).toBe('"https://a.example/cb"\n')
  })

  it('replace a client from a file', async () => {
    const { client_id } = await newClient('--name', 'One', '--owner', 'me')
    const file = join(directory, 'client.json')
    writeFileSync(file, JSON.stringify({ client_name: 'From a file' }))
    const replaced = await admin('update', 'client', client_id, '--file', file, '--format', 'json')
    expect(JSON.parse(replaced)).toMatchObject({ client_name: 'From a file', owner: '' })
  })

  it('list pages of clients, and with -q their ids only', async () => {
    const { client_id } = await newClient()
    const page = JSON.parse(await admin('list', 'clients', '--page-size', '1', '--format', 'json'))
    expect(page).toMatchObject({ is_last_page: false })
    const next = await admin('ls', 'clients', '--page-token', page.next_page_token, '-q')
    const all = await admin('list', 'oauth2-clients', '-q')
    expect(all).toContain(`${client_id}\n`)
    expect(all).toBe(`${page.items[0].client_id}\n${next}`)
  })

  it('import clients from a file and from the standard input, and report what failed', async () => {
    const clients = JSON.stringify([{ client_id: 'imported-1' }, { client_id: 'imported-2' }])
    const first = await runCli(['import', 'client', '-e', server.adminUrl, '-q'], {
      stdin: clients,
    })
    expect(first).toMatchObject({ code: 0, stdout: 'imported-1\nimported-2\n' })
    const file = join(directory, 'clients.json')
    writeFileSync(file, JSON.stringify([{ client_id: 'imported-2' }, { client_id: 'imported-3' }]))
    const second = await runCli(['import', 'clients', file, '-e', server.adminUrl, '-q'])
    expect(second).toMatchObject({ code: 1, stdout: 'imported-3\n' })
    expect(second.stderr).toContain('client 1')
  })

  it('delete several clients, go on after a failure and exit with 1', async () => {
    const { client_id } = await newClient()
    const result = await runCli(['delete', 'client', 'nobody', client_id, '-e', server.adminUrl])
    expect(result.code).toBe(1)
    expect(result.stdout).toContain(client_id)
    expect(result.stderr).toContain('nobody: ')
    expect(result.stderr).toContain('Failed to execute API request, see error above.')
  })

  it('print a deleted id as a bare JSON string', async () => {
    const { client_id } = await newClient()
    expect(await admin('delete', 'client', client_id, '--format', 'json')).toBe(`"${client_id}"\n`)
  })

  it('end all access tokens of a client', async () => {
    const { client_id } = await newClient()
    expect(await admin('delete', 'access-tokens', client_id, '-q')).toBe(`${client_id}\n`)
  })

  it('say why a server cannot be reached', async () => {
    const port = await freePort()
    const result = await runCli(['get', 'client', 'x', '-e', `http://127.0.0.1:${port}`])
    expect(result).toMatchObject({ code: 1, stdout: '' })
    expect(result.stderr).toContain('ECONNREFUSED')
  })

  it('perform the authorization code flow with the built-in pages', async () => {
    const port = await freePort()
    const { client_id, client_secret } = await newClient(
      ...words('--grant-type authorization_code,refresh_token --response-type code'),
      ...words(`--scope openid,offline --redirect-uri http://127.0.0.1:${port}/callback`),
    )
    const flags = `--client-id ${client_id} --client-secret ${client_secret} --scope openid,offline`
    const performing = performCode(server, port, words(flags))
    await signIn(await performing.started)
    const { code, stdout, stderr } = await performing.ended
    expect([code, stderr]).toEqual([0, expect.stringContaining('The ID token is valid')])
    expect(JSON.parse(stdout)).toMatchObject({
      access_token: expect.stringMatching(/^ory_at_/),
      refresh_token: expect.stringMatching(/^ory_rt_/),
      id_token: expect.stringMatching(/^ey/),
    })
  })

  it('refuse an answer with a foreign state', async () => {
    const port = await freePort()
    const performing = performCode(server, port, ['--client-id', 'any'])
    const start = await performing.started
    await fetch(new URL('/callback?code=stolen&state=foreign', start))
    const { code, stdout, stderr } = await performing.ended
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toContain('state')
  })
})

function performCode(server: CliServer, port: number, args: readonly string[]) {
  const flags = ['--no-open', '--port', String(port), '--format', 'json', '-e', server.publicUrl]
  const child = startCli(['perform', 'authorization-code', ...flags, ...args])
  const text = { stdout: '', stderr: '' }
  const started = new Promise<string>((resolve) => {
    child.stderr.setEncoding('utf8').on('data', (more: string) => {
      text.stderr += more
      const [, url] = /Open (\S+) in a browser/.exec(text.stderr) ?? []
      if (url !== undefined) resolve(url)
    })
  })
  child.stdout.setEncoding('utf8').on('data', (more: string) => {
    text.stdout += more
  })
  const ended = new Promise<typeof text & { code: number | null }>((resolve) => {
    child.once('close', (code) => resolve({ ...text, code }))
  })
  return { started, ended }
}

/** Goes through the pages as a browser without scripts does: follows redirects, fills in and submits the forms. */
async function signIn(start: string): Promise<void> {
  const jar = new CookieJar()
  let response = await visit(jar, new URL('/perform-flow', start))
  for (let steps = 0; steps < 12; steps += 1) {
    const location = response.headers.get('location')
    if (location !== null) {
      response = await visit(jar, new URL(location, response.url))
      continue
    }
    const html = await response.text()
    const [, action] = /<form method="post" action="([^"]+)"/.exec(html) ?? []
    if (action === undefined) return
    const body = new URLSearchParams({ submit: 'accept' })
    for (const [tag] of html.matchAll(/<input[^>]*>/g)) {
      const attribute = (name: string) =>
        new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1]?.replaceAll('&amp;', '&') ?? ''
      const isHidden = attribute('type') === 'hidden'
      if (isHidden || attribute('name') === 'grant_scope')
        body.append(attribute('name'), attribute('value'))
    }
    if (html.includes('name="password"')) {
      body.set('email', 'foo@bar.com')
      body.set('password', 'foobar')
    }
    const target = new URL(action.replaceAll('&amp;', '&'), response.url)
    response = await visit(jar, target, { method: 'POST', body })
  }
  throw new Error('The flow did not end.')
}

async function visit(jar: CookieJar, url: URL, init: RequestInit = {}): Promise<Response> {
  const headers = { cookie: jar.header, origin: url.origin }
  const response = await fetch(url, { ...init, headers, redirect: 'manual' })
  jar.take(response)
  return response
}

describe('firebrand serve', () => {
  const production = {
    SECRETS_SYSTEM: 'a-secret-of-the-cli-tests',
    URLS_SELF_ISSUER: 'https://auth.example.com',
    SERVE_PUBLIC_HOST: '127.0.0.1',
    SERVE_ADMIN_HOST: '127.0.0.1',
  }
  const ready = async (url: string) => (await fetch(`${url}/health/ready`)).status

  it('keeps database and secrets of dev mode in the working directory', async () => {
    const cwd = mkdtempSync(join(directory, 'cwd-'))
    const first = await startCliServer(['--dev'], { cwd })
    await runCli(['create', 'client', '--id', 'kept', '-e', first.adminUrl])
    expect(await first.stop()).toBe(0)
    const second = await startCliServer(['--dev'], { cwd })
    const kept = await runCli(['get', 'client', 'kept', '-q', '-e', second.adminUrl])
    await second.stop('SIGINT')
    expect(kept.stdout).toBe('kept\n')
    expect(readFileSync(join(cwd, '.firebrand', '.gitignore'), 'utf8')).toBe('*\n')
    const accounts = await runCli(['accounts', 'list', '--dev', '--format', 'json'], { cwd })
    expect(JSON.parse(accounts.stdout)).toMatchObject([{ email: 'foo@bar.com' }])
  })

  it('is not ready and says what to run while migrations are pending, then serves', async () => {
    const env = { ...production, DSN: `sqlite://${join(directory, 'pending.db')}` }
    const pending = await startCliServer(['all'], { env })
    await expect.poll(pending.stderr).toContain('Run firebrand migrate up')
    expect(await ready(pending.publicUrl)).toBe(503)
    expect((await fetch(`${pending.publicUrl}/health/alive`)).status).toBe(200)
    await pending.stop()
    expect((await runCli(['migrate', 'up', '--yes'], { env })).code).toBe(0)
    const migrated = await startCliServer(['all'], { env })
    expect(await ready(migrated.publicUrl)).toBe(200)
    expect(await migrated.stop()).toBe(0)
  })

  it('turns readiness red before it stops to listen', async () => {
    const server = await startCliServer(['all'], { env: { ...production, DSN: 'memory' } })
    expect(await ready(server.adminUrl)).toBe(200)
    const stopped = server.stop()
    await expect.poll(() => ready(server.adminUrl), { interval: 20 }).toBe(503)
    expect(await stopped).toBe(0)
  })

  it('serves one part only', async () => {
    const server = await startCliServer(['public'], { env: { ...production, DSN: 'memory' } })
    expect(await ready(server.publicUrl)).toBe(200)
    await expect(fetch(server.adminUrl)).rejects.toThrow('fetch failed')
    await server.stop()
  })

  it('takes its flags before and after the part, and more than one file', async () => {
    const [one, two] = [join(directory, 'one.yaml'), join(directory, 'two.json')]
    writeFileSync(one, 'dsn: memory\nlog: {format: json}\n')
    writeFileSync(two, '{"log": {"format": "text"}}')
    const server = await startCliServer(['-c', one, 'all', '--dev', '--sqa-opt-out', '-c', two])
    await expect.poll(server.stdout).toContain('in development mode')
    await server.stop()
  })

  it('asks for a token on the admin API, which commands send from a flag or the environment', async () => {
    const token = 'an-admin-token-of-thirty-two-characters'
    const env = { ...production, DSN: 'memory', ADMIN_ACCESS: 'token', ADMIN_TOKENS: token }
    const server = await startCliServer(['all'], { env })
    const list = ['list', 'clients', '-e', server.adminUrl]
    const refused = await runCli(list)
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain('Give --token or FIREBRAND_ADMIN_TOKEN.')
    expect((await runCli([...list, '--token', token])).code).toBe(0)
    expect((await runCli(list, { env: { FIREBRAND_ADMIN_TOKEN: token } })).code).toBe(0)
    expect((await runCli([...list, '-H', `Authorization: Bearer ${token}`])).code).toBe(0)
    await server.stop()
  })

  it('warns when nobody can use the admin API', async () => {
    const env = { ...production, DSN: 'memory', ADMIN_ACCESS: 'token' }
    const server = await startCliServer(['all'], { env })
    await server.stop()
    expect(server.stderr()).toContain('admin.tokens is empty')
  })

  it('serves both APIs on one origin', async () => {
    const env = { ...production, DSN: 'memory', SERVE_ONE_ORIGIN: 'true', ADMIN_ACCESS: 'open' }
    const server = await startCliServer(['all'], { env })
    expect((await runCli(['list', 'clients', '-e', server.publicUrl])).code).toBe(0)
    await expect(fetch(server.adminUrl)).rejects.toThrow('fetch failed')
    await server.stop()
  })

  it('listens on a unix socket', async () => {
    const socket = join(directory, 'admin.sock')
    const env = { ...production, DSN: 'memory', SERVE_ADMIN_HOST: `unix:${socket}` }
    const server = await startCliServer(['all'], { env })
    const status = await new Promise((resolve, reject) => {
      request({ socketPath: socket, path: '/health/alive' }, ({ statusCode }) =>
        resolve(statusCode),
      )
        .once('error', reject)
        .end()
    })
    expect(status).toBe(200)
    await server.stop()
  })

  it('accepts only what a trusted proxy received over HTTPS when TLS ends there', async () => {
    const networks = { SERVE_TLS_ALLOW_TERMINATION_FROM: '127.0.0.1/32' }
    const env = { ...production, DSN: 'memory', ...networks }
    const server = await startCliServer(['all'], { env })
    const clients = `${server.adminUrl}/admin/clients`
    expect((await fetch(clients)).status).toBe(502)
    expect(await ready(server.publicUrl)).toBe(200)
    const forwarded = await fetch(clients, { headers: { 'x-forwarded-proto': 'https' } })
    expect(forwarded.status).toBe(200)
    await server.stop()
  })

  it('exits with 1 and names the key when an address is in use', async () => {
    const taken = createServer()
    const port = await freePort()
    await new Promise<void>((resolve) => {
      taken.listen(port, '127.0.0.1', resolve)
    })
    const env = {
      DSN: 'memory',
      SERVE_ADMIN_PORT: String(port),
      SERVE_PUBLIC_PORT: String(await freePort()),
    }
    const { code, stderr } = await runCli(['serve', '--dev'], { env })
    taken.close()
    expect(code).toBe(1)
    expect(stderr).toContain(`Could not listen on 127.0.0.1:${port}: another program uses it.`)
    expect(stderr).toContain('serve.admin.port')
  })

  it('exits with 1 and names every wrong key', async () => {
    const env = { DSN: 'memory', LOG_LEVEL: 'loud', SECRETS_SYSTEM: 'hush' }
    const { code, stdout, stderr } = await runCli(['serve'], { env })
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toContain('The configuration contains values or keys which are invalid:\n')
    expect(stderr).toContain('log.level: loud\n           ^-- must be one of')
    expect(stderr).not.toContain('hush')
  })
})

describe('firebrand accounts', () => {
  const env = { DSN: `sqlite://${join(directory, 'accounts.db')}` }
  const accounts = (args: readonly string[], stdin = '') =>
    runCli(['accounts', ...args], { env, stdin })
  beforeAll(() => runCli(['migrate', 'up', '--yes'], { env }))

  it('creates, lists and deletes, with the password from the standard input', async () => {
    const created = await accounts(
      ['create', 'a@example.com', '--name', 'A', '--format', 'json'],
      'correct horse\n',
    )
    expect(created).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(created.stdout)).toMatchObject({ email: 'a@example.com', name: 'A' })
    expect((await accounts(['create', 'A@example.com'], 'correct horse')).stderr).toContain(
      'already',
    )
    expect(
      (await accounts(['set-password', 'A@example.com', '--password-stdin'], 'battery staple'))
        .code,
    ).toBe(0)
    expect((await accounts(['list'])).stdout).toMatch(/a@example\.com\s+A\s/)
    expect((await accounts(['delete', 'a@example.com'])).code).toBe(0)
    expect((await accounts(['delete', 'a@example.com'])).code).toBe(1)
  })
  it('sets and removes standard claims, sealed with the secret of the server', async () => {
    const withSecret = {
      ...env,
      SECRETS_SYSTEM: 'a system secret of the tests',
      URLS_SELF_ISSUER: 'https://id.example',
    }
    const run = (args: readonly string[], stdin = '') =>
      runCli(['accounts', ...args], { env: withSecret, stdin })
    const claims = ['--claim', 'given_name=Ada', '--claim', 'address.country=UK']
    expect((await run(['create', 'ada@example.com', ...claims], 'correct horse')).code).toBe(0)
    const file = ['--claims-file', '-']
    const updated = await run(
      ['update', 'ada@example.com', '--name', 'Ada', '--remove-claim', 'given_name', ...file],
      '{"email_verified":true}',
    )
    expect(updated).toMatchObject({ code: 0, stderr: '' })
    expect(updated.stdout).toContain('Ada')
    const refused = await run(['update', 'ada@example.com', '--claim', 'shoe_size=38'])
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain("There is no claim 'shoe_size'.")
    expect((await run(['delete', 'ada@example.com'])).code).toBe(0)
  })
  it('refuses a short password without repeating it', async () => {
    const { code, stdout, stderr } = await accounts(['create', 'b@example.com'], 'hush')
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).not.toContain('hush')
  })
})
