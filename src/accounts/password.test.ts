import { describe, expect, it } from 'vitest'
import {
  argon2idHasher,
  checkNewPassword,
  isPlausiblePassword,
  scryptHasher,
  type PasswordHasher,
} from './password.ts'

const salt = Uint8Array.from({ length: 16 }, (_, index) => index)

describe('checkNewPassword', () => {
  const cases = [
    { it: 'accepts eight characters', password: '12345678', ok: true },
    { it: 'refuses seven', password: '1234567', ok: false },
    { it: 'counts characters, not UTF-16 units', password: '🔥🔥🔥🔥🔥🔥🔥', ok: false },
    { it: 'accepts 1024 bytes', password: 'x'.repeat(1024), ok: true },
    { it: 'refuses 1025', password: 'x'.repeat(1025), ok: false },
    { it: 'counts bytes after normalisation', password: 'ﷺ'.repeat(60), ok: false },
  ] as const
  for (const c of cases) it(c.it, () => expect(checkNewPassword(c.password).ok).toBe(c.ok))
})

describe('isPlausiblePassword', () => {
  it('keeps megabytes away from the hash', () => {
    expect(isPlausiblePassword('x'.repeat(1_000_000))).toBe(false)
    expect(isPlausiblePassword('')).toBe(true)
  })
})

const hashers: readonly (readonly [string, PasswordHasher, RegExp])[] = [
  [
    'argon2idHasher',
    argon2idHasher,
    /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/u,
  ],
  ['scryptHasher', scryptHasher, /^\$scrypt\$ln=15,r=8,p=3\$[\w+/]{22}\$[\w+/]{43}$/u],
]

describe.each(hashers)('%s', (_name, hasher, form) => {
  it('records its algorithm and parameters', async () => {
    expect(await hasher.hash('correct horse', salt)).toMatch(form)
  })

  it('knows its own hash texts from those with other parameters', async () => {
    const text = await hasher.hash('correct horse', salt)
    expect(hasher.isCurrent(text)).toBe(true)
    expect(hasher.isCurrent(text.replace('p=', 'p=1'))).toBe(false)
    expect(hasher.isCurrent(text.replace('$', '$old-'))).toBe(false)
  })

  it('verifies the password and no other', async () => {
    const text = await hasher.hash('correct horse', salt)
    expect(await hasher.verify(text, 'correct horse')).toBe(true)
    expect(await hasher.verify(text, 'correct horsf')).toBe(false)
    expect(await hasher.verify(text, '')).toBe(false)
  })

  it('takes a password in any Unicode spelling', async () => {
    const text = await hasher.hash('pässwörd１', salt)
    expect(await hasher.verify(text, 'pässwörd1'.normalize('NFD'))).toBe(true)
  })

  it('has a decoy of the same form that nothing matches', async () => {
    expect(hasher.decoy).toMatch(form)
    for (const guess of ['', 'foobar', hasher.decoy])
      expect(await hasher.verify(hasher.decoy, guess)).toBe(false)
  })

  it('does not block the event loop', async () => {
    let turns = 0
    const timer = setInterval(() => (turns += 1), 1)
    await Promise.all([1, 2, 3].map(() => hasher.hash('correct horse', salt)))
    clearInterval(timer)
    expect(turns).toBeGreaterThan(3)
  })
})

it('verifies across algorithms', async () => {
  const text = await scryptHasher.hash('correct horse', salt)
  expect(await argon2idHasher.verify(text, 'correct horse')).toBe(true)
})
