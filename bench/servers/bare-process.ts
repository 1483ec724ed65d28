/**
 * The upper limit: `node:http` that parses the same form, looks the client up in a map and answers JSON of the
 * same size, with no OAuth at all. Every share "of bare" in the report is a share of this.
 *
 * Prints its port as JSON on the first line of its standard output.
 */
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { clientsPerPage } from '../case.ts'

/** The lengths of what the real servers answer, in characters. */
const sizes = {
  opaque: 150,
  jwtClaims: 420,
  signature: { ES256: 86, RS256: 342 },
  refreshToken: 130,
  idToken: 520,
  challenge: 600,
  redirectUris: 290,
}

const text = (length: number): string => randomBytes(length).toString('base64url').slice(0, length)
const opaque = text(sizes.opaque)
const jwts = new Set<string>()

function jwt(alg: keyof typeof sizes.signature): string {
  const header = Buffer.from(JSON.stringify({ alg })).toString('base64url')
  const token = `${header}.${text(sizes.jwtClaims)}.${text(sizes.signature[alg])}`
  jwts.add(token)
  return token
}

interface Client {
  readonly secret: string
  /** What it gets as an access token; an opaque one has a number behind it. */
  readonly jwt: string | undefined
}

const secret = 'bench-secret-0123456789-abcdefghijkl'
const clients = new Map<string, Client>([
  ['bench', { secret, jwt: undefined }],
  ['bench-es256', { secret, jwt: jwt('ES256') }],
  ['bench-rs256', { secret, jwt: jwt('RS256') }],
])
const refreshToken = text(sizes.refreshToken)
const idToken = text(sizes.idToken)
const challenge = text(sizes.challenge)
const cookie = `csrf=${text(90)}; Path=/; Max-Age=1800; HttpOnly; SameSite=Lax`
const issuer = 'https://bare.example/'
const discovery = JSON.stringify({ issuer, filler: text(2500) })
/** Metadata as long as that of a client which a real server lists. */
const listed = Array.from({ length: 2 * clientsPerPage }, (_, index) => ({
  client_id: `client-${index}`,
  client_name: `Client ${index}`,
  redirect_uris: [text(sizes.redirectUris)],
  grant_types: ['client_credentials'],
  response_types: ['code'],
  scope: 'openid offline_access',
  audience: [],
  owner: '',
  metadata: {},
  created_at: new Date().toISOString(),
  updated_at: new Date().toISOString(),
}))
const revoked = new Set<string>()
let [issued, refreshes] = [0, 0]

/** Every number has as many digits, so that all answers have one length. */
function newOpaque(): string {
  issued += 1
  return `${opaque}${1_000_000_000 + issued}`
}

function isLive(token: string): boolean {
  return (token.startsWith(opaque) || jwts.has(token)) && !revoked.has(token)
}

function sendJson(response: ServerResponse, body: string): void {
  response.writeHead(200, {
    'Content-Type': 'application/json;charset=UTF-8',
    'Cache-Control': 'no-store',
    'Content-Length': Buffer.byteLength(body),
  })
  response.end(body)
}

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(302, { Location: location, 'Set-Cookie': cookie, 'Content-Length': 0 })
  response.end()
}

function findClient(request: IncomingMessage): Client | undefined {
  const encoded = (request.headers.authorization ?? '').slice('Basic '.length)
  const [id = '', secret] = Buffer.from(encoded, 'base64').toString().split(':')
  const client = clients.get(decodeURIComponent(id))
  return client?.secret === secret ? client : undefined
}

function answerForm(request: IncomingMessage, response: ServerResponse, body: string): void {
  const form = new URLSearchParams(body)
  const client = findClient(request)
  if (client === undefined) {
    response.writeHead(401, { 'Content-Length': 0 }).end()
  } else if (request.url === '/revoke') {
    revoked.add(form.get('token') ?? '')
    response.writeHead(200, { 'Content-Length': 0 }).end()
  } else if (request.url === '/introspect') {
    if (!isLive(form.get('token') ?? '')) {
      sendJson(response, JSON.stringify({ active: false }))
      return
    }
    const active = true
    const seconds = Math.floor(Date.now() / 1000)
    const times = { exp: seconds + 3600, iat: seconds, nbf: seconds }
    const names = { client_id: 'bench', sub: 'user-1', aud: [], iss: issuer }
    const kinds = { token_type: 'Bearer', token_use: 'access_token' }
    sendJson(
      response,
      JSON.stringify({ active, scope: 'openid offline_access', ...names, ...times, ...kinds }),
    )
  } else if (form.get('grant_type') === 'client_credentials') {
    const access_token = client.jwt ?? newOpaque()
    sendJson(
      response,
      JSON.stringify({ access_token, expires_in: 3599, scope: '', token_type: 'bearer' }),
    )
  } else {
    refreshes += 1
    sendJson(
      response,
      JSON.stringify({
        access_token: newOpaque(),
        expires_in: 3599,
        id_token: idToken,
        refresh_token: `${refreshToken}${refreshes}`,
        scope: 'openid offline_access',
        token_type: 'bearer',
      }),
    )
  }
}

function answerGet(request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1')
  if (url.pathname === '/.well-known/openid-configuration') sendJson(response, discovery)
  else if (url.pathname === '/userinfo') {
    const token = (request.headers.authorization ?? '').slice('Bearer '.length)
    if (isLive(token)) sendJson(response, JSON.stringify({ sub: 'user-1', iss: issuer }))
    else response.writeHead(401, { 'Content-Length': 0 }).end()
  } else if (url.pathname === '/clients') {
    const start = Number(url.searchParams.get('after'))
    const page = listed.slice(start, start + Number(url.searchParams.get('page_size')))
    sendJson(response, JSON.stringify(page))
  } else if (!url.searchParams.has('verifier')) redirect(response, `/login?challenge=${challenge}`)
  else if (url.searchParams.get('kind') === 'login') {
    redirect(response, `/consent?challenge=${challenge}`)
  } else redirect(response, `https://rp.example/callback?code=${refreshToken}&state=bench`)
}

const server = createServer((request, response) => {
  if (request.method === 'GET') {
    answerGet(request, response)
    return
  }
  let body = ''
  request.setEncoding('utf8')
  request.on('data', (chunk: string) => {
    body += chunk
  })
  request.on('end', () => {
    if (request.method === 'POST') {
      answerForm(request, response, body)
      return
    }
    JSON.parse(body)
    const kind = request.url?.endsWith('login') === true ? 'login' : 'consent'
    sendJson(response, JSON.stringify({ redirect_to: `/auth?kind=${kind}&verifier=${challenge}` }))
  })
})

server.listen(0, '127.0.0.1', () => {
  console.log(JSON.stringify({ port: (server.address() as AddressInfo).port }))
})
