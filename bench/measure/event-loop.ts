import type { ChildProcess } from 'node:child_process'
import path from 'node:path'

/** How late the event loop of a process was: what waited in it waited this long before anybody looked. */
export interface EventLoopDelay {
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
}

/** What the bench says to the preload: forget what was measured, or tell it. */
export type EventLoopRequest = 'begin' | 'read'

/** The event loop of a process that was started with {@link eventLoopPreload} and an `ipc` channel. */
export interface EventLoop {
  /** Begins a measurement. */
  begin(): void
  /** What was measured since; rejects when the process ends before it answers. */
  read(): Promise<EventLoopDelay>
}

/** Arguments of `node` that make it measure its event loop. */
export const eventLoopPreload: readonly string[] = [
  '--import',
  path.join(import.meta.dirname, 'event-loop-preload.ts'),
]

/** @param failure rejects when the process ends. */
export function eventLoopOf(child: ChildProcess, failure: Promise<never>): EventLoop {
  const ask = (request: EventLoopRequest): void => {
    if (child.connected) child.send(request)
  }
  return {
    begin: () => ask('begin'),
    read: () => {
      const answer = new Promise<EventLoopDelay>((resolve) => {
        child.once('message', (message) => resolve(message as EventLoopDelay))
      })
      ask('read')
      return Promise.race([answer, failure])
    },
  }
}
