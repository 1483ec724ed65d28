import { describe, expect, it } from 'vitest'
import { askedLanguage, chooseLanguage } from './language.ts'

describe('chooseLanguage', () => {
  const cases: readonly (readonly [string, readonly string[], string | null, string])[] = [
    ['takes the first of ui_locales that there is', ['se', 'fr-CA', 'de'], 'es', 'fr'],
    ['does not mind letter case', ['DE-ch'], null, 'de'],
    ['falls back to Accept-Language', ['se'], 'es;q=0.5, de-AT;q=0.9, en;q=0.1', 'de'],
    ['keeps the order of equal weights', [], 'sv, fr, de', 'fr'],
    ['leaves out what is unwanted', [], 'fr;q=0, de;q=0.000, es;q=0.1', 'es'],
    ['leaves out a weight that is none', [], 'fr;q=2, es;q=x, de;q=1.000', 'de'],
    ['speaks English to everybody else', ['se', '*', '-', 'deutsch'], '*, zz-;;q=', 'en'],
    ['speaks English when nobody says anything', [], null, 'en'],
    [
      'looks at no more than 20 tags',
      [...Array.from({ length: 20 }, () => 'zz'), 'de'],
      null,
      'en',
    ],
  ]
  it.each(cases)('%s', (_it, locales, header, language) => {
    expect(chooseLanguage(locales, header)).toBe(language)
  })
})

describe('askedLanguage', () => {
  const cases: readonly (readonly [string, string | null, string | undefined])[] = [
    ['takes the first tag that there is', 'se  fr-CA de', 'fr'],
    ['says nothing for languages that there are not', 'se x;"><script>', undefined],
    ['says nothing when nothing is asked for', null, undefined],
    ['looks at no more than 20 tags', `${'zz '.repeat(20)}de`, undefined],
  ]
  it.each(cases)('%s', (_it, uiLocales, language) => {
    expect(askedLanguage(uiLocales)).toBe(language)
  })
})
