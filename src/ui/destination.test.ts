import { describe, expect, it } from 'vitest'
import { destinationOf } from './destination.ts'
import { formActionSources } from './form-action.ts'
import { de } from './messages/de.ts'
import { en } from './messages/en.ts'

const endpoint = 'https://accounts.example/oauth2/auth'
const client = { redirect_uris: ['https://app.example/cb', 'com.example.app:/cb'] }

describe('destinationOf', () => {
  const cases = [
    { it: 'names the host', query: 'redirect_uri=https://app.example/cb', expect: 'app.example' },
    {
      it: 'names the scheme of an app',
      query: 'redirect_uri=com.example.app:/cb',
      expect: 'com.example.app: (an app on this device)',
    },
    {
      it: 'says when the host is this device',
      query: 'redirect_uri=http://127.0.0.1:5555/cb',
      expect: '127.0.0.1:5555 (this device)',
    },
    {
      it: 'is not fooled by user info',
      query: 'redirect_uri=https://app.example@evil.example/cb',
      expect: 'evil.example',
    },
    {
      it: 'names all that are registered when a request object may say otherwise',
      query: 'redirect_uri=https://app.example/cb&request=eyJ',
      expect: 'app.example or com.example.app: (an app on this device)',
    },
  ] as const
  for (const c of cases)
    it(c.it, () =>
      expect(destinationOf(`${endpoint}?${c.query}`, client, en.consent)).toBe(c.expect),
    )
})

describe('destinationOf in another language', () => {
  it('puts its own words around the addresses', () => {
    const redirect_uris = ['http://localhost:1/cb', 'com.example.app:/cb']
    expect(destinationOf(endpoint, { redirect_uris }, de.consent)).toBe(
      'localhost:1 (dieses Gerät) oder com.example.app: (eine App auf diesem Gerät)',
    )
  })
})

describe('formActionSources', () => {
  const settings = {
    publicUrl: 'https://accounts.example',
    urls: {
      login: undefined,
      registration: undefined,
      consent: 'http://127.0.0.1:3000/consent',
      logout: undefined,
      error: undefined,
      postLogoutRedirect: undefined,
      deviceVerification: undefined,
      deviceSuccess: undefined,
    },
  }

  it('names the schemes of the client and of the configured pages', () => {
    expect(formActionSources(settings, client.redirect_uris)).toEqual([
      "'self'",
      'https:',
      'http:',
      'com.example.app:',
    ])
  })

  it('names no scheme that runs or shows what is in the address', () => {
    const sources = formActionSources(settings, ['javascript:alert(1)', 'DATA:text/html,x', 'x y'])
    expect(sources).toEqual(["'self'", 'https:', 'http:'])
  })
})
