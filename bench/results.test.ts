import { describe, expect, it } from 'vitest'
import { limitOf, summarize } from './measure/cell.ts'
import type { Round } from './measure/cell.ts'
import { disturbanceNotes } from './measure/disturbance.ts'
import type { Paced } from './measure/paced.ts'
import { compare, inWords, judge } from './results.ts'
import type { Measured } from './results.ts'
import type { ServerUnderTest } from './servers/server.ts'

function round(opsPerSecond: number, more: Partial<Round> = {}): Round {
  return {
    opsPerSecond,
    operations: opsPerSecond,
    p50Ms: 1,
    p99Ms: 2,
    bytesPerOperation: 100,
    serverCpuMsPerThousand: 10,
    serverShare: 1,
    databaseShare: undefined,
    generatorShare: 0.2,
    otherShare: undefined,
    eventLoopDelay: undefined,
    rssBytes: 1,
    ...more,
  }
}

function measured(
  server: Pick<ServerUnderTest, 'kind' | 'engine'>,
  opsPerSecond: number,
): Measured {
  const rounds = [round(opsPerSecond)]
  return {
    case: 'refresh',
    server: { ...server, name: `${server.kind} ${server.engine}` } as ServerUnderTest,
    rounds,
    summary: summarize(rounds),
    paced: undefined,
  }
}

describe('compare', () => {
  const cells = compare([
    measured({ kind: 'bare', engine: undefined }, 40_000),
    measured({ kind: 'oidc-provider', engine: 'sqlite' }, 1000),
    measured({ kind: 'oidc-provider', engine: 'postgres' }, 2000),
    measured({ kind: 'firebrand', engine: 'sqlite' }, 10_000),
    measured({ kind: 'url', engine: undefined }, 10_000),
  ])

  it('divides by the bare server and by the peer on the same engine', () => {
    expect(cells[3]).toMatchObject({ ofBare: 0.25, timesOidcProvider: 10 })
  })

  it('takes the faster peer for a server whose engine it does not know', () => {
    expect(cells[4]).toMatchObject({ timesOidcProvider: 5 })
  })

  it('compares a peer with the bare server but not with itself', () => {
    expect(cells[1]).toMatchObject({ ofBare: 0.025, timesOidcProvider: undefined })
    expect(cells[0]).toMatchObject({ ofBare: undefined, timesOidcProvider: undefined })
  })

  it('feeds the budgets of the servers that we promised something about', () => {
    const verdicts = judge(cells).map(({ server, isMet }) => [server, isMet])
    expect(verdicts).toEqual([
      ['firebrand sqlite', true],
      ['url undefined', false],
    ])
  })

  it('gives no verdict without the peer', () => {
    expect(judge(compare([measured({ kind: 'firebrand', engine: 'sqlite' }, 1)]))).toEqual([])
  })
})

describe('judge, of time', () => {
  const cellWith = (requestP99Ms: number): Parameters<typeof judge>[0][number] => {
    const [cell] = compare([measured({ kind: 'firebrand', engine: 'sqlite' }, 1)])
    if (cell === undefined) throw new Error('no cell')
    return { ...cell, paced: { requestP99Ms, p99Ms: 60 } as Paced }
  }

  it('asks whether the p99 of requests is below 10 ms', () => {
    const verdicts = [9.9, 10].map((p99Ms) => judge([cellWith(p99Ms)]))
    expect(verdicts.map((all) => all.map(({ isMet }) => isMet))).toEqual([[true], [false]])
  })

  it('is told in words', () => {
    expect(judge([cellWith(12.34)]).map(inWords)).toEqual([
      { promised: 'p99 < 10 ms at 70 %', got: '12.3 ms' },
    ])
  })
})

describe('summarize', () => {
  it('takes medians over the rounds and adds up the operations', () => {
    const summary = summarize([round(100), round(300), round(200)])
    expect(summary).toMatchObject({ opsPerSecond: 200, operations: 600, spread: 1 })
  })
})

describe('summarize, of event loops', () => {
  it('takes the medians of the percentiles, and the longest delay of all rounds', () => {
    const delays = [1, 9, 2].map((ms) => ({ p50Ms: ms, p99Ms: ms * 2, maxMs: ms * 10 }))
    const { eventLoopDelay } = summarize(delays.map((each) => round(1, { eventLoopDelay: each })))
    expect(eventLoopDelay).toEqual({ p50Ms: 2, p99Ms: 4, maxMs: 90 })
  })

  it('says nothing of a server that nobody watched', () => {
    expect(summarize([round(1)]).eventLoopDelay).toBeUndefined()
  })
})

describe('disturbanceNotes', () => {
  it('tells of other programs that took more than a tenth of the machine in most rounds', () => {
    const rounds = [0.1, 0.5, 0.6].map((otherShare) => round(1, { otherShare }))
    expect(disturbanceNotes(rounds, 2)).toEqual([expect.stringContaining('took 0.5 of 2 cores')])
    expect(disturbanceNotes(rounds, 8)).toEqual([])
    expect(disturbanceNotes([round(1)], 2)).toEqual([])
  })
})

describe('limitOf', () => {
  const cases = [
    { shares: { serverShare: 0.97 }, limit: 'server' },
    { shares: { serverShare: 0.5, generatorShare: 0.95 }, limit: 'generator' },
    { shares: { serverShare: 0.5, generatorShare: 0.3, databaseShare: 0.65 }, limit: 'database' },
    { shares: { serverShare: 0.5, generatorShare: 0.3 }, limit: 'waiting' },
    { shares: { serverShare: undefined }, limit: '?' },
  ] as const
  for (const { shares, limit } of cases) {
    it(`says ${limit} for ${JSON.stringify(shares)}`, () => {
      expect(limitOf(summarize([round(1, shares)]))).toBe(limit)
    })
  }
})
