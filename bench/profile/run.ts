import { mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { allCases } from '../cases/all.ts'
import type { Case, CaseName } from '../case.ts'
import type { Environment } from '../environment.ts'
import { Load } from '../load/run.ts'
import type { Options } from '../options.ts'
import { startFirebrand } from '../servers/firebrand.ts'
import type { Engine } from '../servers/server.ts'
import { sharesOf } from './parts.ts'
import type { CpuProfile, Part } from './parts.ts'

/** Where the time of one case goes. */
export interface Profiled {
  readonly case: CaseName
  readonly engine: Engine
  /** Of the time in which the process was busy. */
  readonly shares: Readonly<Record<Part, number>>
}

/** Profiles every case on a server of its own, and leaves the profiles in `directory`. */
export async function profileCases(
  { cases, engines, ...options }: Options,
  environment: Environment,
  directory: string,
): Promise<readonly Profiled[]> {
  mkdirSync(directory, { recursive: true })
  const profiled: Profiled[] = []
  for (const engine of engines) {
    for (const test of allCases.filter(
      ({ name, needs }) => cases.includes(name) && needs === 'nothing',
    )) {
      const file = `${engine}-${test.name}.cpuprofile`
      const from = await recorded(test, { ...options, engine, environment, directory, file })
      const profile = JSON.parse(readFileSync(path.join(directory, file), 'utf8')) as CpuProfile
      profiled.push({ case: test.name, engine, shares: sharesOf(profile, from) })
      process.stderr.write(`${test.name} on ${engine}: ${path.join(directory, file)}\n`)
    }
  }
  return profiled
}

interface Recording extends Pick<Options, 'connections' | 'warmUpMs' | 'windowMs' | 'rounds'> {
  readonly engine: Engine
  readonly environment: Environment
  readonly directory: string
  readonly file: string
}

/** Writes a profile of a server's whole life; answers when the window to look at began, in microseconds of its clock. */
async function recorded(test: Case, recording: Recording): Promise<number> {
  const { engine, environment, directory, file, connections, warmUpMs, windowMs, rounds } =
    recording
  const start = await environment.prepare(`profile-${engine}-${test.name}`, engine)
  const server = await startFirebrand({
    ...start,
    nodeFlags: [
      '--cpu-prof',
      '--cpu-prof-interval=200',
      `--cpu-prof-dir=${directory}`,
      `--cpu-prof-name=${file}`,
    ],
  })
  let began = 0
  const leave = await server.enter?.(test.name)
  try {
    const { addresses, dialect } = server
    const load = await Load.prepare(test, dialect, { addresses, connections })
    const begin = () => {
      began = now()
    }
    await load.run({ warmUpMs, windowMs: windowMs * rounds }, { begin, end: () => {} })
  } finally {
    await leave?.()
    await server.stop()
  }
  return began
}

/** Microseconds of the monotonic clock, which is that of V8's profiles. */
function now(): number {
  return Number(process.hrtime.bigint() / 1000n)
}
