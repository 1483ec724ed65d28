import { describe, expect, it } from 'vitest'
import { clientAddress, withinNetworks, type ForwardedHeader } from './forwarded.ts'

const isTrusted = withinNetworks(['10.0.0.0/8', 'fd00::/8'])

function client(
  peer: string | undefined,
  value: string | null,
  header: ForwardedHeader = 'x-forwarded-for',
): string | undefined {
  return clientAddress(peer, { header, value }, isTrusted)
}

describe('clientAddress', () => {
  const cases = [
    ['believes a trusted proxy', '10.0.0.1', '198.51.100.7', '198.51.100.7'],
    ['ignores the header of anybody else', '203.0.113.9', '198.51.100.7', '203.0.113.9'],
    [
      'takes the right-most untrusted hop',
      '10.0.0.1',
      '1.1.1.1, 198.51.100.7, 10.0.0.2',
      '198.51.100.7',
    ],
    [
      'stops at an untrusted hop that names a trusted one',
      '10.0.0.1',
      '10.9.9.9, 198.51.100.7',
      '198.51.100.7',
    ],
    ['takes the first proxy when all are trusted', '10.0.0.1', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
    ['is the proxy without a header', '10.0.0.1', null, '10.0.0.1'],
    ['is the proxy with an empty header', '10.0.0.1', '', '10.0.0.1'],
    [
      'stops at a hop that is no address',
      '10.0.0.1',
      '198.51.100.7, unknown, 10.0.0.2',
      '10.0.0.2',
    ],
    ['does not pass over an empty hop', '10.0.0.1', '198.51.100.7,', '10.0.0.1'],
    ['refuses numeric spellings of addresses', '10.0.0.1', '0x7f.1', '10.0.0.1'],
    ['takes a port off IPv4', '10.0.0.1', '198.51.100.7:4711', '198.51.100.7'],
    ['takes brackets and a port off IPv6', '10.0.0.1', '[2001:db8::7]:4711', '2001:db8::7'],
    ['reads IPv6 without brackets', 'fd00::1', '2001:db8:0:0::7', '2001:db8::7'],
    ['unwraps a mapped peer', '::ffff:10.0.0.1', '198.51.100.7', '198.51.100.7'],
    ['unwraps a mapped hop', '10.0.0.1', '::ffff:198.51.100.7', '198.51.100.7'],
    ['believes the users of a trusted unix socket', undefined, '198.51.100.7', '198.51.100.7'],
  ] as const
  for (const [name, peer, value, expected] of cases) {
    it(name, () => expect(client(peer, value)).toBe(expected))
  }

  const forwarded = [
    ['reads for=', 'for=198.51.100.7;proto=https;by=10.0.0.1', '198.51.100.7'],
    ['reads quoted IPv6 with a port', 'For="[2001:db8::7]:4711"', '2001:db8::7'],
    [
      'takes the right-most untrusted element',
      'for=1.1.1.1, for=198.51.100.7;proto=http, for=10.0.0.2',
      '198.51.100.7',
    ],
    [
      'keeps commas inside quotes together',
      'for=198.51.100.7;host="a, for=1.1.1.1"',
      '198.51.100.7',
    ],
    ['stops at an obfuscated hop', 'for=198.51.100.7, for=_hidden', '10.0.0.1'],
    ['stops at an element without for', 'for=198.51.100.7, proto=https', '10.0.0.1'],
    ['believes nothing of a broken header', 'for=198.51.100.7, for="1.1.1.1', '10.0.0.1'],
  ] as const
  for (const [name, value, expected] of forwarded) {
    it(`${name} (Forwarded)`, () => expect(client('10.0.0.1', value, 'forwarded')).toBe(expected))
  }

  it('does not read X-Forwarded-For as Forwarded, or the other way round', () => {
    expect(client('10.0.0.1', '198.51.100.7', 'forwarded')).toBe('10.0.0.1')
    expect(client('10.0.0.1', 'for=198.51.100.7')).toBe('10.0.0.1')
  })

  it('reads a header of 32 kB quickly', () => {
    const long = 'for="'.repeat(6000)
    const begun = performance.now()
    client('10.0.0.1', long, 'forwarded')
    client('10.0.0.1', `${'1.1.1.1,'.repeat(4000)}10.0.0.2`)
    expect(performance.now() - begun).toBeLessThan(1000)
  })
})
