import { describe, expect, it } from 'vitest'
import { asClientId } from '../../brand.ts'
import { en } from '../messages/en.ts'
import { stories } from '../storybook.ts'
import { clientIdentity } from './client-identity.ts'
import { renderError } from './error.ts'
import type { Frame } from './layout.ts'
import { scopeWords } from './scope-words.ts'

const frame: Frame = {
  base: '',
  assets: { stylesheet: '/style.css', mark: '/mark.svg' },
  host: 'accounts.example',
  dev: false,
  lang: 'en',
  words: en,
  isPopup: false,
}

function identity(fields: Partial<Parameters<typeof clientIdentity>[0]>) {
  return clientIdentity({
    client_id: asClientId('c1'),
    client_name: '',
    logo_uri: '',
    client_uri: '',
    policy_uri: '',
    tos_uri: '',
    ...fields,
  })
}

describe('every page', () => {
  for (const story of stories) {
    it(`${story.name} has one main heading, a language and no script or inline style`, () => {
      const text = String(story.render(frame))
      expect(text).toMatch(/^<!doctype html>/u)
      const lang = /-(de|fr|es)$/u.exec(story.name)?.[1] ?? 'en'
      expect(text).toContain(`<html lang="${lang}">`)
      expect(text.match(/<h1[ >]/gu)).toHaveLength(1)
      expect(text).not.toMatch(/<script|<style|\sstyle=|\son\w+=/u)
    })
  }
})

describe('clientIdentity', () => {
  it('shows the id of a client without a name', () => {
    expect(identity({})).toMatchObject({ name: 'c1', monogram: 'C' })
  })

  it('takes characters out of a name that hide or reverse others', () => {
    expect(identity({ client_name: 'Ba\u202Enk\u0000 \u200B of\nX' }).name).toBe('Ba nk of X')
  })

  it('cuts a name that would push the page out of sight', () => {
    expect(identity({ client_name: 'é'.repeat(5000) }).name).toHaveLength(81)
  })

  it('shows logos over https only', () => {
    expect(identity({ logo_uri: 'http://a.example/l.png' }).logoUri).toBeUndefined()
    expect(identity({ logo_uri: 'https://a.example/l.png' }).logoUri).toBe(
      'https://a.example/l.png',
    )
  })

  it('links to no script', () => {
    expect(identity({ policy_uri: 'javascript:alert(1)' }).policyUri).toBeUndefined()
  })
})

describe('scopeWords', () => {
  const cases = [
    { scope: 'openid', sensitive: false },
    { scope: 'email', sensitive: false },
    { scope: 'offline', sensitive: true },
    { scope: 'offline_access', sensitive: true },
    { scope: 'phone', sensitive: true },
    { scope: 'photos.read', sensitive: false },
    { scope: 'photos:write', sensitive: true },
    { scope: 'https://api.example/auth/admin.directory', sensitive: true },
    { scope: 'constructor', sensitive: false },
  ] as const
  for (const { scope, sensitive } of cases) {
    it(`calls ${scope} ${sensitive ? 'sensitive' : 'harmless'}`, () =>
      expect(scopeWords(scope, en).sensitive).toBe(sensitive))
  }
})

describe('the footer', () => {
  it('leads to the start page in development mode only', () => {
    const [story] = stories
    const link = '<a href="/">Start page</a>'
    expect(String(story?.render({ ...frame, dev: true }))).toContain(link)
    expect(String(story?.render(frame))).not.toContain(link)
  })
})

describe('renderError', () => {
  it('escapes what it is told and leaves out what it is not', () => {
    const text = String(
      renderError(frame, {
        title: 'T',
        text: 'X',
        advice: 'A',
        restartUrl: undefined,
        details: { error: `<img src='x'>`, description: '"d"', hint: '', debug: '' },
      }),
    )
    expect(text).toContain('&lt;img src=&#39;x&#39;&gt;')
    expect(text).toContain('&#34;d&#34;')
    expect(text).not.toContain('Hint')
    expect(text).not.toContain('Debug')
  })
})
