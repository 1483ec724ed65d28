import { describe, expect, it } from 'vitest'
import { exceptionCheck, isAllowedAddress } from './address-rules.ts'

describe('isAllowedAddress', () => {
  const cases: readonly (readonly [address: string, openly: boolean, strictly: boolean])[] = [
    ['93.184.215.14', true, true],
    ['2606:2800:21f:cb07:6820:80da:af6b:8b2c', true, true],
    ['10.1.2.3', true, false],
    ['127.0.0.1', true, false],
    ['127.255.255.254', true, false],
    ['172.16.0.1', true, false],
    ['172.32.0.1', true, true],
    ['192.168.1.1', true, false],
    ['::1', true, false],
    ['fd00::1', true, false],
    ['::ffff:127.0.0.1', true, false],
    ['::ffff:7f00:1', true, false],
    ['::ffff:169.254.169.254', false, false],
    ['169.254.169.254', false, false],
    ['0.0.0.0', false, false],
    ['100.64.0.1', false, false],
    ['192.0.0.8', false, false],
    ['198.18.0.1', false, false],
    ['224.0.0.1', false, false],
    ['255.255.255.255', false, false],
    ['::', false, false],
    ['fe80::1', false, false],
    ['64:ff9b::7f00:1', false, false],
    ['2001:db8::1', false, false],
    ['2002:7f00:1::', false, false],
    ['::127.0.0.1', true, false],
    ['ff02::1', false, false],
    ['localhost', false, false],
    ['', false, false],
  ]
  for (const [address, openly, strictly] of cases)
    it(`judges ${address}`, () =>
      expect([isAllowedAddress(address, false), isAllowedAddress(address, true)]).toEqual([
        openly,
        strictly,
      ]))
})

describe('exceptionCheck', () => {
  const isException = exceptionCheck([
    'http://kratos.internal/**',
    'https://*.corp.example/hook',
    'http://10.0.0.?/x',
  ])
  const cases = [
    ['http://kratos.internal/', true],
    ['http://kratos.internal/a/b?x=1', true],
    ['http://kratos.internal.evil.example/', false],
    ['https://kratos.internal/', false],
    ['https://a.corp.example/hook', true],
    ['https://a.b.corp.example/hook', false],
    ['https://evil.example/hook', false],
    ['http://10.0.0.7/x', true],
    ['http://10.0.0.77/x', false],
  ] as const
  for (const [url, expected] of cases)
    it(`${expected ? 'excepts' : 'does not except'} ${url}`, () =>
      expect(isException(new URL(url))).toBe(expected))
})
