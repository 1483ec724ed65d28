import { describe, expect, it } from 'vitest'
import { parseJson } from '../protocol/json.ts'
import { applyPatch, type PatchOperation } from './json-patch.ts'

function patched(document: unknown, ...patch: PatchOperation[]): unknown {
  const result = applyPatch(structuredClone(document), patch)
  return result.ok ? result.value : 'refused'
}

const document = { a: ['x', 'y'], m: { b: 1 }, n: null, s: 'text', 5: 'five' }

describe('applyPatch', () => {
  const cases: readonly (readonly [it: string, PatchOperation[], unknown])[] = [
    ['appends', [{ op: 'add', path: '/a/-', value: 'z' }], { ...document, a: ['x', 'y', 'z'] }],
    ['inserts', [{ op: 'add', path: '/a/1', value: 'z' }], { ...document, a: ['x', 'z', 'y'] }],
    [
      'inserts at the end',
      [{ op: 'add', path: '/a/2', value: 'z' }],
      { ...document, a: ['x', 'y', 'z'] },
    ],
    ['refuses an index behind the end', [{ op: 'add', path: '/a/3', value: 'z' }], 'refused'],
    [
      'refuses an index with a zero in front',
      [{ op: 'add', path: '/a/01', value: 'z' }],
      'refused',
    ],
    [
      'counts negative indices of add from the new end',
      [{ op: 'add', path: '/a/-1', value: 'z' }],
      { ...document, a: ['x', 'y', 'z'] },
    ],
    [
      'replaces an item',
      [{ op: 'replace', path: '/a/0', value: 'z' }],
      { ...document, a: ['z', 'y'] },
    ],
    [
      'replaces the last item',
      [{ op: 'replace', path: '/a/-1', value: 'z' }],
      { ...document, a: ['x', 'z'] },
    ],
    ['refuses to replace an absent item', [{ op: 'replace', path: '/a/2', value: 'z' }], 'refused'],
    ['refuses to replace behind the end', [{ op: 'replace', path: '/a/-', value: 'z' }], 'refused'],
    [
      'replaces a member that has a number for a name',
      [{ op: 'replace', path: '/5', value: 1 }],
      { ...document, 5: 1 },
    ],
    [
      'refuses to create such a member by replace',
      [{ op: 'replace', path: '/6', value: 1 }],
      'refused',
    ],
    [
      'creates a member by replace',
      [{ op: 'replace', path: '/new', value: 1 }],
      { ...document, new: 1 },
    ],
    [
      'creates parents',
      [{ op: 'add', path: '/p/q/r', value: 1 }],
      { ...document, p: { q: { r: 1 } } },
    ],
    [
      'creates parents by replace',
      [{ op: 'replace', path: '/p/q', value: 1 }],
      { ...document, p: { q: 1 } },
    ],
    ['creates an array', [{ op: 'add', path: '/p/-', value: 1 }], { ...document, p: [1] }],
    [
      'fills a new array',
      [{ op: 'add', path: '/p/2', value: 1 }],
      { ...document, p: [null, null, 1] },
    ],
    [
      'creates where null is',
      [{ op: 'add', path: '/n/q', value: 1 }],
      { ...document, n: { q: 1 } },
    ],
    [
      'refuses a new array beyond reason',
      [{ op: 'add', path: '/p/99999999', value: 1 }],
      'refused',
    ],
    ['refuses members of a text', [{ op: 'add', path: '/s/q', value: 1 }], 'refused'],
    ['removes an item', [{ op: 'remove', path: '/a/0' }], { ...document, a: ['y'] }],
    ['removes the last item', [{ op: 'remove', path: '/a/-1' }], { ...document, a: ['x'] }],
    ['removes a member', [{ op: 'remove', path: '/m/b' }], { ...document, m: {} }],
    ['refuses to remove what is absent', [{ op: 'remove', path: '/q' }], 'refused'],
    ['refuses to remove an absent item', [{ op: 'remove', path: '/a/2' }], 'refused'],
    ['refuses to remove below what is absent', [{ op: 'remove', path: '/q/r' }], 'refused'],
    ['refuses to remove everything', [{ op: 'remove', path: '' }], 'refused'],
    ['replaces everything', [{ op: 'replace', path: '', value: [1] }], [1]],
    ['unescapes names', [{ op: 'add', path: '/a~1b~0c', value: 1 }], { ...document, 'a/b~c': 1 }],
    ['refuses other escapes', [{ op: 'add', path: '/a~2', value: 1 }], 'refused'],
    ['refuses a path without a slash in front', [{ op: 'add', path: 'a', value: 1 }], 'refused'],
    ['takes null for a value', [{ op: 'add', path: '/s', value: null }], { ...document, s: null }],
    ['refuses add without a value', [{ op: 'add', path: '/s' }], 'refused'],
    ['refuses test', [{ op: 'test', path: '/s', value: 'text' }], 'refused'],
    ['refuses move', [{ op: 'move', path: '/s', from: '/n' }], 'refused'],
    ['refuses copy', [{ op: 'copy', path: '/s', from: '/n' }], 'refused'],
    ['refuses the prototype', [{ op: 'add', path: '/__proto__/q', value: 1 }], 'refused'],
    ['finds own members only', [{ op: 'remove', path: '/toString' }], 'refused'],
    [
      'does not reach into built-in functions',
      [{ op: 'add', path: '/toString/q', value: 1 }],
      { ...document, toString: { q: 1 } },
    ],
    [
      'applies nothing behind a failure',
      [
        { op: 'remove', path: '/q' },
        { op: 'add', path: '/s', value: 1 },
      ],
      'refused',
    ],
  ]
  for (const [name, patch, expected] of cases)
    it(name, () => expect(patched(document, ...patch)).toEqual(expected))

  it('leaves the patch as it was, so that it can be applied again', () => {
    const patch = [
      { op: 'add', path: '/m/list', value: ['a'] },
      { op: 'add', path: '/m/list/-', value: 'b' },
    ]
    expect(patched(document, ...patch)).toEqual(patched(document, ...patch))
    expect(patch[0]?.value).toEqual(['a'])
  })

  it('keeps the digits of large numbers', () => {
    const target = parseJson('{"m":{"a":12345678901234567890}}')
    const result = applyPatch(target, [
      { op: 'add', path: '/m/b', value: parseJson('98765432109876543210') },
    ])
    expect(JSON.stringify(result.ok && result.value)).toBe(
      '{"m":{"a":12345678901234567890,"b":98765432109876543210}}',
    )
    expect(applyPatch(target, [{ op: 'add', path: '/m/a/rawJSON', value: 1 }]).ok).toBe(false)
  })
})
