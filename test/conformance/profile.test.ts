/** The server that `npm run conformance-server` starts: a process, TLS, and a login of each client of the profile. */

import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { fileURLToPath } from 'node:url'
import * as oidc from 'openid-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { certificates } from '../support/certificates.ts'
import { freePorts } from '../support/free-port.ts'
import { expectArrival } from './checks/authorization.ts'
import { checkMetadata } from './checks/metadata.ts'
import { standardClaims } from './checks/claims.ts'
import { answerPages } from './end-user.ts'
import { UserAgent } from './user-agent.ts'

const program = fileURLToPath(new URL('../../conformance/server.ts', import.meta.url))
const clientsFile = new URL('../../conformance/clients.json', import.meta.url)

/** What the suite is told. */
interface Configuration {
  readonly server: { readonly discoveryUrl: string }
  readonly client: Credentials
  readonly client2: Credentials
  readonly client_secret_post: Credentials
  readonly browser: readonly {
    readonly tasks: readonly { readonly task: string; readonly commands: readonly string[][] }[]
  }[]
}

interface Credentials {
  readonly client_id: string
  readonly client_secret: string
}

describe('npm run conformance-server', () => {
  let state: string
  let issuer: string
  let child: ChildProcess
  let output = ''
  beforeAll(async () => {
    setDefaultCACertificates([...getCACertificates('default'), certificates.first.cert])
    state = await mkdtemp(join(tmpdir(), 'firebrand-conformance-'))
    await writeFile(join(state, 'cert.pem'), certificates.first.cert)
    await writeFile(join(state, 'key.pem'), certificates.first.key)
    const [publicPort, adminPort] = await freePorts(2)
    issuer = `https://127.0.0.1:${publicPort}`
    const { PATH = '' } = process.env
    child = spawn(process.execPath, [program, state], {
      env: {
        PATH,
        URLS_SELF_ISSUER: issuer,
        SERVE_PUBLIC_HOST: '127.0.0.1',
        SERVE_PUBLIC_PORT: String(publicPort),
        SERVE_ADMIN_PORT: String(adminPort),
      },
    })
    await new Promise<void>((resolve, reject) => {
      for (const stream of [child.stdout, child.stderr])
        stream?.setEncoding('utf8').on('data', (text: string) => {
          output += text
          if (output.includes('Ready for the suite')) resolve()
        })
      child.once('close', (code) => reject(new Error(`It ended with ${code}: ${output}`)))
    })
  })
  afterAll(async () => {
    const ended = new Promise((resolve) => {
      child.once('close', resolve)
    })
    child.kill('SIGTERM')
    await ended
    await rm(state, { recursive: true, force: true })
  })

  async function configuration(name: string): Promise<Configuration> {
    const text = await readFile(join(state, 'suite', name), 'utf8')
    return JSON.parse(text) as Configuration
  }

  /** What the suite's browser would type into a field. */
  function typed({ browser }: Configuration, field: string): string {
    const commands = browser.flatMap(({ tasks }) => tasks.flatMap((task) => task.commands))
    return commands.find(([kind, , id]) => kind === 'text' && id === field)?.[3] ?? ''
  }

  it('publishes metadata and keys over TLS that pass the shared checks', async () => {
    await checkMetadata({ issuer, fetch: (url, init) => fetch(url, init) })
    const { server } = await configuration('oidcc.json')
    expect((await fetch(server.discoveryUrl)).status).toBe(200)
  })

  it('logs in with each client that the configurations of the suite name', async () => {
    const names = ['oidcc.json', 'front-channel.json', 'back-channel.json']
    const [first, front, back] = await Promise.all(names.map(configuration))
    if (first === undefined || front === undefined || back === undefined) throw new Error('none')
    const account = { email: typed(first, 'email'), password: typed(first, 'password') }
    const post = first.client_secret_post
    const all = [first.client, first.client2, post, front.client, back.client]
    const registered = JSON.parse(await readFile(clientsFile, 'utf8')) as readonly Registered[]
    expect(all.map(({ client_id }) => client_id)).toEqual(
      registered.map(({ client_id }) => client_id),
    )
    for (const { client_id: id, redirect_uris: addresses } of registered) {
      const credentials = all.find(({ client_id }) => client_id === id)
      for (const redirectUri of addresses)
        await logIn({
          id,
          authentication: (credentials === post ? oidc.ClientSecretPost : oidc.ClientSecretBasic)(
            credentials?.client_secret ?? '',
          ),
          redirectUri,
          account,
        })
    }
  })

  interface Registered {
    readonly client_id: string
    readonly redirect_uris: readonly string[]
  }

  interface Attempt {
    readonly id: string
    readonly authentication: oidc.ClientAuth
    readonly redirectUri: string
    readonly account: { readonly email: string; readonly password: string }
  }

  /** The code flow with every scope, by `openid-client` and the pages. */
  async function logIn({ id, authentication, redirectUri, account }: Attempt): Promise<void> {
    const config = await oidc.discovery(new URL(issuer), id, {}, authentication)
    const state = oidc.randomState()
    const url = oidc.buildAuthorizationUrl(config, {
      redirect_uri: redirectUri,
      scope: 'openid profile email address phone',
      state,
    })
    const agent = new UserAgent(issuer, (request) => fetch(request))
    const { url: callback } = expectArrival(
      await answerPages(agent, await agent.open(url), account),
    )
    expect(callback.href).toMatch(redirectUri)
    const tokens = await oidc.authorizationCodeGrant(config, callback, { expectedState: state })
    const sub = tokens.claims()?.sub ?? ''
    const userInfo = await oidc.fetchUserInfo(config, tokens.access_token, sub)
    expect(Object.keys(userInfo)).toEqual(expect.arrayContaining([...standardClaims]))
  }
})
