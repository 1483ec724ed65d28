/** A `firebrand serve` process on free ports. */

import type { ChildProcess } from 'node:child_process'
import { startCli, type CliOptions } from './cli.ts'
import { freePorts } from './free-port.ts'

export interface CliServer {
  readonly publicUrl: string
  readonly adminUrl: string
  readonly pid: number
  signal(name: NodeJS.Signals): void
  /** What the process has written so far. */
  readonly stdout: () => string
  readonly stderr: () => string
  /** Tells the process to end, and gives its exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

const running = new Set<ChildProcess>()

/** Ends what failed tests left behind. For `afterAll` of every file that starts servers. */
export function killCliServers(): void {
  for (const child of running) child.kill('SIGKILL')
}

/** Starts a server and waits until it listens. Throws with its output when it ends before. */
export async function startCliServer(
  args: readonly string[],
  options: CliOptions = {},
): Promise<CliServer> {
  const [publicPort, adminPort] = await freePorts(2)
  const env = {
    SERVE_PUBLIC_PORT: String(publicPort),
    SERVE_ADMIN_PORT: String(adminPort),
    ...options.env,
  }
  const child = startCli(['serve', ...args], { ...options, env })
  running.add(child)
  child.once('close', () => running.delete(child))
  const text = { stdout: '', stderr: '' }
  const exit = new Promise<number | null>((resolve) => {
    child.once('close', resolve)
  })
  const listening = new Promise<void>((resolve) => {
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (more: string) => {
        text[stream] += more
        if (text.stderr.includes('msg=Listening.')) resolve()
      })
    }
  })
  const ended = exit.then((code) => {
    throw new Error(`serve ended with ${code}: ${text.stderr}`)
  })
  await Promise.race([listening, ended])
  ended.catch(() => undefined)
  return {
    publicUrl: `http://127.0.0.1:${publicPort}`,
    adminUrl: `http://127.0.0.1:${adminPort}`,
    pid: child.pid ?? 0,
    signal: (name) => void child.kill(name),
    stdout: () => text.stdout,
    stderr: () => text.stderr,
    stop(signal = 'SIGTERM') {
      child.kill(signal)
      return exit
    },
  }
}
