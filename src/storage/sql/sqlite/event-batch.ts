import { performance } from 'node:perf_hooks'

/**
 * A number that differs whenever the event loop may have taken in new events since the last call. What was asked while it
 * is the same was asked after every request known to this process had arrived.
 */
export function eventBatch(): number {
  // Counted by libuv: rounds of the loop, and events taken in. A round that begins, or goes on to poll again, moves one.
  const { loopCount, events } = performance.nodeTiming.uvMetricsInfo
  return loopCount + events
}
