import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { configSchema } from './schema.ts'
import { toSettings } from './to-settings.ts'

const settings = (input: Record<string, unknown>) =>
  toSettings(
    configSchema.parse({ dsn: 'memory', secrets: { system: ['0123456789abcdef'] }, ...input }),
  )
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

describe('issuer', () => {
  it('is used byte for byte, and the public URL loses the slash', () => {
    const { issuer, publicUrl } = settings({ urls: { self: { issuer: 'https://h/x/' } } })
    expect([issuer, publicUrl]).toEqual(['https://h/x/', 'https://h/x'])
  })
  it('is made from the public listener when unset', () => {
    expect(settings({}).issuer).toBe('https://0.0.0.0:4444/')
    expect(settings({ dev: true, serve: { public: { host: '::1', port: 80 } } }).issuer).toBe(
      'http://[::1]:80',
    )
  })
  it('gives way to urls.self.public as the base of endpoints', () => {
    const self = { issuer: 'https://i', public: 'https://p/base/' }
    expect(settings({ urls: { self } }).publicUrl).toBe('https://p/base')
  })
})

describe('urls', () => {
  const urls = (value: object) =>
    settings({ urls: { self: { issuer: 'https://h/x' }, ...value } }).urls
  it.each([
    ['http://h/#/login', 'http://h/#/login'],
    ['http://h', 'http://h/'],
    ['http://h?a=b', 'http://h/?a=b'],
    ['/login', 'https://h/login'],
    ['', undefined],
  ])('resolves %j', (given, expected) => {
    expect(urls({ login: given }).login).toBe(expected)
  })
  it('sends registrations to the login page when unset', () => {
    expect(urls({ login: 'https://l/' }).registration).toBe('https://l/')
    expect(urls({}).registration).toBeUndefined()
  })
})

describe('limits on lifespans', () => {
  const days180 = 180 * 86_400_000
  it('cuts remembered logins at 180 days', () => {
    expect(settings({ ttl: { authentication_session: '9999h' } }).ttl.authenticationSession).toBe(
      days180,
    )
  })
  it.each([
    ['1h', 0, 300_000],
    ['30s', 0, 30_000],
    ['1h', 2, 3_600_000],
    ['9999h', 2, days180],
  ])('turns a grace period of %s with %i reuses into %i ms', (period, count, expected) => {
    const refresh_token = { rotation_grace_period: period, rotation_grace_reuse_count: count }
    expect(settings({ oauth2: { grant: { refresh_token } } }).oauth2.rotationGracePeriod).toBe(
      expected,
    )
  })
})

describe('cookies', () => {
  const cookies = (dev: boolean, issuer: string, keys: object) =>
    settings({ dev, urls: { self: { issuer } }, serve: { cookies: keys } }).cookies
  it('get the suffix _dev in dev mode only', () => {
    expect(cookies(true, 'http://h', {}).names.session).toBe('ory_hydra_session_dev')
    expect(cookies(false, 'https://h', {}).names.session).toBe('ory_hydra_session')
  })
  it.each([
    [true, 'http://h', 'None', 'Lax'],
    [true, 'https://h', 'None', 'None'],
    [false, 'https://h', 'None', 'None'],
    [false, 'https://h', 'Strict', 'Strict'],
    [true, 'http://h', 'Strict', 'Strict'],
  ])('have the right SameSite (dev %s, %s, %s)', (dev, issuer, same_site_mode, expected) => {
    expect(cookies(dev, issuer, { same_site_mode }).sameSite).toBe(expected)
  })
  it('are always secure outside dev mode', () => {
    expect(cookies(false, 'https://h', { secure: false }).secure).toBe(true)
    expect(cookies(true, 'http://h', {}).secure).toBe(false)
    expect(cookies(true, 'http://h', { secure: true }).secure).toBe(true)
  })
})

describe('secrets', () => {
  const revealed = (keys: object) => {
    const { cookie, pagination } = settings({ secrets: keys }).secrets
    return [cookie, pagination].map((list) => list.map((secret) => secret.reveal()))
  }
  it('of cookies and pages fall back to all system secrets', () => {
    const system = ['new-secret-16-chars', 'old-secret-16-chars']
    expect(revealed({ system })).toEqual([system.map(sha256), system])
  })
  it('of cookies and pages are used when set', () => {
    const [cookie, pagination] = [['cookie-secret-16-ch'], ['pages-secret-16-cha']]
    expect(revealed({ system: ['new-secret-16-chars'], cookie, pagination })).toEqual([
      cookie,
      pagination,
    ])
  })
  it('never print', () => {
    expect(JSON.stringify(settings({}))).not.toContain('0123456789abcdef')
  })
})

describe('access to the admin API', () => {
  const access = (input: object) =>
    settings({ urls: { self: { issuer: 'https://h' } }, ...input }).admin.access
  const host = (name: string) => ({ serve: { admin: { host: name } } })
  it.each([
    ['is by token on all interfaces', {}, 'token'],
    ['is open in dev mode', { dev: true }, 'open'],
    ['is open on 127.0.0.1', host('127.0.0.1'), 'open'],
    ['is open on ::1', host('::1'), 'open'],
    ['is open on localhost', host('localhost'), 'open'],
    ['is open on a unix socket', host('unix:/run/x.sock'), 'open'],
    ['is by token on a name that looks like loopback', host('127.example.com'), 'token'],
    [
      'follows the public listener with one origin',
      { serve: { one_origin: true, admin: { host: '::1' } } },
      'token',
    ],
    ['is open when the operator says so', { admin: { access: 'open' } }, 'open'],
    ['is by token when the operator says so', { dev: true, admin: { access: 'token' } }, 'token'],
  ])('%s', (_, input, expected) => expect(access(input)).toBe(expected))
  it('takes hashes as they are and hashes plain tokens', () => {
    const plain = 'a-plain-token-of-at-least-32-chars'
    const hash = sha256('another').toUpperCase()
    expect(settings({ admin: { tokens: [plain, hash] } }).admin.tokenHashes).toEqual([
      sha256(plain),
      hash.toLowerCase(),
    ])
  })
})

describe('pairwise subjects', () => {
  const types = (access_token: string) =>
    settings({
      strategies: { access_token },
      oidc: {
        subject_identifiers: { supported_types: ['pairwise'], pairwise: { salt: 'x'.repeat(8) } },
      },
    }).subjectIdentifiers.supportedTypes
  it('are not offered beside JWT access tokens', () => {
    expect(types('jwt')).toEqual(['public'])
    expect(types('opaque')).toEqual(['pairwise'])
  })
})
