/** A worker process as its supervisor sees it. */

import cluster, { type Worker } from 'node:cluster'
import type { Config } from '../../config/schema.ts'
import type { MetricsSnapshot } from '../../node/metrics.ts'
import { CliError } from '../cli.ts'
import type { FromWorker, Report, ToWorker } from './messages.ts'

/** What a worker is started with. */
export interface Order {
  readonly config: Config
  readonly isFirst: boolean
}

/** How a process ended. */
export interface Exit {
  readonly code: number
  readonly signal: string
}

/** One worker process. */
export interface Member {
  readonly id: number
  /** Rejects with what the user should read when the process cannot serve or ends before it does. */
  readonly ready: Promise<Report>
  readonly exited: Promise<Exit>
  /** Serves, and has not been told to end. */
  readonly serves: () => boolean
  /** Whether its end is expected. */
  readonly isLeaving: () => boolean
  /** Milliseconds since it was started. */
  readonly age: () => number
  /** What it had counted when it last said so. */
  readonly counted: () => MetricsSnapshot
  /** Asks for what it has counted by now; what it said last when it does not answer within a second. */
  count(): Promise<MetricsSnapshot>
  send(message: ToWorker): void
  /** Tells it to end, alone or with all others, and waits for that; it is killed when it takes too long. */
  end(what: 'server' | 'process'): Promise<void>
  kill(): void
}

/** Longer than a process takes by its own rules. */
const patience = { server: 6000, process: 11_000 } as const

const countMilliseconds = 1000

/**
 * Starts a worker.
 * @param onGather is called when it asks for the metrics of the others.
 */
export function startMember(
  { config, isFirst }: Order,
  onGather: (member: Member, id: number) => void,
): Member {
  const startedAt = performance.now()
  const worker = cluster.fork()
  const send = (message: ToWorker): void => {
    if (worker.isConnected()) worker.send(message)
  }
  let [isReady, isLeaving] = [false, false]
  let snapshot: MetricsSnapshot = { series: [], refusals: new Map(), process: [] }
  const waiting = new Set<(snapshot: MetricsSnapshot) => void>()
  const exited = exitOf(worker)
  const ready = new Promise<Report>((resolve, reject) => {
    worker.on('message', (message: FromWorker) => {
      switch (message.kind) {
        case 'hello':
          return send({ kind: 'start', config, isFirst })
        case 'ready':
          isReady = true
          return resolve(message.report)
        case 'failed':
          return reject(new CliError(message.message))
        case 'gather':
          return onGather(member, message.id)
        case 'counted': {
          snapshot = message.snapshot
          for (const tell of waiting) tell(snapshot)
          return waiting.clear()
        }
      }
    })
    function lost({ code, signal }: Exit): void {
      isReady = false
      for (const tell of waiting) tell(snapshot)
      reject(new CliError(`A worker ended before it served (${signal || `code ${code}`}).`))
    }
    void exited.then(lost)
  })
  // Not everybody waits for it.
  ready.catch(() => undefined)
  const member: Member = {
    id: worker.id,
    ready,
    exited,
    serves: () => isReady && !isLeaving,
    isLeaving: () => isLeaving,
    age: () => performance.now() - startedAt,
    counted: () => snapshot,
    count: () =>
      new Promise((resolve) => {
        waiting.add(resolve)
        setTimeout(() => resolve(snapshot), countMilliseconds).unref()
        send({ kind: 'count' })
      }),
    send,
    async end(what) {
      isLeaving = true
      if (isReady) send({ kind: 'end', what })
      else worker.process.kill('SIGTERM')
      const late = setTimeout(() => member.kill(), patience[what])
      await exited
      clearTimeout(late)
    },
    kill() {
      isLeaving = true
      worker.process.kill('SIGKILL')
    },
  }
  return member
}

function exitOf(worker: Worker): Promise<Exit> {
  return new Promise((resolve) => {
    worker.once('exit', (code, signal) => resolve({ code, signal }))
  })
}
