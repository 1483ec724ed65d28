import { readFileSync } from 'node:fs'

/** What a process and its children have used. */
export interface Usage {
  /** CPU time in user and kernel mode since their start, in milliseconds. */
  readonly cpuMs: number
  /** Resident memory now, in bytes; pages that processes share are counted once per process. */
  readonly rssBytes: number
}

/** Linux counts CPU time in ticks of 10 ms on every architecture that Node supports. */
const msPerTick = 10

/**
 * Reads the usage of a process tree from `/proc`.
 *
 * @returns `undefined` without a pid, without `/proc`, or when the process has ended.
 */
export function readUsage(pid: number | undefined): Usage | undefined {
  if (pid === undefined) return undefined
  try {
    let cpuMs = 0
    let rssBytes = 0
    for (const each of [pid, ...descendants(pid)]) {
      const stat = readFileSync(`/proc/${each}/stat`, 'utf8')
      // The second field is a name in parentheses and may hold spaces: count from its end.
      const fields = stat
        .slice(stat.lastIndexOf(')') + 2)
        .split(' ')
        .map(Number)
      const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields.slice(11, 15)
      cpuMs += (user + system + endedUser + endedSystem) * msPerTick
      rssBytes += residentBytes(each)
    }
    return { cpuMs, rssBytes }
  } catch {
    return undefined
  }
}

/** CPU time of the whole machine since its start in milliseconds, of all cores together; `undefined` without `/proc`. */
export function readMachineMs(): number | undefined {
  try {
    const line = /^cpu +(.+)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1] ?? ''
    // user, nice, system, idle, iowait, irq, softirq, steal; what follows is counted in these already.
    const ticks = line.split(' ').slice(0, 8).map(Number)
    return (
      ticks.reduce((sum, each, index) => (index === 3 || index === 4 ? sum : sum + each), 0) *
      msPerTick
    )
  } catch {
    return undefined
  }
}

function residentBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s*(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024
}

function descendants(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .split(' ')
    .filter((each) => each.trim() !== '')
    .map(Number)
  return children.flatMap((child) => [child, ...descendants(child)])
}
