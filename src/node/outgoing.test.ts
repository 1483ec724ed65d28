import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { milliseconds } from '../brand.ts'
import type { OutgoingRequest } from '../context.ts'
import { createOutgoing, type OutgoingOptions } from './outgoing.ts'

const closing: (() => void)[] = []
afterEach(() => closing.splice(0).forEach((close) => close()))

async function serve(
  handler: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<number> {
  const server = createServer(handler)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

function get(url: string, more: Partial<OutgoingRequest> = {}): OutgoingRequest {
  return {
    url,
    method: 'GET',
    headers: {},
    body: undefined,
    maxBytes: 1000,
    timeout: milliseconds(5000),
    ...more,
  }
}

function outgoing(
  rules: Partial<OutgoingOptions['rules']> = {},
  names: Record<string, string[]> = {},
) {
  return createOutgoing({
    rules: { disallowPrivateIpRanges: false, privateIpExceptionUrls: [], ...rules },
    resolve: async (name) => {
      const addresses = names[name]
      if (addresses === undefined) throw new Error('ENOTFOUND')
      return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
    },
  })
}

const unreachable = { ok: false, error: 'the host cannot be reached' }
const strict = { disallowPrivateIpRanges: true }

describe('createOutgoing', () => {
  it('sends a request and reads the response, whatever its status', async () => {
    const port = await serve((request, response) => {
      let body = ''
      request.on('data', (chunk) => (body += chunk))
      request.on('end', () => {
        response.writeHead(418, { 'x-seen': [request.method, request.headers['x-a']].join(' ') })
        response.end(`got ${body}`)
      })
    })
    const result = await outgoing().fetch(
      get(`http://127.0.0.1:${port}/`, { method: 'POST', body: 'text', headers: { 'x-a': 'b' } }),
    )
    expect(result).toMatchObject({
      ok: true,
      value: { status: 418, text: 'got text', headers: { 'x-seen': 'POST b' } },
    })
  })

  it('refuses private addresses only when it must', async () => {
    const port = await serve((_, response) => response.end('inside'))
    const url = `http://app.example:${port}/`
    const names = { 'app.example': ['127.0.0.1'] }
    expect((await outgoing({}, names).fetch(get(url))).ok).toBe(true)
    expect(await outgoing(strict, names).fetch(get(url))).toEqual(unreachable)
  })

  it('refuses addresses in every spelling', async () => {
    const port = await serve((_, response) => response.end('inside'))
    for (const host of ['127.0.0.1', '2130706433', '0x7f.1', '127.1', '[::1]', '[::ffff:7f00:1]'])
      expect(await outgoing(strict).fetch(get(`http://${host}:${port}/`))).toEqual(unreachable)
  })

  it('never reaches the metadata service of a cloud, unless an operator says so', async () => {
    const url = 'http://169.254.169.254/latest/meta-data'
    expect(await outgoing().fetch(get(url))).toEqual(unreachable)
    expect(await outgoing().mayConnect(url)).toBe(false)
    const excepted = outgoing({ privateIpExceptionUrls: ['http://169.254.169.254/**'] })
    expect(await excepted.mayConnect(url)).toBe(true)
  })

  it('attack 10: judges the address that it connects to, when a name gives another one each time', async () => {
    const port = await serve((_, response) => response.end('inside'))
    let asked = 0
    const rebinding = createOutgoing({
      rules: { ...strict, privateIpExceptionUrls: [] },
      resolve: async () => {
        asked += 1
        return [{ address: asked === 1 ? '93.184.215.14' : '127.0.0.1', family: 4 }]
      },
    })
    const url = `http://rebind.example:${port}/`
    expect(await rebinding.mayConnect(url)).toBe(true)
    expect(await rebinding.fetch(get(url))).toEqual(unreachable)
  })

  it('does not lend the connection of an exception to another URL of the host', async () => {
    const port = await serve((_, response) => response.end('inside'))
    const names = { 'app.example': ['127.0.0.1'] }
    const base = `http://app.example:${port}`
    const rules = { ...strict, privateIpExceptionUrls: [`${base}/open/**`] }
    const way = outgoing(rules, names)
    expect((await way.fetch(get(`${base}/open/x`))).ok).toBe(true)
    expect(await way.fetch(get(`${base}/closed`))).toEqual(unreachable)
  })

  it('attack 10: follows redirects of a GET under the same rules', async () => {
    const port = await serve((request, response) => {
      const target = new URL(request.url ?? '', 'http://x').searchParams.get('to')
      if (target === null) response.end(`auth ${request.headers.authorization}`)
      else response.writeHead(302, { location: target }).end()
    })
    const names = { 'app.example': ['127.0.0.1'] }
    const base = `http://127.0.0.1:${port}`
    const headers = { authorization: 'Bearer x' }
    const way = outgoing({}, names)
    const to = (target: string) => get(`${base}/?to=${encodeURIComponent(target)}`, { headers })
    expect(await way.fetch(to('/same'))).toMatchObject({ value: { text: 'auth Bearer x' } })
    const elsewhere = to(`http://app.example:${port}/`)
    expect(await way.fetch(elsewhere)).toMatchObject({ value: { text: 'auth undefined' } })
    expect(await way.fetch(to('http://169.254.169.254/'))).toEqual(unreachable)
    expect((await way.fetch(to('file:///etc/passwd'))).ok).toBe(false)
    expect(await way.fetch({ ...to('/same'), method: 'POST' })).toMatchObject({
      value: { status: 302 },
    })
  })

  it('attack 10: gives up on endless redirects', async () => {
    const port = await serve((_, response) => response.writeHead(302, { location: '/' }).end())
    expect((await outgoing().fetch(get(`http://127.0.0.1:${port}/`))).ok).toBe(false)
  })

  it('attack 10: cuts off long responses', async () => {
    const port = await serve((_, response) => {
      const pump = () => {
        while (response.write('x'.repeat(10_000)));
      }
      response.on('drain', pump)
      pump()
    })
    const result = await outgoing().fetch(get(`http://127.0.0.1:${port}/`))
    expect(result).toEqual({ ok: false, error: 'the response is too long' })
  })

  it('attack 10: gives up in time on hosts that do not answer, or do not stop', async () => {
    const silent = await serve(() => {})
    const endless = await serve((_, response) => {
      const timer = setInterval(() => response.write('x'), 20)
      response.on('close', () => clearInterval(timer))
    })
    for (const port of [silent, endless]) {
      const request = get(`http://127.0.0.1:${port}/`, { timeout: milliseconds(200) })
      expect(await outgoing().fetch(request)).toEqual({ ok: false, error: 'it took too long' })
    }
  })

  it('does not tell a refused address from an unknown name or a closed port', async () => {
    const port = await serve(() => {})
    closing.splice(0).forEach((close) => close())
    const way = outgoing({}, { 'meta.example': ['169.254.169.254'] })
    for (const url of [
      'http://meta.example/',
      'http://unknown.example/',
      `http://127.0.0.1:${port}/`,
    ])
      expect(await way.fetch(get(url))).toEqual(unreachable)
  })

  it('takes http and https URLs only', async () => {
    for (const url of ['ftp://127.0.0.1/', 'file:///etc/passwd', 'not a url', 'data:,x']) {
      expect((await outgoing().fetch(get(url))).ok).toBe(false)
      expect(await outgoing().mayConnect(url)).toBe(false)
    }
  })

  it('may connect to a name only if all its addresses are allowed', async () => {
    const way = outgoing(strict, {
      'public.example': ['93.184.215.14'],
      'mixed.example': ['93.184.215.14', '10.0.0.1'],
    })
    expect(await way.mayConnect('https://public.example/')).toBe(true)
    expect(await way.mayConnect('https://mixed.example/')).toBe(false)
    expect(await way.mayConnect('https://unknown.example/')).toBe(false)
  })
})
