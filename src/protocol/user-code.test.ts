import { describe, expect, it } from 'vitest'
import { makeUserCode, normalizeUserCode, userCodePresets } from './user-code.ts'

describe('normalizeUserCode', () => {
  const cases = [
    { it: 'keeps what needs nothing', typed: 'WDJB3679', expected: 'WDJB3679' },
    { it: 'drops dashes and spaces', typed: ' WDJB-36 79\t', expected: 'WDJB3679' },
    { it: 'drops the dashes that phones make', typed: 'WDJB–36—79', expected: 'WDJB3679' },
    { it: 'ignores case', typed: 'wdjB3679', expected: 'WDJB3679' },
    { it: 'leaves nothing of nothing', typed: ' - ', expected: '' },
  ]
  for (const c of cases) it(c.it, () => expect(normalizeUserCode(c.typed)).toBe(c.expected))
})

describe('makeUserCode', () => {
  it('draws every character of the format', () => {
    let next = 0
    const code = makeUserCode(userCodePresets.high, (below) => next++ % below)
    expect(code).toBe('abcdefgh')
  })

  it('counts characters, not UTF-16 units', () => {
    const code = makeUserCode({ length: 6, characters: ['🍎', '🍐'] }, () => 1)
    expect(code).toBe('🍐'.repeat(6))
  })
})
