import { describe, expect, it } from 'vitest'
import { parts, sharesOf } from './parts.ts'

const frame = (functionName: string, url = '') => ({ functionName, url })

const nodes = [
  { id: 1, callFrame: frame('(root)'), children: [2, 3, 4, 6, 9] },
  { id: 2, callFrame: frame('(idle)') },
  { id: 3, callFrame: frame('(garbage collector)') },
  { id: 4, callFrame: frame('seal', 'file:///x/src/tokens/aead-sealer.ts'), children: [5, 8] },
  { id: 5, callFrame: frame('update', 'node:internal/crypto/cipher') },
  { id: 6, callFrame: frame('query', 'file:///x/node_modules/pg/lib/client.js'), children: [7] },
  { id: 7, callFrame: frame('write', 'node:internal/streams/writable') },
  { id: 8, callFrame: frame('base64urlSlice') },
  { id: 9, callFrame: frame('(program)') },
]

describe('sharesOf', () => {
  it('gives time to the innermost part that is ours or Node.js’s, and leaves idleness out', () => {
    const samples = [2, 3, 4, 5, 7, 8, 9]
    const profile = { nodes, startTime: 1000, samples, timeDeltas: samples.map(() => 100) }
    const shares = sharesOf(profile, 0)
    expect(shares.garbage).toBeCloseTo(1 / 6)
    expect(shares['tokens and keys']).toBeCloseTo(2 / 6)
    expect(shares.cryptography).toBeCloseTo(1 / 6)
    expect(shares.driver).toBeCloseTo(1 / 6)
    expect(shares['sockets and HTTP of Node.js']).toBeCloseTo(1 / 6)
    expect(parts.reduce((sum, part) => sum + shares[part], 0)).toBeCloseTo(1)
  })

  it('begins where it is told to', () => {
    const profile = { nodes, startTime: 1000, samples: [4, 4, 5], timeDeltas: [100, 100, 100] }
    expect(sharesOf(profile, 1250).cryptography).toBe(1)
  })
})
