import { describe, expect, it } from 'vitest'
import { languages } from '../../protocol/language.ts'
import { standardClaims } from '../../protocol/standard-claims.ts'
import { messages } from './messages.ts'

/** Every text by its path; functions are asked with a sample. */
function textsOf(value: unknown, path: string): readonly (readonly [string, string])[] {
  if (typeof value === 'string') return [[path, value]]
  if (typeof value === 'function') {
    const say = value as (sample: unknown) => string
    return path.endsWith('.wait')
      ? [1, 30, 60, 300].map((seconds) => [`${path}(${seconds})`, say(seconds)] as const)
      : [[path, say('Sample')]]
  }
  return Object.entries(value as object).flatMap(([name, each]) => textsOf(each, `${path}.${name}`))
}

const english = textsOf(messages.en, '')

describe.each(languages)('the messages in %s', (language) => {
  const texts = textsOf(messages[language], '')

  it('are complete', () => {
    expect(texts.map(([path]) => path)).toEqual(english.map(([path]) => path))
    expect(texts.filter(([, text]) => text.trim() === '')).toEqual([])
  })

  it('say the sample that they were given', () => {
    const saying = texts.filter(([, text]) => text.includes('Sample')).map(([path]) => path)
    expect(saying).toEqual([
      '.failed',
      '.signIn.throttledText',
      '.consent.title',
      '.consent.nothing',
      '.stillSignedIn.backTo',
    ])
  })

  it('have words for every standard claim', () => {
    expect(Object.keys(messages[language].claims).sort()).toEqual([...standardClaims].sort())
  })

  it('count in words', () => {
    const { wait } = messages[language]
    expect(new Set([wait(1), wait(30), wait(60), wait(61)]).size).toBe(4)
    expect(wait(61)).toBe(wait(120))
  })
})

/** Words that French, German or Spanish share with English. */
const shared = /^(?:Website|Error|Error: Sample|Code|Description|\.|\d+ minutes?)$/u

it.each(languages.filter((language) => language !== 'en'))(
  'every text in %s is translated',
  (language) => {
    const before = new Map(english)
    const same = textsOf(messages[language], '').filter(([path, text]) => before.get(path) === text)
    expect(same.filter(([, text]) => !shared.test(text))).toEqual([])
  },
)
