import { describe, expect, it } from 'vitest'
import { parseUri } from './uri.ts'

describe('parseUri', () => {
  const accepted: readonly (readonly [string, object])[] = [
    [
      'https://a.example/cb?x=1#y',
      { scheme: 'https', host: 'a.example', port: '', path: '/cb', query: 'x=1', fragment: 'y' },
    ],
    ['HTTPS://A.example:443', { scheme: 'https', host: 'A.example', port: '443', path: '' }],
    ['http://user:pw@h/', { userInfo: 'user:pw', host: 'h' }],
    ['http://[::1]:80/', { host: '[::1]', port: '80' }],
    ['https://*.example.com', { host: '*.example.com' }],
    ['https://bücher.example/ü', { host: 'bücher.example', path: '/ü' }],
    ['https://a.example:/', { host: 'a.example', port: '' }],
    ['app.scheme:/cb', { scheme: 'app.scheme', host: '', path: '/cb' }],
    ['app.scheme:cb', { scheme: 'app.scheme', host: '', path: 'cb' }],
    ['app.scheme://', { scheme: 'app.scheme', host: '', path: '' }],
    ['javascript:alert(1)', { scheme: 'javascript' }],
  ]
  for (const [text, parts] of accepted)
    it(`takes ${text} apart`, () => expect(parseUri(text)).toMatchObject(parts))

  const refused = [
    '',
    'foo',
    '/only/a/path',
    '//a.example/',
    ':',
    'https:',
    '1a:b',
    'https://a b/',
    'https://a\\b/',
    'https://a.example:port/',
    'https://a.example:-1/',
    'https://a%41/',
    'https://a.example/%zz',
    'https://a.example/%2',
    'https://a.example/\n',
    'https://a.example/\u007f',
    'https://[::1/',
    'https://<a>/',
    'https://u ser@a/',
  ]
  for (const text of refused)
    it(`refuses ${JSON.stringify(text)}`, () => expect(parseUri(text)).toBeUndefined())
})
