/** One of the processes of a server. The supervisor gives it its configuration and ends it. */

import type { Worker } from 'node:cluster'
import { toSettings } from '../../config/to-settings.ts'
import type { Loaded } from '../../config/load.ts'
import { openLog } from '../../node/log.ts'
import type { MetricsSnapshot } from '../../node/metrics.ts'
import { CliError } from '../cli.ts'
import { keepCompiledCode } from '../compile-cache.ts'
import { logOptions, reportOf } from './announce.ts'
import type { Part } from './listeners.ts'
import type { FromWorker, ToWorker } from './messages.ts'
import {
  reportPendingMigrations,
  startJanitor,
  startProcess,
  type ServerProcess,
} from './server-process.ts'

/** Serves until the supervisor says otherwise, or is gone. */
export async function work(worker: Worker, part: Part): Promise<void> {
  const line = openLine(worker)
  const { config, isFirst } = await line.next('start')
  const loaded: Loaded = { config, settings: toSettings(config), warnings: [] }
  const processLog = openLog({ ...logOptions(loaded), worker: worker.id })
  const ending = toldToEnd(line)
  const running = await started(line, () =>
    startProcess(loaded, { part, processLog, metricsPeers: line.gather }),
  )
  const { metrics } = running.firebrand
  line.on('count', () => void metrics.snapshot().then(line.counted))
  line.on('janitor', () => startJanitor(running, loaded))
  line.send({ kind: 'ready', report: reportOf(running) })
  if (isFirst) await reportPendingMigrations(running)
  keepCompiledCode()
  const what = await ending
  processLog.log.debug({ what }, 'The worker ends.')
  await running.end(what)
  line.counted(await metrics.snapshot())
  processLog.flush()
  line.hangUp()
}

async function started(line: Line, start: () => Promise<ServerProcess>): Promise<ServerProcess> {
  try {
    return await start()
  } catch (error) {
    if (error instanceof CliError) line.send({ kind: 'failed', message: error.message })
    line.hangUp()
    // The supervisor prints what is meant for the user.
    throw error instanceof CliError ? new CliError('') : error
  }
}

/**
 * An order, SIGTERM to this process alone, or the end of the supervisor. Signals that a terminal sends to all processes at once
 * are the supervisor's business.
 */
function toldToEnd(line: Line): Promise<'server' | 'process'> {
  return new Promise((resolve) => {
    line.on('end', ({ what }) => resolve(what))
    line.onLoss(() => resolve('server'))
    process.once('SIGTERM', () => resolve('process'))
    for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined)
  })
}

type Of<Kind extends ToWorker['kind']> = Extract<ToWorker, { kind: Kind }>

/** The connection to the supervisor. */
interface Line {
  send(message: FromWorker): void
  counted(this: void, snapshot: MetricsSnapshot): void
  on<Kind extends ToWorker['kind']>(kind: Kind, handle: (message: Of<Kind>) => void): void
  next<Kind extends ToWorker['kind']>(kind: Kind): Promise<Of<Kind>>
  /** What the other workers have counted. */
  gather(this: void): Promise<readonly MetricsSnapshot[]>
  /** The supervisor is gone. */
  onLoss(handle: () => void): void
  hangUp(): void
}

/** Answers to metrics questions come within the supervisor's own patience; without it there are no others. */
function openLine(worker: Worker): Line {
  const handlers = new Map<ToWorker['kind'], (message: never) => void>()
  const questions = new Map<number, (snapshots: readonly MetricsSnapshot[]) => void>()
  let asked = 0
  process.on('message', (message: ToWorker) => handlers.get(message.kind)?.(message as never))
  const send = (message: FromWorker): void => {
    if (worker.isConnected()) process.send?.(message)
  }
  const on: Line['on'] = (kind, handle) => void handlers.set(kind, handle)
  on('gathered', ({ id, snapshots }) => {
    questions.get(id)?.(snapshots)
    questions.delete(id)
  })
  send({ kind: 'hello' })
  return {
    send,
    on,
    counted: (snapshot) => send({ kind: 'counted', snapshot }),
    next: (kind) => new Promise((resolve) => on(kind, resolve)),
    gather: () =>
      new Promise((resolve) => {
        if (!worker.isConnected()) return resolve([])
        asked += 1
        questions.set(asked, resolve)
        send({ kind: 'gather', id: asked })
      }),
    onLoss(handle) {
      worker.once('disconnect', () => {
        // Otherwise node:cluster ends the process on the spot, with the requests that it is answering.
        worker.exitedAfterDisconnect = true
        for (const resolve of questions.values()) resolve([])
        handle()
      })
    },
    hangUp() {
      worker.exitedAfterDisconnect = true
      if (worker.isConnected()) process.disconnect?.()
    },
  }
}
