import { describe, expect, it } from 'vitest'
import { createAccount } from '../../src/accounts/accounts.ts'
import { checkCredentials } from '../../src/accounts/sign-in.ts'
import type { FetchHandler } from '../../src/http/handler.ts'
import { withClientAddress } from '../../src/node/client-address.ts'
import { listen } from '../../src/node/listen.ts'
import { startServer } from '../support/server.ts'

const trust = {
  networks: ['127.0.0.0/8', '::1/128'],
  unnamedPeers: false,
  header: 'x-forwarded-for',
} as const

const seen: FetchHandler = async (_request, peer) => new Response(peer?.address ?? 'none')

describe('the address of a client', () => {
  it('is what a trusted proxy reports, through a real socket', async () => {
    const listener = await listen(withClientAddress(seen, trust), { host: '127.0.0.1', port: 0 })
    try {
      const headers = { 'x-forwarded-for': '198.51.100.1, 2001:db8:1:2:3::4, 127.0.0.9' }
      const response = await fetch(listener.url, { headers })
      expect(await response.text()).toBe('2001:db8:1:2:3::4')
    } finally {
      await listener.close(0)
    }
  })

  it('RFC 9700 §4.13, attack 26: is the socket for everybody who is no trusted proxy, whatever the headers say', async () => {
    const networks = ['10.0.0.0/8']
    const listener = await listen(withClientAddress(seen, { ...trust, networks }), {
      host: '127.0.0.1',
      port: 0,
    })
    try {
      const headers = {
        'x-forwarded-for': '198.51.100.1',
        forwarded: 'for=198.51.100.1',
        'x-real-ip': '198.51.100.1',
      }
      expect(await (await fetch(listener.url, { headers })).text()).toBe('127.0.0.1')
    } finally {
      await listener.close(0)
    }
  })

  it('keeps the fast way of setting headers', async () => {
    const set: string[] = []
    const handler = withClientAddress(async (_request, peer) => {
      peer?.setHeader?.('x-a', 'b')
      return new Response(peer?.address)
    }, trust)
    const peer = { address: '127.0.0.1', setHeader: (name: string) => void set.push(name) }
    const headers = { 'x-forwarded-for': '198.51.100.1' }
    const response = await handler(new Request('http://127.0.0.1/', { headers }), peer)
    expect([await response.text(), set]).toEqual(['198.51.100.1', ['x-a']])
  })

  it('attack 26: counts attempts to sign in by /64, so that changing addresses gains nothing', async () => {
    const server = await startServer('memory')
    try {
      const { services } = server.firebrand
      await createAccount(services, { email: 'a@example.com', name: '', password: 'a good one' })
      const attempt = (address: string) =>
        checkCredentials(services, { email: 'a@example.com', password: 'wrong', address })
      for (let n = 1; n <= 10; n += 1) {
        expect(await attempt(`2001:db8:1:2::${n.toString(16)}`)).toMatchObject({
          error: { kind: 'wrong' },
        })
      }
      expect(await attempt('2001:db8:1:2:ffff::1')).toMatchObject({ error: { kind: 'throttled' } })
      expect(await attempt('2001:db8:1:3::1')).toMatchObject({ error: { kind: 'wrong' } })
    } finally {
      await server.close()
    }
  })
})
