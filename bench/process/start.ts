import { rmSync } from 'node:fs'
import path from 'node:path'
import { readUsage } from '../measure/process-usage.ts'
import { configFile, startFirebrand, startServe } from '../servers/firebrand.ts'
import type { StartOptions } from '../servers/server.ts'
import { median } from '../measure/cell.ts'
import type { StartFigures } from './results.ts'

/** Starts whose times are taken, and for the first start of all one each. */
const starts = 15
const firstStarts = 5

/**
 * Measures the time from the start of a process until `/health/ready` answers 200, on a database that is there: migrated, with clients
 * and keys. Every start is of a process of its own, one after the other.
 */
export async function measureStart(
  name: string,
  options: StartOptions & { readonly main: string },
): Promise<StartFigures> {
  const server = await startFirebrand(options)
  await server.stop()
  const { admin } = server.addresses
  if (admin === undefined) throw new Error('no admin listener')
  const once = async (): Promise<Start> => {
    const begun = performance.now()
    const child = await startServe(options, configFile(options), `http://127.0.0.1:${admin.port}`)
    const milliseconds = performance.now() - begun
    const cpuMs = readUsage(child.pid)?.cpuMs
    await child.stop()
    return { milliseconds, cpuMs }
  }
  const first: Start[] = []
  for (let n = 0; n < firstStarts; n++) {
    rmSync(path.join(options.directory, 'compile-cache'), { recursive: true, force: true })
    first.push(await once())
  }
  const later: Start[] = []
  for (let n = 0; n < starts; n++) later.push(await once())
  const times = later.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b)
  const cpu = later.flatMap(({ cpuMs }) => (cpuMs === undefined ? [] : [cpuMs]))
  return {
    name,
    medianMs: median(times),
    fastestMs: times[0] ?? Number.NaN,
    slowestMs: times.at(-1) ?? Number.NaN,
    cpuMs: cpu.length === 0 ? undefined : median(cpu),
    withoutCompiledCodeMs: median(first.map(({ milliseconds }) => milliseconds)),
  }
}

interface Start {
  readonly milliseconds: number
  readonly cpuMs: number | undefined
}
