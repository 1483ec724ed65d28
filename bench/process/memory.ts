import { Load } from '../load/run.ts'
import { readUsage } from '../measure/process-usage.ts'
import { startFirebrand } from '../servers/firebrand.ts'
import type { StartOptions } from '../servers/server.ts'
import { mixture } from './mixture.ts'
import type { MemoryFigures, MemorySample } from './results.ts'

/** Requests that the promise is about. */
export const memoryRequests = 1_000_000

const connections = 32
const windowMs = 5000
const sampleEveryMs = 250

/**
 * Sends a million requests to one process and reads its resident memory four times a second.
 *
 * @throws when the memory cannot be read.
 */
export async function measureMemory(
  options: StartOptions & { readonly main: string },
): Promise<MemoryFigures> {
  const server = await startFirebrand(options)
  try {
    const startedAt = performance.now()
    const idleBytes = memoryOf(server.pid)
    const load = await Load.prepare(mixture, server.dialect, {
      addresses: server.addresses,
      connections,
    })
    const samples: MemorySample[] = []
    let requests = 0
    while (requests < memoryRequests) {
      let bytes = memoryOf(server.pid)
      const sampler = setInterval(() => {
        bytes = Math.max(bytes, memoryOf(server.pid))
      }, sampleEveryMs)
      try {
        // No rate is measured: the generator may sleep.
        const times = { warmUpMs: 0, windowMs, polls: false }
        requests += (await load.run(times, { begin: () => {}, end: () => {} })).operations
      } finally {
        clearInterval(sampler)
      }
      samples.push({ requests, bytes })
      process.stderr.write(`${server.name}: ${requests} requests\n`)
    }
    const seconds = (performance.now() - startedAt) / 1000
    return { name: server.name, requests, seconds, idleBytes, samples }
  } finally {
    await server.stop()
  }
}

function memoryOf(pid: number | undefined): number {
  const usage = readUsage(pid)
  if (usage === undefined) throw new Error('the memory of the server cannot be read')
  return usage.rssBytes
}
