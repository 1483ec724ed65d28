/**
 * Loaded into a server under test (`node --import`): measures how late its event loop is, and answers the bench over the channel
 * between the processes. A timer of libuv counts, so that measuring runs no JavaScript.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { EventLoopDelay, EventLoopRequest } from './event-loop.ts'

const resolutionMs = 2

const histogram = monitorEventLoopDelay({ resolution: resolutionMs })
histogram.enable()

/** The histogram holds the time between two ticks of the timer. */
function lateness(nanoseconds: number): number {
  return Math.max(0, nanoseconds / 1e6 - resolutionMs)
}

function readDelay(): EventLoopDelay {
  return {
    p50Ms: lateness(histogram.percentile(50)),
    p99Ms: lateness(histogram.percentile(99)),
    maxMs: lateness(histogram.max),
  }
}

process.on('message', (request: EventLoopRequest) => {
  if (request === 'begin') histogram.reset()
  // After the next tick of the timer, which tells of what is going on now.
  else setTimeout(() => process.send?.(readDelay()), 2 * resolutionMs)
})
// Listening would keep the process from ending.
process.channel?.unref()
