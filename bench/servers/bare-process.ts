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

const clients = new Map([
  ['bench', { secret: 'bench-secret-0123456789-abcdefghijkl', jwt: false }],
  ['bench-jwt', { secret: 'bench-secret-0123456789-abcdefghijkl', jwt: true }],
])

/** The lengths of what the real servers answer. */
const sizes = { opaque: 160, jwt: 420, refreshToken: 130, idToken: 520, challenge: 600 }

const text = (length: number): string => randomBytes(length).toString('base64url').slice(0, length)
const opaque = text(sizes.opaque)
const jwtHeader = Buffer.from('{"alg":"ES256"}').toString('base64url')
const jwt = `${jwtHeader}.${text(sizes.jwt)}.${text(86)}`
const refreshToken = text(sizes.refreshToken)
const idToken = text(sizes.idToken)
const challenge = text(sizes.challenge)
const cookie = `csrf=${text(90)}; Path=/; Max-Age=1800; HttpOnly; SameSite=Lax`
const discovery = JSON.stringify({ issuer: 'https://bare.example', filler: text(2500) })
let refreshes = 0

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

function findClient(request: IncomingMessage): { secret: string; jwt: boolean } | undefined {
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
  } else if (request.url === '/introspect') {
    const active = form.get('token') === opaque
    const seconds = Math.floor(Date.now() / 1000)
    const times = { exp: seconds + 3600, iat: seconds, nbf: seconds }
    const names = { client_id: 'bench', sub: 'user-1', aud: [], iss: 'https://bare.example/' }
    const kinds = { token_type: 'Bearer', token_use: 'access_token' }
    sendJson(
      response,
      JSON.stringify({ active, scope: 'openid offline_access', ...names, ...times, ...kinds }),
    )
  } else if (form.get('grant_type') === 'client_credentials') {
    const access_token = client.jwt ? jwt : opaque
    sendJson(
      response,
      JSON.stringify({ access_token, expires_in: 3599, scope: '', token_type: 'bearer' }),
    )
  } else {
    refreshes += 1
    sendJson(
      response,
      JSON.stringify({
        access_token: opaque,
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
  else if (!url.searchParams.has('verifier')) redirect(response, `/login?challenge=${challenge}`)
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
