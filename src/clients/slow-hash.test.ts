import { describe, expect, it } from 'vitest'
import { slowHash, verifySlowHash } from './slow-hash.ts'

const pbkdf2 = { algorithm: 'pbkdf2', bcryptCost: 10, pbkdf2Iterations: 25_000 } as const
const bcrypt = { algorithm: 'bcrypt', bcryptCost: 4, pbkdf2Iterations: 25_000 } as const
const salt = Uint8Array.from({ length: 16 }, (_, index) => index)

const scryptKey = Buffer.from(
  '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2' +
    'd5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887',
  'hex',
)
  .toString('base64')
  .replace(/=+$/u, '')
const scryptSalt = Buffer.from('SodiumChloride').toString('base64').replace(/=+$/u, '')

const reference =
  '$pbkdf2-sha256$i=25000,l=32$AAECAwQFBgcICQoLDA0ODw$zF9ZCxx8L+hUSYfwWeW/sfNCOm33nsJfDJqHuRCAvnE'

describe('verifySlowHash', () => {
  const cases = [
    ['the reference’s PBKDF2 vector', 'my-client-secret', reference],
    [
      'sha384 as SHA3-384',
      'my-client-secret',
      '$pbkdf2-sha384$i=25000,l=32$AAECAwQFBgcICQoLDA0ODw$wRk/53U5jHBI+kzFOQ/wJRNPMF9a20q9jYzC+2SAJHg',
    ],
    [
      'sha224 as SHA3-224',
      'my-client-secret',
      '$pbkdf2-sha224$i=25000,l=28$AAECAwQFBgcICQoLDA0ODw$q5U4F7814oZF8FdfU10mEQv4+2ouOvtpaMvszw',
    ],
    ['an unknown digest as SHA-256', 'my-client-secret', reference.replace('sha256', 'blake3')],
    [
      'PBKDF2-HMAC-SHA1 of RFC 6070',
      'password',
      '$pbkdf2-sha1$i=4096,l=20$c2FsdA$SwB5AbdlSJq+rUnZJvch0GWkKcE',
    ],
    ['bcrypt 2a', 'abc', '$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i'],
    ['bcrypt 2b', 'abc', '$2b$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i'],
    ['bcrypt 2y', 'abc', '$2y$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i'],
    ['bcrypt 2z', 'abc', '$2z$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i'],
    ['bcrypt 2', 'abc', '$2$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i'],
    [
      'argon2id',
      'password',
      '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
    ],
    [
      'argon2i',
      'password',
      '$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$wWKIMhR9lyDFvRz9YTZweHKfbftvj+qf+YFY4NeBbtA',
    ],
    [
      'the scrypt vector of RFC 7914 §12',
      'pleaseletmein',
      `$scrypt$ln=14,r=8,p=1$${scryptSalt}$${scryptKey}`,
    ],
  ] as const
  for (const [name, secret, hashText] of cases) {
    it(`accepts ${name}`, async () => {
      expect(await verifySlowHash(hashText, secret)).toBe(true)
      expect(await verifySlowHash(hashText, `${secret}x`)).toBe(false)
    })
  }

  const malformed = [
    '',
    '$',
    'plaintext',
    '$pbkdf2-sha256$i=25000,l=32$AAECAwQFBgcICQoLDA0ODw$',
    `${reference}=`,
    reference.replace('l=32', 'l=31'),
    reference.replace('i=25000', 'i=0'),
    reference.replace('i=25000,', ''),
    '$2x$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i',
    '$argon2d$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$wWKIMhR9lyDFvRz9YTZweHKfbftvj+qf+YFY4NeBbtA',
    '$argon2id$v=19$t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
    `$scrypt$ln=99,r=8,p=1$${scryptSalt}$${scryptKey}`,
  ]
  for (const hashText of malformed)
    it(`never matches ${hashText}`, async () =>
      expect(await verifySlowHash(hashText, 'my-client-secret')).toBe(false))

  it('tells secrets apart that share the first 72 bytes under bcrypt', async () => {
    const long = 'x'.repeat(72)
    const hashText = await slowHash(long, salt, bcrypt)
    expect(await verifySlowHash(hashText, long)).toBe(true)
    expect(await verifySlowHash(hashText, `${long}y`)).toBe(false)
  })
})

describe('slowHash', () => {
  it('writes PBKDF2 as the reference does', async () =>
    expect(await slowHash('my-client-secret', salt, pbkdf2)).toBe(reference))

  it('writes bcrypt that verifies', async () => {
    const hashText = await slowHash('my-client-secret', salt, bcrypt)
    expect(hashText).toMatch(/^\$2b\$04\$/u)
    expect(await verifySlowHash(hashText, 'my-client-secret')).toBe(true)
  })

  it('refuses to truncate a secret for bcrypt', async () =>
    expect(slowHash('é'.repeat(37), salt, bcrypt)).rejects.toThrow(RangeError))
})
