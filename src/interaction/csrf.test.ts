import { describe, expect, it } from 'vitest'
import { asClientId, asFlowId, milliseconds, Secret } from '../brand.ts'
import { systemRandom } from '../node/random.ts'
import type { SameSite } from '../settings.ts'
import { createSealer } from '../tokens/aead-sealer.ts'
import { bindBrowser, checkBrowser, forgetFlow } from './csrf.ts'

const sealer = createSealer({
  system: [new Secret('a secret of the tests')],
  cookie: [],
  pagination: [],
  random: systemRandom,
})
const binding = {
  purpose: 'loginCsrf',
  clientId: asClientId('my-client'),
  flowId: asFlowId('f'.repeat(32)),
} as const

function servicesWith(sameSite: SameSite | undefined, sameSiteLegacyWorkaround: boolean) {
  const names = {
    loginCsrf: 'login',
    consentCsrf: 'consent',
    deviceCsrf: 'device',
    session: 'session',
  }
  const cookies = {
    sameSite,
    sameSiteLegacyWorkaround,
    domain: undefined,
    secure: true,
    names,
    sessionPath: '/',
  }
  return {
    sealer,
    random: systemRandom,
    settings: { cookies, ttl: { loginConsentRequest: milliseconds(1_800_000) } } as never,
  }
}

describe('HE3 checkBrowser', () => {
  const name = 'login_3709465940'
  const none = servicesWith('None', false)
  const workaround = servicesWith('None', true)
  const lax = servicesWith('Lax', true)
  const value = (csrf: string) => sealer.seal('csrf_cookie', csrf)
  const cases = [
    { it: 'fails without a cookie', services: none, cookies: {}, ok: false },
    { it: 'fails without a cookie, workaround on', services: workaround, cookies: {}, ok: false },
    {
      it: 'fails with a wrong value',
      services: none,
      cookies: { [name]: value('wrong') },
      ok: false,
    },
    {
      it: 'fails with a wrong value, workaround on',
      services: workaround,
      cookies: { [name]: value('wrong') },
      ok: false,
    },
    {
      it: 'fails with a value of another purpose',
      services: none,
      cookies: { [name]: sealer.seal('session_cookie', 'right') },
      ok: false,
    },
    {
      it: 'passes with the right value',
      services: none,
      cookies: { [name]: value('right') },
      ok: true,
    },
    {
      it: 'passes with the right value, workaround on',
      services: workaround,
      cookies: { [name]: value('right') },
      ok: true,
    },
    {
      it: 'fails with the legacy cookie alone, workaround off',
      services: none,
      cookies: { [`${name}_legacy`]: value('right') },
      ok: false,
    },
    {
      it: 'passes with the legacy cookie alone, workaround on',
      services: workaround,
      cookies: { [`${name}_legacy`]: value('right') },
      ok: true,
    },
    {
      it: 'fails with the legacy cookie alone in mode Lax',
      services: lax,
      cookies: { [`${name}_legacy`]: value('right') },
      ok: false,
    },
    {
      it: 'passes with the cookie named after the flow',
      services: none,
      cookies: { [`${name}_ffffffff`]: value('right') },
      ok: true,
    },
    {
      it: 'passes with both',
      services: workaround,
      cookies: { [name]: value('right'), [`${name}_legacy`]: value('right') },
      ok: true,
    },
  ]
  for (const c of cases) {
    it(c.it, () => {
      const error = checkBrowser(c.services, new Map(Object.entries(c.cookies)), binding, 'right')
      expect(error?.code).toBe(c.ok ? undefined : 'request_forbidden')
    })
  }
})

describe('HE4 bindBrowser', () => {
  it('sets the cookie of the client, and one of the flow for a browser that has none', () => {
    const { changes } = bindBrowser(servicesWith('Lax', false), new Map(), binding)
    expect(changes.map(({ name, maxAgeSeconds, path }) => [name, maxAgeSeconds, path])).toEqual([
      ['login_3709465940', 1800, '/'],
      ['login_3709465940_ffffffff', 1800, '/'],
    ])
  })

  it('adds twins without SameSite for the legacy workaround, in mode None only', () => {
    const twins = bindBrowser(servicesWith('None', true), new Map(), binding).changes.filter(
      (each) => each.withoutSameSite === true,
    )
    expect(twins.map(({ name }) => name)).toEqual([
      'login_3709465940_legacy',
      'login_3709465940_ffffffff_legacy',
    ])
    expect(
      bindBrowser(servicesWith('Strict', true), new Map(), binding).changes.some(
        (each) => each.withoutSameSite === true,
      ),
    ).toBe(false)
  })

  it('uses the value of a cookie that is still good again', () => {
    const services = servicesWith('Lax', false)
    const first = bindBrowser(services, new Map(), binding)
    const cookies = new Map(first.changes.map(({ name, value }) => [name, value]))
    const second = bindBrowser(services, cookies, { ...binding, flowId: asFlowId('e'.repeat(32)) })
    expect(second.csrf).toBe(first.csrf)
    expect(second.changes).toHaveLength(1)
    expect(forgetFlow(services, cookies, binding)).toEqual([
      { name: 'login_3709465940_ffffffff', value: '', maxAgeSeconds: 0, path: '/' },
    ])
  })
})
