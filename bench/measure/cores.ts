import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Which cores the two sides of a measurement use. */
export interface Cores {
  /** The core that every server under test is pinned to, one server being loaded at a time. */
  readonly server: number | undefined
  /** The cores of the load generator and of PostgreSQL, as `taskset` writes lists. */
  readonly others: string | undefined
  /** One sentence for the report. */
  readonly description: string
}

/** Plans the pinning: the last allowed core for the server, the rest for the generator and PostgreSQL. */
export function planCores(): Cores {
  const allowed = allowedCores()
  const hasTaskset = spawnSync('taskset', ['--version'], { stdio: 'ignore' }).status === 0
  const server = allowed.at(-1)
  if (!hasTaskset || allowed.length < 2 || server === undefined) {
    const reason = hasTaskset ? 'there is only one core' : 'taskset is missing'
    return {
      server: undefined,
      others: undefined,
      description: `nothing is pinned (${reason}): the figures are not per core`,
    }
  }
  const others = allowed.slice(0, -1).join(',')
  return {
    server,
    others,
    description: `servers on core ${server}; load generator and PostgreSQL on ${others}`,
  }
}

/** No pinning: every process may use every core. */
export function anyCore(): Cores {
  return { server: undefined, others: undefined, description: 'nothing is pinned' }
}

/** Moves this process, and with it all children that are not pinned elsewhere, to the generator's cores. */
export function pinGenerator(cores: Cores): void {
  if (cores.others === undefined) return
  spawnSync('taskset', ['-a', '-c', '-p', cores.others, String(process.pid)], { stdio: 'ignore' })
}

/** The command line that starts `command` on the server's core. */
export function pinned(cores: Cores, command: readonly string[]): string[] {
  return cores.server === undefined
    ? [...command]
    : ['taskset', '-c', String(cores.server), ...command]
}

function allowedCores(): number[] {
  let list: string
  try {
    list =
      /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? ''
  } catch {
    return [] // not Linux: taskset is missing as well
  }
  return list.split(',').flatMap((range) => {
    const [first = 0, last = first] = range.split('-').map(Number)
    return Array.from({ length: last - first + 1 }, (_, index) => first + index)
  })
}
