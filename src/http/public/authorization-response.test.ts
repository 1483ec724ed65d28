import { describe, expect, it } from 'vitest'
import { authorizationResponse } from './authorization-response.ts'

const place = (redirectUri: string, responseMode: 'query' | 'fragment' | 'form_post') => ({
  redirectUri,
  responseMode,
  state: '',
})

describe('authorizationResponse', () => {
  it('adds parameters to the query in alphabetical order', () => {
    expect(
      authorizationResponse(place('https://a/cb', 'query'), {
        state: 's',
        code: 'c',
        scope: 'a b',
      }),
    ).toEqual({
      kind: 'redirect',
      location: 'https://a/cb?code=c&scope=a+b&state=s',
    })
  })
  it('keeps the own query of the redirect URI and replaces what has the same name', () => {
    expect(
      authorizationResponse(place('https://a/cb?foo=b%20r&code=old', 'query'), { code: 'c' }),
    ).toEqual({
      kind: 'redirect',
      location: 'https://a/cb?foo=b%20r&code=c',
    })
  })
  it('puts them into the fragment', () => {
    expect(
      authorizationResponse(place('https://a/cb?foo=bar', 'fragment'), { state: 's', code: 'c' }),
    ).toEqual({
      kind: 'redirect',
      location: 'https://a/cb?foo=bar#code=c&state=s',
    })
  })
  it('gives fields to post', () => {
    expect(
      authorizationResponse(place('custom:/cb', 'form_post'), { state: '"><', code: 'c' }),
    ).toEqual({
      kind: 'form_post',
      action: 'custom:/cb',
      fields: new Map([
        ['code', 'c'],
        ['state', '"><'],
      ]),
    })
  })
})
