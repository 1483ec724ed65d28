import type { FetchHandler } from '../../src/http/handler.ts'
import { startServer, type ServerOverrides, type TestServer } from './server.ts'

/** Sends JSON and reads JSON. */
export interface ClientApi {
  readonly server: TestServer
  /** Sends a request to the admin API; objects travel as JSON. */
  callAdmin(method: string, path: string, body?: unknown): Promise<Answer>
  /** Sends a request to the public API, with a bearer token if one is given. */
  callPublic(method: string, path: string, body?: unknown, token?: string): Promise<Answer>
  /** Asks for a token with the grant of client credentials, by Basic authentication. */
  clientCredentials(clientId: string, secret: string): Promise<Answer>
  /** Asks whether an access token is active. */
  isActive(token: string): Promise<boolean>
  travel(milliseconds: number): void
  close(): Promise<void>
}

/** A response with its body read. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Parsed if it is JSON. */
  readonly body: any // oxlint-disable-line typescript/no-explicit-any -- assertions look into it
}

async function read(response: Response): Promise<Answer> {
  const text = await response.text()
  const { status, headers } = response
  const isJson = headers.get('content-type')?.startsWith('application/json') === true
  return { status, headers, text, body: isJson ? JSON.parse(text) : undefined }
}

interface Call {
  readonly method: string
  readonly path: string
  readonly body: unknown
  readonly authorization?: string | undefined
}

async function send(fetch: FetchHandler, call: Call): Promise<Answer> {
  const { method, path, body, authorization } = call
  const isRaw = typeof body === 'string' || body instanceof URLSearchParams
  const content = body === undefined || isRaw ? body : JSON.stringify(body)
  const request = new Request(`http://server${path}`, {
    method,
    headers: authorization === undefined ? {} : { authorization },
    ...(content === undefined ? {} : { body: content }),
  })
  return read(await fetch(request))
}

/** Starts a server whose issuer is `https://auth.example`. */
export async function startClientApi(
  dsn: string,
  { config, options }: ServerOverrides = {},
): Promise<ClientApi> {
  const server = await startServer(dsn, {
    config: { urls: { self: { issuer: 'https://auth.example' } }, ...config },
    ...(options === undefined ? {} : { options }),
  })
  const { firebrand } = server
  return {
    server,
    callAdmin: (method, path, body) => send(firebrand.admin, { method, path, body }),
    callPublic: (method, path, body, token) => {
      const authorization = token === undefined ? undefined : `Bearer ${token}`
      return send(firebrand.public, { method, path, body, authorization })
    },
    clientCredentials: (clientId, secret) => {
      const credentials = btoa([clientId, secret].map(encodeURIComponent).join(':'))
      return send(firebrand.public, {
        method: 'POST',
        path: '/oauth2/token',
        body: new URLSearchParams({ grant_type: 'client_credentials' }),
        authorization: `Basic ${credentials}`,
      })
    },
    async isActive(token) {
      const body = new URLSearchParams({ token })
      const path = '/admin/oauth2/introspect'
      return (await send(firebrand.admin, { method: 'POST', path, body })).body.active
    },
    travel: (span) => server.clock.advance(span),
    close: () => server.close(),
  }
}
