import { describe, expect, it } from 'vitest'
import { html, linkTarget } from './html.ts'

describe('html', () => {
  it('escapes text in elements and in quoted attributes', () => {
    const evil = `"><script>alert('x')</script>&`
    expect(String(html`<a title="${evil}">${evil}</a>`)).toBe(
      '<a title="&#34;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;">' +
        '&#34;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;</a>',
    )
  })

  it('nests markup without escaping it twice', () => {
    expect(String(html`<p>${html`<b>${'<'}</b>`}</p>`)).toBe('<p><b>&lt;</b></p>')
  })

  it('joins lists and escapes each of their members', () => {
    expect(String(html`${['<', html`<br />`, 3]}`)).toBe('&lt;<br />3')
  })

  it('leaves nothing for undefined and false', () => {
    expect(String(html`<p ${false}>${undefined}</p>`)).toBe('<p ></p>')
  })

  it('replaces what HTML forbids, and lone surrogates', () => {
    expect(String(html`${'a\0b\u001Fc\uD800d\te'}`)).toBe('a\uFFFDb\uFFFDc\uFFFDd\te')
  })

  it('takes nothing for markup that only looks like it', () => {
    const fake = { toString: () => '<script>' } as unknown as string
    expect(() => String(html`${fake}`)).toThrow('is not a function')
  })
})

describe('linkTarget', () => {
  const cases = [
    { it: 'keeps https', address: 'https://app.example/x?y', expect: 'https://app.example/x?y' },
    { it: 'keeps http', address: 'http://127.0.0.1:3000/', expect: 'http://127.0.0.1:3000/' },
    { it: 'drops script', address: 'javascript:alert(1)', expect: undefined },
    { it: 'drops script behind a tab', address: 'java\tscript:alert(1)', expect: undefined },
    { it: 'drops data', address: 'data:text/html,x', expect: undefined },
    { it: 'drops relative addresses', address: '/x', expect: undefined },
    { it: 'drops the empty address', address: '', expect: undefined },
  ] as const
  for (const c of cases) it(c.it, () => expect(linkTarget(c.address)).toBe(c.expect))
})
