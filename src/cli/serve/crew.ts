/** The workers of a server: there are always as many as wanted, and one of them cleans up. */

import cluster from 'node:cluster'
import type { Config } from '../../config/schema.ts'
import type { Log } from '../../context.ts'
import type { MetricsSnapshot } from '../../node/metrics.ts'
import { CliError } from '../cli.ts'
import { addSeries, type SeriesTable } from '../../node/series.ts'
import { pauseBeforeRestart, soundMilliseconds } from './backoff.ts'
import { startMember, type Exit, type Member } from './member.ts'
import type { Report } from './messages.ts'
import { workersOf } from './workers.ts'

/** The workers of a server. */
export interface Crew {
  /**
   * Starts all; resolves with what the first one reports when all serve or have failed to.
   * @throws CliError with what the first one says when it cannot serve.
   */
  start(): Promise<Report>
  /**
   * Replaces all, one by one: a new one serves before an old one leaves. Takes the new configuration, and the new number.
   * @throws CliError when a new one cannot serve; the old ones go on, and the old configuration stays.
   */
  renew(config: Config): Promise<void>
  /** Ends all, readiness red first. */
  stop(): Promise<void>
  /** Ends all at once. */
  kill(): void
}

/** What workers that have ended had counted. */
interface Departed {
  readonly series: SeriesTable
  readonly refusals: Map<string, number>
}

/** No worker has been started yet. */
export function assembleCrew(initial: Config, log: () => Log): Crew {
  // Every worker accepts for itself. A supervisor that passed connections on would leave those behind hanging that a worker had
  // been handed when it died.
  cluster.schedulingPolicy = cluster.SCHED_NONE
  cluster.setupPrimary({ serialization: 'advanced' })
  let config = initial
  const state = { isStopping: false }
  let [failures, restarts] = [0, 0]
  let cleaner: Member | undefined
  const members = new Set<Member>()
  const departed: Departed = { series: new Map(), refusals: new Map() }
  const pauses = new Set<NodeJS.Timeout>()

  /** @param isKept whether it is replaced when it ends although nobody told it to; asked at that time. */
  function add(order: { config: Config; isFirst: boolean }, isKept: () => boolean): Member {
    const member = startMember(order, (asking, id) => void answerGather(asking, id))
    members.add(member)
    void member.ready.then(assignCleaner, () => undefined)
    void member.exited.then((exit) => ended(member, exit, isKept()))
    return member
  }

  function ended(member: Member, exit: Exit, isKept: boolean): void {
    members.delete(member)
    const { series, refusals } = member.counted()
    addSeries(departed.series, series)
    for (const [limit, count] of refusals)
      departed.refusals.set(limit, (departed.refusals.get(limit) ?? 0) + count)
    assignCleaner()
    if (member.isLeaving() || state.isStopping || !isKept) return
    failures = member.age() > soundMilliseconds ? 0 : failures + 1
    const pause = pauseBeforeRestart(failures)
    log().error(
      { worker: member.id, exit_code: exit.code, signal: exit.signal, pause },
      'A worker ended; it is replaced.',
    )
    replaceAfter(pause)
  }

  function replaceAfter(milliseconds: number): void {
    const timer = setTimeout(() => {
      pauses.delete(timer)
      restarts += 1
      const member = add({ config, isFirst: false }, () => true)
      void member.ready.then(
        () => log().info({ worker: member.id }, 'A worker was replaced.'),
        () => undefined,
      )
    }, milliseconds)
    pauses.add(timer)
  }

  function assignCleaner(): void {
    if (state.isStopping || (cleaner !== undefined && members.has(cleaner) && cleaner.serves()))
      return
    cleaner = [...members].find((member) => member.serves())
    cleaner?.send({ kind: 'janitor' })
  }

  async function answerGather(asking: Member, id: number): Promise<void> {
    const others = [...members].filter((member) => member !== asking)
    const counted = await Promise.all(others.map((member) => member.count()))
    asking.send({ kind: 'gathered', id, snapshots: [...counted, ownSnapshot()] })
  }

  function ownSnapshot(): MetricsSnapshot {
    const serving = [...members].filter((member) => member.serves()).length
    const process = [
      metric('firebrand_workers', 'gauge', 'Worker processes that serve.', serving),
      metric(
        'firebrand_worker_restarts_total',
        'counter',
        'Worker processes that were replaced because they ended.',
        restarts,
      ),
    ]
    return { series: [...departed.series.values()], refusals: departed.refusals, process }
  }

  /** A new worker that serves, or nothing. */
  async function hire(order: { config: Config; isFirst: boolean }): Promise<Member> {
    let isHired = false
    const member = add(order, () => isHired)
    const giveUp = setTimeout(() => member.kill(), startMilliseconds)
    try {
      await member.ready
    } finally {
      clearTimeout(giveUp)
    }
    isHired = true
    return member
  }

  return {
    async start() {
      let isHired = false
      const leader = add({ config, isFirst: true }, () => isHired)
      const report = await leader.ready
      isHired = true
      const others = Array.from({ length: workersOf(config) - 1 }, () =>
        add({ config, isFirst: false }, () => true),
      )
      await Promise.allSettled(others.map((member) => member.ready))
      return report
    },

    async renew(next) {
      const old = [...members]
      const wanted = workersOf(next)
      for (let n = 0; n < wanted && !state.isStopping; n++) {
        await hire({ config: next, isFirst: n === 0 })
        // From the first that serves on, what ends is replaced by its like.
        config = next
        await old[n]?.end('process')
      }
      if (state.isStopping) throw new CliError('The server ends.')
      await Promise.all(old.slice(wanted).map((member) => member.end('process')))
    },

    async stop() {
      state.isStopping = true
      for (const timer of pauses) clearTimeout(timer)
      await Promise.all([...members].map((member) => member.end('server')))
    },

    kill() {
      state.isStopping = true
      for (const member of members) member.kill()
    },
  }
}

/** A new worker that has not begun to serve by then is given up. */
const startMilliseconds = 30_000

function metric(name: string, type: 'gauge' | 'counter', help: string, value: number): object {
  return { name, type, help, aggregator: 'sum', values: [{ value, labels: {} }] }
}
