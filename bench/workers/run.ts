import { cpus } from 'node:os'
import { allCases } from '../cases/all.ts'
import type { Environment, Variant } from '../environment.ts'
import { anyCore } from '../measure/cores.ts'
import type { Cores } from '../measure/cores.ts'
import { disturbingShare } from '../measure/disturbance.ts'
import { measureCase } from '../measure/measure-case.ts'
import type { Options } from '../options.ts'
import { engineNames } from '../servers/server.ts'
import { judgeWorkers } from './results.ts'
import type { Way, WorkersCell, WorkersResults, WorkersVerdict } from './results.ts'

/** What {@link measureWorkers} gives; the caller adds when and on what. */
export type WorkersMeasured = Pick<WorkersResults, 'workers' | 'cells' | 'verdicts' | 'notes'>

/**
 * Runs every case on one worker that has a core to itself, on one worker on any core, and on N workers on any core, the three taking
 * turns. The generator needs a part of the same cores, so it never polls here, and how much it took is measured.
 *
 * @throws when servers cannot be pinned.
 */
export async function measureWorkers(
  options: Options & { readonly workers: number },
  environment: Environment,
  cores: Cores,
): Promise<WorkersMeasured> {
  const { workers } = options
  if (cores.server === undefined) throw new Error(`--workers: ${cores.description}`)
  const all = ways(workers, cores)
  for (const engine of options.engines) {
    const variants = all.map((each) => ({ ...each, name: `${engineNames[engine]}, ${each.title}` }))
    await environment.startVariants(variants, engine)
  }
  const cells: WorkersCell[] = []
  const tests = allCases.filter(({ name }) => options.cases.includes(name))
  for (const test of tests) {
    const how = { ...options, settles: test === tests[0], isPaced: false, mayPoll: false }
    for (const { server, summary, rounds } of await measureCase(test, environment.servers, how)) {
      const { name, engine } = server
      const way = all.find(({ title }) => name.endsWith(`, ${title}`))?.way
      if (way === undefined || engine === undefined) throw new Error(`${name} is not one of ours`)
      cells.push({ case: test.name, engine, way, server: name, summary, rounds })
    }
  }
  const machine = { workers, cores: cpus().length }
  const verdicts = judgeWorkers(cells, machine)
  return { workers, cells, verdicts, notes: notesOn(verdicts, machine) }
}

/** What `not shown` means here, when it is not the fault of other programs. */
function notesOn(
  verdicts: readonly WorkersVerdict[],
  { workers, cores }: { readonly workers: number; readonly cores: number },
): string[] {
  const isShort = verdicts.some(
    ({ outcome, otherCores }) => outcome === 'not shown' && otherCores <= disturbingShare * cores,
  )
  return isShort
    ? [
        `"not shown": the server had less than ${workers} of the ${cores} cores; at what an operation costs, ${workers} whole ones would keep the promise`,
      ]
    : []
}

interface NamedWay extends Omit<Variant, 'name'> {
  readonly way: Way
  readonly title: string
}

function ways(workers: number, cores: Cores): readonly NamedWay[] {
  return [
    { way: 'one core', title: '1 worker on one core', workers: 1, cores },
    { way: 'one worker', title: '1 worker', workers: 1, cores: anyCore() },
    { way: 'workers', title: `${workers} workers`, workers, cores: anyCore() },
  ]
}
