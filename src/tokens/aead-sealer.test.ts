import { randomBytes } from 'node:crypto'
import { assert, constantFrom, integer, property, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Secret } from '../brand.ts'
import { createSealer } from './aead-sealer.ts'
import { sealedKinds, type SealedKind } from './sealer.ts'

const random = { bytes: (n: number) => Uint8Array.from(randomBytes(n)) }
const secrets = (...texts: string[]) => texts.map((text) => new Secret(text))
const make = (
  system: readonly Secret[],
  cookie: readonly Secret[] = [],
  pagination: readonly Secret[] = [],
) => createSealer({ system, cookie, pagination, random })

const sealer = make(secrets('a system secret of tests'))
const kinds = Object.keys(sealedKinds) as SealedKind[]
const kind = constantFrom(...kinds)
const payload = string({ unit: 'binary', maxLength: 300 })
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

describe('createSealer', () => {
  it('opens what it sealed, of any kind', () => {
    assert(
      property(kind, payload, (each, text) => {
        const value = sealer.seal(each, text)
        expect(value.startsWith(sealedKinds[each].prefix)).toBe(true)
        expect(value.slice(sealedKinds[each].prefix.length)).toMatch(/^[\w-]{34}\.[\w-]+$/u)
        expect(sealer.open(each, value)).toBe(text)
      }),
    )
  })

  it('opens a value without its prefix, and never under the prefix of another', () => {
    const value = sealer.seal('access_token', 'x')
    expect(sealer.open('access_token', value.slice('ory_at_'.length))).toBe('x')
    expect(sealer.open('access_token', value.replace('ory_at_', 'ory_rt_'))).toBeUndefined()
    expect(sealer.open('access_token', `ory_at_${value}`)).toBeUndefined()
  })

  it('refuses any changed character', () => {
    assert(
      property(
        kind,
        payload,
        integer({ min: 0 }),
        constantFrom(...alphabet.split('')),
        (each, text, at, letter) => {
          const value = sealer.seal(each, text)
          const { prefix } = sealedKinds[each]
          const index = prefix.length + (at % (value.length - prefix.length))
          if (value[index] === letter) return
          const changed = value.slice(0, index) + letter + value.slice(index + 1)
          expect(sealer.open(each, changed)).toBeUndefined()
        },
      ),
    )
  })

  it('refuses every character that a lenient decoder skips or takes for another', () => {
    for (const each of kinds) {
      const value = sealer.seal(each, '{"sub":"u-42"}')
      for (let at = 0; at <= value.length; at += 1)
        for (const foreign of ['=', '.', '+', '/', ' ', '\n', '\0', 'é', '%']) {
          const [before, behind] = [value.slice(0, at), value.slice(at)]
          expect(sealer.open(each, before + foreign + behind)).toBeUndefined()
          if (!behind.startsWith(foreign))
            expect(sealer.open(each, before + foreign + behind.slice(1))).toBeUndefined()
        }
    }
  })

  it('refuses bits that base64url leaves over', () => {
    // 25 bytes of head leave two; 18, 19 and 20 bytes of body leave none, two and four.
    for (const text of ['ab', 'abc', 'abcd']) {
      const value = sealer.seal('access_token', text)
      const [head = '', body = ''] = value.split('.')
      for (const last of alphabet)
        for (const changed of [
          `${head.slice(0, -1)}${last}.${body}`,
          `${head}.${body.slice(0, -1)}${last}`,
        ])
          if (changed !== value) expect(sealer.open('access_token', changed)).toBeUndefined()
    }
  })

  it('refuses the head of one value with the body of another', () => {
    const [head] = sealer.seal('access_token', 'one').split('.')
    const [, body] = sealer.seal('access_token', 'two').split('.')
    expect(sealer.open('access_token', `${head}.${body}`)).toBeUndefined()
  })

  it('keeps its format: fixed text for fixed input', () => {
    const counting = { bytes: (n: number) => Uint8Array.from({ length: n }, (_none, at) => at) }
    const fixed = createSealer({
      system: secrets('a fixed secret'),
      cookie: [],
      pagination: [],
      random: counting,
    })
    expect(fixed.seal('authorization_code', '["grant",1]')).toBe(
      'ory_ac_FQABAgMEBQYHCAkKCwwNDg8QERITFBUWFw.dfOyayiMMK4E_g9DYYR1Y5qkeshtWVI5tJBN',
    )
  })

  it('refuses any cut or added text', () => {
    assert(
      property(
        kind,
        payload,
        integer({ min: 0 }),
        string({ minLength: 1, maxLength: 3 }),
        (each, text, at, added) => {
          const value = sealer.seal(each, text)
          const { prefix } = sealedKinds[each]
          const length = value.length - prefix.length
          expect(sealer.open(each, value.slice(0, prefix.length + (at % length)))).toBeUndefined()
          expect(sealer.open(each, value.slice(prefix.length + 1 + (at % length)))).toBeUndefined()
          const index = prefix.length + (at % (length + 1))
          expect(
            sealer.open(each, value.slice(0, index) + added + value.slice(index)),
          ).toBeUndefined()
        },
      ),
    )
  })

  it('opens no kind as another', () => {
    for (const one of kinds) {
      const value = sealer.seal(one, '{}')
      const bare = value.slice(sealedKinds[one].prefix.length)
      for (const other of kinds) {
        if (other === one) continue
        expect(sealer.open(other, value)).toBeUndefined()
        expect(sealer.open(other, bare)).toBeUndefined()
        expect(sealer.open(other, sealedKinds[other].prefix + bare)).toBeUndefined()
      }
    }
  })

  it('refuses arbitrary text without throwing', () => {
    assert(
      property(kind, string({ unit: 'binary' }), (each, text) => {
        expect(sealer.open(each, text)).toBeUndefined()
        expect(sealer.open(each, `${sealedKinds[each].prefix}${text}.${text}`)).toBeUndefined()
      }),
    )
  })

  it('gives another value every time', () => {
    const values = Array.from({ length: 1000 }, () => sealer.seal('access_token', 'x'))
    expect(new Set(values).size).toBe(1000)
  })

  it('seals with the first secret and opens with all', () => {
    const old = make(secrets('the old system secret'))
    const rotated = make(secrets('the new system secret', 'the old system secret'))
    for (const each of kinds) {
      expect(rotated.open(each, old.seal(each, 'x'))).toBe('x')
      expect(old.open(each, rotated.seal(each, 'x'))).toBeUndefined()
    }
  })

  it('opens under each of many secrets, also when two share a hint', () => {
    const texts = Array.from({ length: 600 }, (_none, index) => `system secret number ${index}`)
    const all = make(secrets(...texts))
    for (const text of texts.filter((_text, index) => index % 50 === 0))
      expect(all.open('page_token', make(secrets(text)).seal('page_token', 'x'))).toBe('x')
  })

  it('gives cookies and page tokens secrets of their own', () => {
    const parted = make(secrets('system secret'), secrets('cookie secret'), secrets('page secret'))
    const cookies = make(secrets('cookie secret'))
    const pages = make(secrets('page secret'))
    for (const each of ['session_cookie', 'csrf_cookie'] as const)
      expect(cookies.open(each, parted.seal(each, 'x'))).toBe('x')
    expect(pages.open('page_token', parted.seal('page_token', 'x'))).toBe('x')
    expect(cookies.open('access_token', parted.seal('access_token', 'x'))).toBeUndefined()
  })

  it('needs a system secret', () => {
    expect(() => make([])).toThrow('secrets.system')
  })
})
