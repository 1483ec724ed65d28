/** The server under test, as the plans see it: issuer, account, clock, and a website of the client that it can fetch from. */

import { argon2Sync, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import * as oauth from 'oauth4webapi'
import { createOutgoing } from '../../src/node/outgoing.ts'
import { changeProfile, createAccount } from '../../src/accounts/accounts.ts'
import type { Account } from '../../src/storage/storage.ts'
import { person as account } from '../../conformance/suite.ts'
import { certificates } from '../support/certificates.ts'
import type { Engine } from '../support/engines.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { UserAgent } from './user-agent.ts'

/** Public and private half of a signing key of the client. */
export interface ClientKey {
  readonly publicJwk: JWK
  readonly privateKey: CryptoKey
  readonly kid: string
}

/** A request that the client's website got from the server. */
export interface Received {
  readonly method: string
  readonly path: string
  readonly contentType: string
  readonly body: string
}

/** A website of the client, over TLS, that serves what a test puts there and remembers what it is sent. */
export interface ClientSite {
  readonly origin: string
  /** Serves a document below a path; the address is returned. */
  put(path: string, contentType: string, body: string): string
  readonly received: Received[]
}

/** A server under test. */
export interface Provider {
  readonly issuer: string
  readonly server: TestServer
  readonly site: ClientSite
  readonly account: { readonly email: string; readonly password: string }
  /** Keys of the client, made once. */
  readonly keys: {
    readonly first: ClientKey
    readonly second: ClientKey
    readonly foreign: ClientKey
  }
  /** Clients of the static mode by what they are for. */
  readonly staticClients: Map<string, unknown>
  /** Metadata, read once. */
  metadata(): Promise<oauth.AuthorizationServer>
  /** For every library of the client. */
  readonly fetch: (url: string, init?: object) => Promise<Response>
  newUserAgent(): UserAgent
  /** Seconds between the clock of the server and that of this process. */
  clockSkew(): number
  /** Something to do when it closes. */
  onClose(end: () => Promise<void>): void
  close(): Promise<void>
}

const issuer = 'https://op.example'

/** Address of the client that browsers come back to; it is never fetched. */
export const clientOrigin = 'https://rp.example'

/** Every standard claim that an account can have beside its name and email (OpenID Connect Core §5.1). */
const claimsFile = new URL('../../conformance/account.json', import.meta.url)

/** Starts a server of the profile of the plans. */
export async function startProvider(engine: Engine): Promise<Provider> {
  const site = await startClientSite()
  const rules = {
    disallowPrivateIpRanges: true,
    privateIpExceptionUrls: [`${site.origin}/**`],
  }
  const server = await startServer(engine.name === 'sqlite' ? 'memory' : engine, {
    config: providerConfig(site.origin),
    options: { outgoing: createOutgoing({ rules }) },
  })
  const handle = (request: Request) => server.firebrand.public(request)
  const fetch: Provider['fetch'] = (url, init) => handle(new Request(url, init))
  const created = await createAccount(server.firebrand.services, account)
  if (!created.ok) throw new Error(created.error.message)
  await makeSignInCheap(server, created.value)
  const changed = await changeProfile(server.firebrand.services, account.email, {
    name: undefined,
    claims: JSON.parse(await readFile(claimsFile, 'utf8')),
    removed: [],
  })
  if (!changed.ok) throw new Error(changed.error.message)
  const [first, second, foreign] = await clientKeys()
  const closing: (() => Promise<void>)[] = []
  let metadata: Promise<oauth.AuthorizationServer> | undefined
  return {
    issuer,
    server,
    site: site.site,
    account,
    keys: { first, second, foreign },
    staticClients: new Map(),
    metadata() {
      metadata ??= discover(fetch)
      return metadata
    },
    fetch,
    newUserAgent: () => new UserAgent(issuer, handle),
    clockSkew: () => Math.round((server.clock() - Date.now()) / 1000),
    onClose(end) {
      closing.push(end)
    },
    async close() {
      await Promise.all(closing.map((end) => end()))
      await server.close()
      await site.close()
    },
  }
}

async function discover(fetch: Provider['fetch']): Promise<oauth.AuthorizationServer> {
  const response = await oauth.discoveryRequest(new URL(issuer), { [oauth.customFetch]: fetch })
  return oauth.processDiscoveryResponse(new URL(issuer), response)
}

function providerConfig(siteOrigin: string) {
  const scope = ['openid', 'offline_access', 'profile', 'email', 'address', 'phone']
  return {
    dev: false,
    urls: { self: { issuer } },
    account: { enabled: true },
    admin: { access: 'open' },
    clients: {
      http: {
        disallow_private_ip_ranges: true,
        private_ip_exception_urls: [`${siteOrigin}/**`],
      },
    },
    oidc: {
      subject_identifiers: {
        supported_types: ['public', 'pairwise'],
        pairwise: { salt: 'the salt of the tests' },
      },
      session_management: { enabled: true },
      dynamic_client_registration: { enabled: true, default_scope: scope },
    },
    webfinger: {
      oidc_discovery: {
        client_registration_url: `${issuer}/oauth2/register`,
        supported_scope: scope,
      },
    },
  }
}

let keysOfAll: Promise<[ClientKey, ClientKey, ClientKey]> | undefined

/** RSA keys take time: they are made once for all tests of a file. */
function clientKeys(): Promise<[ClientKey, ClientKey, ClientKey]> {
  keysOfAll ??= Promise.all([clientKey('first'), clientKey('second'), clientKey('foreign')])
  return keysOfAll
}

/**
 * Two thousand sign-ins would spend a minute on one password. The hash text gets parameters of least work behind those of
 * its kind, so that the server neither derives much nor renews it.
 */
async function makeSignInCheap(server: TestServer, { id, passwordHash: from }: Account) {
  const work = { memory: 8, passes: 1, parallelism: 1 }
  const nonce = randomBytes(16)
  const key = argon2Sync('argon2id', { ...work, message: account.password, nonce, tagLength: 32 })
  const kind = from.split('$').slice(0, 4)
  const [salt, tag] = [nonce, key].map((bytes) => bytes.toString('base64').replaceAll('=', ''))
  const to = [...kind, 'm=8,t=1,p=1', salt, tag].join('$')
  if (!(await server.storage.accounts.replacePasswordHash(id, { from, to })))
    throw new Error('The account changed.')
}

async function clientKey(kid: string): Promise<ClientKey> {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true })
  const publicJwk = { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' }
  return { publicJwk, privateKey, kid }
}

async function startClientSite(): Promise<{
  readonly site: ClientSite
  readonly origin: string
  close(): Promise<void>
}> {
  setDefaultCACertificates([...getCACertificates('default'), certificates.first.cert])
  const documents = new Map<string, { contentType: string; body: string }>()
  const received: Received[] = []
  const server = createServer(certificates.first, (request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk
    })
    request.on('end', () => {
      const { method = '', url: path = '' } = request
      const contentType = request.headers['content-type'] ?? ''
      received.push({ method, path, contentType, body })
      const document = documents.get(path)
      if (document === undefined) response.writeHead(404).end()
      else response.setHeader('content-type', document.contentType).end(document.body)
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
  const site: ClientSite = {
    origin,
    put(path, contentType, body) {
      documents.set(path, { contentType, body })
      return `${origin}${path}`
    },
    received,
  }
  return { site, origin, close: () => closed(server) }
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

/** Moves the clock of a provider. */
export function pass(provider: Provider, seconds: number): void {
  provider.server.clock.advance(seconds * 1000)
}
