import { describe, expect, it } from 'vitest'
import { collect, parseHeader, parseInteger, parseJsonFlag, parseList } from './flags.ts'

describe('parseList', () => {
  it.each([
    ['a,b', ['a', 'b']],
    ['openid', ['openid']],
    ['', []],
    ['"a,b",c', ['a,b', 'c']],
    ['a ,b', ['a ', 'b']],
  ])('reads %j', (text, expected) => expect(parseList(text)).toEqual(expected))
  it('adds up when the flag is repeated', () => {
    const add = collect(parseList)
    expect(add('c', add('a,b', undefined))).toEqual(['a', 'b', 'c'])
  })
})

describe('parseHeader', () => {
  it('splits at the first colon', () => {
    expect(parseHeader('X-Url: https://h:1/')).toEqual(['x-url', 'https://h:1/'])
  })
  it.each(['no colon', ': no name', 'bad name: x'])('refuses %j', (text) => {
    expect(() => parseHeader(text)).toThrow('A header looks like')
  })
})

describe('parseInteger', () => {
  it.each(['1.5', 'x', '', '0', '501'])('refuses %j', (text) => {
    expect(() => parseInteger(1, 500)(text)).toThrow('whole number between 1 and 500')
  })
  it('accepts the bounds', () => {
    expect([parseInteger(1, 500)('1'), parseInteger(-1)('-1')]).toEqual([1, -1])
  })
})

describe('parseJsonFlag', () => {
  it('refuses what is not JSON without repeating it', () => {
    expect(() => parseJsonFlag('{hush')).toThrow('It must be JSON.')
  })
})
