/** The small web server that receives the answer of the authorization endpoint. */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CliError } from './cli.ts'

/** The parameters of one answer, and the page that the browser gets for it. */
export interface Callback {
  readonly parameters: URLSearchParams
  answer(page: { readonly title: string; readonly text: string }): Promise<void>
}

/** A site of a client on this machine, waiting for authorization responses. */
export interface CallbackServer {
  /** `http://127.0.0.1:<port>`. */
  readonly origin: string
  /** Waits for an answer. `start` is called whenever the browser sets out, and gives the address to go to. */
  nextCallback(start: () => string): Promise<Callback>
  close(): Promise<void>
}

const longestBody = 65_536

/**
 * Listens on the loopback interface.
 * @throws CliError when the port is taken.
 */
export async function callbackServer(port: number): Promise<CallbackServer> {
  let start: (() => string) | undefined
  let deliver: ((callback: Callback) => void) | undefined
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : undefined)
    })
  })

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    if (url.pathname === '/') return reply(response, 200, welcome)
    if (url.pathname === '/perform-flow' && start !== undefined) {
      response.writeHead(302, { location: start(), 'cache-control': 'no-store' }).end()
      return undefined
    }
    if (deliver === undefined || !isCallback(url, request)) return reply(response, 404, notFound)
    const body = request.method === 'POST' ? await readBody(request) : undefined
    const parameters = body === undefined ? url.searchParams : new URLSearchParams(body)
    const deliverOnce = deliver
    deliver = undefined
    deliverOnce({
      parameters,
      answer: ({ title, text }) => reply(response, 200, page(title, `<p>${escaped(text)}</p>`)),
    })
    return undefined
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason = error.code === 'EADDRINUSE' ? 'it is in use' : error.message
      reject(
        new CliError(`Could not listen on port ${port}: ${reason}. Try --port.`, { cause: error }),
      )
    })
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    nextCallback(begin) {
      start = begin
      return new Promise((resolve) => {
        deliver = resolve
      })
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Any path will do: `--redirect` may name another one. Browsers also ask for icons. */
function isCallback(url: URL, request: IncomingMessage): boolean {
  return request.method === 'POST' || url.searchParams.has('code') || url.searchParams.has('error')
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request) {
    chunks.push(chunk as Buffer)
    length += (chunk as Buffer).length
    if (length > longestBody) throw new CliError('The answer of the server is too long.')
  }
  return Buffer.concat(chunks).toString('utf8')
}

function reply(response: ServerResponse, status: number, html: string): Promise<void> {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
    connection: 'close',
  })
  return new Promise((resolve) => {
    response.end(html, resolve)
  })
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;margin:15vh auto;max-width:32rem;padding:0 1rem}</style>
<main><h1>${escaped(title)}</h1>${body}</main></html>
`
}

const welcome = page(
  'Authorization code flow',
  '<p>Sign in at the server and return here.</p><p><a href="/perform-flow">Authorize application</a></p>',
)

const notFound = page('Nothing here', '<p><a href="/">Start again</a></p>')

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
