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
import { checkMetadata } from './checks/metadata.ts'
import { standardClaims } from './checks/claims.ts'
import { UserAgent, type ServerPage, type Stop } from './user-agent.ts'

const program = fileURLToPath(new URL('../../conformance/server.ts', import.meta.url))
const clientsFile = new URL('../../conformance/clients.json', import.meta.url)

/** What the suite is told. */
interface Configuration {
  readonly server: { readonly discoveryUrl: string }
  readonly client: Credentials
  readonly client2: Credentials
  readonly client_secret_post: Credentials
  readonly browser: readonly { readonly tasks: readonly Task[] }[]
}

/** What the suite's browser does on pages whose address matches. */
interface Task {
  readonly match: string
  readonly commands: readonly (readonly string[])[]
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

  function taskFor({ browser }: Configuration, page: ServerPage): Task | undefined {
    const tasks = browser.flatMap((each) => each.tasks)
    // Globs of the suite: a star stands for anything.
    return tasks.find(({ match }) => page.url.href.startsWith(match.replace(/\*$/u, '')))
  }

  /** Runs the commands of a page as the suite's browser would: types, ticks, and presses the button. */
  function runCommands(agent: UserAgent, page: ServerPage, { commands }: Task): Promise<Stop> {
    const button = commands.at(-1)?.[2] ?? ''
    return agent.submit(page, button, (_form, fields) => {
      for (const [kind, by, what = '', more] of commands.slice(0, -1)) {
        const element = page.document.querySelector(by === 'id' ? `#${what}` : what)
        if (element === null && more === 'optional') continue
        const name = element?.getAttribute('name') ?? ''
        expect(`${what}: ${name}`).not.toBe(`${what}: `)
        if (kind === 'text') fields.set(name, more ?? '')
        else fields.append(name, element?.getAttribute('value') ?? '')
      }
    })
  }

  async function follow(
    agent: UserAgent,
    first: Stop,
    instructions: Configuration,
  ): Promise<readonly string[]> {
    const pages: string[] = []
    let stop = first
    while (stop.kind === 'page') {
      const task = taskFor(instructions, stop)
      if (task === undefined) throw new Error(`Nothing to do on ${stop.url.href}: ${stop.text}`)
      pages.push(stop.url.pathname)
      stop = await runCommands(agent, stop, task)
    }
    return [...pages, stop.url.href]
  }

  it('publishes metadata and keys over TLS that pass the shared checks', async () => {
    await checkMetadata({ issuer, fetch: (url, init) => fetch(url, init) })
    const { server } = await configuration('oidcc.json')
    expect((await fetch(server.discoveryUrl)).status).toBe(200)
  })

  it('logs in and out with each client that the configurations of the suite name', async () => {
    const names = ['oidcc.json', 'front-channel.json', 'back-channel.json']
    const [first, front, back] = await Promise.all(names.map(configuration))
    if (first === undefined || front === undefined || back === undefined) throw new Error('none')
    const post = first.client_secret_post
    const all = [first.client, first.client2, post, front.client, back.client]
    const registered = JSON.parse(await readFile(clientsFile, 'utf8')) as readonly Registered[]
    expect(all.map(({ client_id }) => client_id)).toEqual(
      registered.map(({ client_id }) => client_id),
    )
    for (const { client_id: id, redirect_uris: addresses } of registered) {
      const credentials = all.find(({ client_id }) => client_id === id)
      for (const [index, redirectUri] of addresses.entries())
        await logIn({
          isFirst: index === 0,
          id,
          authentication: (credentials === post ? oidc.ClientSecretPost : oidc.ClientSecretBasic)(
            credentials?.client_secret ?? '',
          ),
          redirectUri,
          instructions: first,
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
    readonly instructions: Configuration
    /** Later ones find the consent remembered. */
    readonly isFirst: boolean
  }

  /** The code flow with every scope, by `openid-client` and the pages. */
  async function logIn({
    id,
    authentication,
    redirectUri,
    instructions,
    isFirst,
  }: Attempt): Promise<void> {
    const config = await oidc.discovery(new URL(issuer), id, {}, authentication)
    const state = oidc.randomState()
    const url = oidc.buildAuthorizationUrl(config, {
      redirect_uri: redirectUri,
      scope: 'openid profile email address phone',
      state,
    })
    const agent = new UserAgent(issuer, (request) => fetch(request))
    const way = await follow(agent, await agent.open(url), instructions)
    const consent = isFirst ? ['/ui/consent'] : []
    expect(way.slice(0, -1)).toEqual(['/ui/login', ...consent])
    const callback = new URL(way.at(-1) ?? '')
    expect(callback.href.startsWith(redirectUri)).toBe(true)
    const tokens = await oidc.authorizationCodeGrant(config, callback, { expectedState: state })
    const sub = tokens.claims()?.sub ?? ''
    const { scope } = tokens
    expect(scope?.split(' ')).toEqual(['openid', 'profile', 'email', 'address', 'phone'])
    const userInfo = await oidc.fetchUserInfo(config, tokens.access_token, sub)
    expect(Object.keys(userInfo)).toEqual(expect.arrayContaining([...standardClaims]))
    const bye = redirectUri.replace(/callback$/u, 'post_logout_redirect')
    const leave = oidc.buildEndSessionUrl(config, {
      id_token_hint: tokens.id_token ?? '',
      post_logout_redirect_uri: bye,
      state,
    })
    const out = await agent.open(leave)
    expect(out.url.pathname).toBe('/ui/logout')
    // Front-channel logout ends on a page whose script goes on.
    if (id.endsWith('front-channel')) return
    expect((await follow(agent, out, instructions)).at(-1)).toBe(`${bye}?state=${state}`)
  }
})
