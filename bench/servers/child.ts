import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { pinned } from '../measure/cores.ts'
import { eventLoopOf, eventLoopPreload } from '../measure/event-loop.ts'
import type { EventLoop } from '../measure/event-loop.ts'
import type { Cores } from '../measure/cores.ts'

/** How a child ended. */
export interface Ended {
  readonly code: number | null
  readonly reason: string
}

/** A child process and the end of what it wrote to its standard error. */
export interface Child {
  readonly pid: number
  /** The first line of its standard output; rejects when it ends before writing one. */
  readonly firstLine: Promise<string>
  /** Rejects with its standard error when it ends without being asked to. */
  readonly failure: Promise<never>
  /** Resolves, when it has ended, with how it ended and its standard error. */
  readonly ended: Promise<Ended>
  readonly eventLoop: EventLoop | undefined
  /** Asks it to end, and insists after five seconds. */
  stop(): Promise<void>
}

const children = new Set<ChildProcess>()

/** Kills every child that still runs; synchronous, for the `exit` event. */
export function killAllChildren(): void {
  for (const child of children) child.kill('SIGKILL')
}

/** How a process is started. */
export interface SpawnOptions {
  readonly cores: Cores
  readonly cwd?: string
  /** Whether its event loop is watched; it is unless told otherwise. */
  readonly isWatched?: boolean
  /** What it finds in its environment beside PATH, HOME and NODE_ENV. */
  readonly env?: Readonly<Record<string, string>>
}

/** Starts `node` with these arguments on the server's core, and watches its event loop unless told not to. */
export function spawnNode(args: readonly string[], options: SpawnOptions): Child {
  const isWatched = options.isWatched ?? true
  const [command = '', ...rest] = pinned(options.cores, [
    process.execPath,
    ...(isWatched ? eventLoopPreload : []),
    ...args,
  ])
  const child = spawn(command, rest, {
    cwd: options.cwd,
    stdio: ['ignore', 'pipe', 'pipe', ...(isWatched ? (['ipc'] as const) : [])],
    // Nothing else is inherited: a stray DSN or SECRETS_SYSTEM would win over the config file of a server.
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      NODE_ENV: 'production',
      ...options.env,
    },
  })
  children.add(child)
  let errors = ''
  let output = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    errors = `${errors}${chunk.toString()}`.slice(-4000)
  })
  const ended = new Promise<Ended>((resolve) => {
    child.once('error', (error) => resolve({ code: null, reason: String(error) }))
    child.once('close', (code, signal) =>
      resolve({ code, reason: `it ended (${signal ?? code})\n${errors}` }),
    )
  })
  void ended.then(() => children.delete(child))
  let stopping = false
  const failure = ended.then(async ({ reason }): Promise<never> => {
    if (stopping) return new Promise(() => {})
    throw new Error(`${args.join(' ')}: ${reason}`)
  })
  failure.catch(() => {})
  const firstLine = new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      if (output.includes('\n')) return
      output += chunk.toString()
      const [line = '', ...more] = output.split('\n')
      if (more.length > 0) resolve(line)
    })
    failure.catch(reject)
  })
  firstLine.catch(() => {})
  return {
    pid: child.pid ?? 0,
    firstLine,
    failure,
    ended,
    eventLoop: isWatched ? eventLoopOf(child, failure) : undefined,
    stop: async () => {
      stopping = true
      child.kill('SIGTERM')
      const insist = setTimeout(() => child.kill('SIGKILL'), 5000)
      await ended
      clearTimeout(insist)
    },
  }
}

/** Reads the `{"port": …}` line of our own peer processes. */
export async function announcedPort(child: Child): Promise<number> {
  const { port } = JSON.parse(await child.firstLine) as { port: number }
  return port
}
