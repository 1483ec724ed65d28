import { describe, expect, it } from 'vitest'
import { summarize } from '../measure/cell.ts'
import { judgeWorkers } from './results.ts'
import type { Way, WorkersCell } from './results.ts'

interface Figures {
  readonly opsPerSecond: number
  readonly serverShare: number
  readonly generatorShare: number
  readonly databaseShare?: number
  readonly otherShare?: number
}

function cell(way: Way, figures: Figures, more: Partial<WorkersCell> = {}): WorkersCell {
  const round = {
    operations: figures.opsPerSecond,
    p50Ms: 1,
    p99Ms: 2,
    bytesPerOperation: 100,
    serverCpuMsPerThousand: (figures.serverShare / figures.opsPerSecond) * 1e6,
    databaseShare: undefined,
    otherShare: undefined,
    eventLoopDelay: undefined,
    rssBytes: 1,
    ...figures,
  }
  const about = { case: 'refresh', engine: 'sqlite', server: way } as const
  return { ...about, way, summary: summarize([round]), rounds: [round], ...more }
}

const one = cell('one core', { opsPerSecond: 1000, serverShare: 1, generatorShare: 0.1 })

describe('judgeWorkers', () => {
  const cases = [
    {
      it: 'is met by 1.7 times the rate of one worker on one core',
      two: { opsPerSecond: 1700, serverShare: 1.75, generatorShare: 0.2 },
      outcome: 'met',
    },
    {
      it: 'is not shown when generator and database leave too little of the cores',
      two: { opsPerSecond: 1300, serverShare: 1.3, generatorShare: 0.4, databaseShare: 0.2 },
      outcome: 'not shown',
    },
    {
      it: 'is missed when an operation costs too much more CPU time, on whatever machine',
      two: { opsPerSecond: 1300, serverShare: 1.6, generatorShare: 0.3 },
      outcome: 'missed',
    },
    {
      it: 'is not shown when other programs were running',
      two: { opsPerSecond: 1300, serverShare: 1.3, generatorShare: 0.2, otherShare: 0.4 },
      outcome: 'not shown',
    },
    {
      it: 'is missed when the workers wait while cores are idle',
      two: { opsPerSecond: 1300, serverShare: 1.3, generatorShare: 0.2, otherShare: 0.1 },
      outcome: 'missed',
    },
  ] as const
  for (const { two, outcome, ...c } of cases) {
    it(c.it, () => {
      const [verdict] = judgeWorkers([one, cell('workers', two)], { workers: 2, cores: 2 })
      expect(verdict).toMatchObject({ outcome, times: two.opsPerSecond / 1000 })
    })
  }

  it('is not shown when only the one worker was disturbed', () => {
    const figures = { opsPerSecond: 500, serverShare: 0.5, generatorShare: 0.1, otherShare: 1.4 }
    const two = cell('workers', { opsPerSecond: 1000, serverShare: 1.7, generatorShare: 0.2 })
    const verdicts = judgeWorkers([cell('one core', figures), two], { workers: 2, cores: 2 })
    expect(verdicts).toMatchObject([{ outcome: 'not shown', otherCores: 1.4 }])
  })

  it('compares with the same case on the same engine, and with one worker that has a core of its own', () => {
    const figures = { opsPerSecond: 1900, serverShare: 1.9, generatorShare: 0.1 }
    const cells = [
      cell('one core', figures, { engine: 'postgres' }),
      cell('one core', figures, { case: 'userinfo' }),
      cell('one worker', figures),
      one,
      cell('workers', figures),
    ]
    const verdicts = judgeWorkers(cells, { workers: 2, cores: 2 })
    expect(verdicts.map(({ times }) => times)).toEqual([1.9])
  })

  it('asks proportionally more of more workers', () => {
    const four = cell('workers', { opsPerSecond: 3300, serverShare: 3.3, generatorShare: 0.4 })
    const [verdict] = judgeWorkers([one, four], { workers: 4, cores: 8 })
    expect(verdict).toMatchObject({ outcome: 'missed', atLeast: 3.4 })
  })
})
