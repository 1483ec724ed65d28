import { generateKeyPairSync } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCli } from './support/cli.ts'

/** A server that notes what it is asked and answers with keys: these tests are about what the commands send and print. */
describe('firebrand create, get, import and delete jwk', () => {
  const asked: { method: string | undefined; url: string | undefined; body: string }[] = []
  let server: Server
  let endpoint = ''
  const key = {
    kty: 'EC',
    kid: 'k1',
    alg: 'ES256',
    use: 'sig',
    crv: 'P-256',
    x: 'x',
    y: 'y',
    d: 'private',
  }

  beforeAll(async () => {
    server = createServer((request, response) => {
      let body = ''
      request.setEncoding('utf8').on('data', (more: string) => {
        body += more
      })
      request.once('end', () => {
        asked.push({ method: request.method, url: request.url, body })
        if (request.method === 'DELETE')
          return response.writeHead(request.url?.endsWith('/no') ? 404 : 204).end()
        return response.end(request.method === 'PUT' ? body : JSON.stringify({ keys: [key] }))
      })
    })
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve)
    })
    endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => server.close())

  const run = (args: readonly string[], stdin?: string) =>
    runCli([...args, '-e', endpoint], stdin === undefined ? {} : { stdin })
  const last = () => asked.at(-1)

  it('generates a key and prints its columns', async () => {
    const { stdout } = await run(['create', 'jwk', 'a set', 'k1', '--alg', 'ES256'])
    expect(last()).toMatchObject({ method: 'POST', url: '/admin/keys/a%20set' })
    expect(JSON.parse(last()?.body ?? '')).toEqual({ alg: 'ES256', use: 'sig', kid: 'k1' })
    expect(stdout).toBe('SET ID\tKEY ID\tALGORITHM\tUSE\na set\tk1\tES256\t\tsig\n')
  })
  it('prints the set with private keys, or only what is public', async () => {
    const all = await run(['get', 'jwks', 's', '--format', 'json'])
    expect(JSON.parse(all.stdout)).toEqual({ set: 's', keys: [key] })
    const ofPublic = await run(['get', 'jwk', 's', '--public', '--format', 'json'])
    expect(ofPublic.stdout).not.toContain('private')
  })
  it('imports PEM with the algorithm that is given', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const pem = privateKey.export({ format: 'pem', type: 'pkcs8' })
    const missing = await run(['import', 'jwk', 's'], pem)
    expect(missing).toMatchObject({ code: 1, stdout: '' })
    const imported = await run(['import', 'jwk', 's', '--alg', 'ES256', '-q'], pem)
    expect(last()?.url).toBe(`/admin/keys/s/${imported.stdout.trim()}`)
    expect(JSON.parse(last()?.body ?? '')).toMatchObject({
      kty: 'EC',
      crv: 'P-256',
      alg: 'ES256',
      use: 'sig',
    })
  })
  it('imports each key of a set under its own id', async () => {
    const before = asked.length
    const result = await run(
      ['import', 'jwk', 's', '-'],
      JSON.stringify({ keys: [key, { ...key, kid: 'k2' }] }),
    )
    expect(result.code).toBe(0)
    expect(asked.slice(before).map(({ url }) => url)).toEqual([
      '/admin/keys/s/k1',
      '/admin/keys/s/k2',
    ])
  })
  it.each(['{}', '[]', 'nonsense', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----'])(
    'refuses %j',
    async (text) => {
      const { code, stderr } = await run(['import', 'jwk', 's', '--alg', 'ES256'], text)
      expect(code).toBe(1)
      expect(stderr).not.toContain('    at ')
    },
  )
  it('stops at the first set that cannot be deleted', async () => {
    const before = asked.length
    expect((await run(['delete', 'jwk', 'no', 'other'])).code).toBe(1)
    expect(asked).toHaveLength(before + 1)
    expect((await run(['delete', 'jwks', 'yes', '-q'])).stdout).toBe('yes\n')
  })
})
