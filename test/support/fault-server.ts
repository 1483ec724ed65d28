/** A `firebrand serve` process that can be killed and started again at the same address, over the same database. */

import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { FlowServer } from './browser-flow.ts'
import { freePorts } from './free-port.ts'

const cli = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

/** A server process and the ways to end it. */
export interface FaultServer extends FlowServer {
  readonly publicUrl: string
  readonly adminUrl: string
  /** The configuration file, for other commands on the same database. */
  readonly file: string
  /** Process id of the server that runs now. */
  readonly pid: () => number
  /** What the processes wrote to the standard error so far, the last 100,000 characters. */
  readonly stderr: () => string
  /** Starts a process; resolves when it is ready. `around` runs it: a program and its first arguments. */
  start(around?: readonly string[]): Promise<void>
  /** Ends the process with a signal; resolves when it is gone. */
  end(signal?: NodeJS.Signals): Promise<void>
  /** Ends the process and starts one with a changed configuration. */
  reconfigure(changes: Readonly<Record<string, unknown>>): Promise<void>
  /** Ends the process for good and deletes the configuration. */
  close(): Promise<void>
}

/**
 * Prepares a server over the database and migrates that; starts nothing yet.
 *
 * @param wrapper runs every process: a program and its first arguments.
 */
export async function faultServer(
  dsn: string,
  config: Readonly<Record<string, unknown>> = {},
  wrapper: readonly string[] = [],
): Promise<FaultServer> {
  const folder = await mkdtemp(join(tmpdir(), 'firebrand-fault-'))
  const [publicPort = 0, adminPort = 0] = await freePorts(2)
  const file = join(folder, 'firebrand.json')
  const place = (port: number) => ({ host: '127.0.0.1', port })
  const { serve = {}, ...others } = config
  let all = {
    dsn,
    urls: {
      self: { issuer: 'https://id.example/' },
      login: 'https://app.example/login',
      consent: 'https://app.example/consent',
    },
    secrets: { system: ['the secret of the fault tests'] },
    signing: { id_token: { algorithm: 'ES256' } },
    log: { level: 'error' },
    janitor: { interval: '1s' },
    // One process: the one that is killed is the one that serves.
    serve: { workers: 1, public: place(publicPort), admin: place(adminPort), ...(serve as object) },
    ...others,
  }
  await writeFile(file, JSON.stringify(all))
  await migrate(file, wrapper)
  const publicUrl = `http://127.0.0.1:${publicPort}`
  const adminUrl = `http://127.0.0.1:${adminPort}`
  let child: ChildProcess | undefined
  let stderr = ''
  const server: FaultServer = {
    publicUrl,
    adminUrl,
    file,
    pid: () => child?.pid ?? 0,
    stderr: () => stderr,
    publicFetch: (path, init) => fetch(`${publicUrl}${path}`, init),
    adminFetch: (path, init) => fetch(`${adminUrl}${path}`, init),
    async start(around = wrapper) {
      const [program, ...args] = [...around, process.execPath, cli, 'serve', '--config', file]
      const started = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] })
      child = started
      started.stderr.setEncoding('utf8').on('data', (text: string) => {
        stderr = (stderr + text).slice(-100_000)
      })
      for (let attempt = 0; attempt < 600; attempt += 1) {
        if (started.exitCode !== null) throw new Error(`serve ended: ${stderr}`)
        const ready = await server.adminFetch('/health/ready').catch(() => undefined)
        if (ready?.status === 200) return
        await delay(25)
      }
      throw new Error(`serve did not become ready: ${stderr}`)
    },
    async end(signal = 'SIGKILL') {
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      child.kill(signal)
      await gone
    },
    async reconfigure({ serve: listeners = {}, ...changes }) {
      await server.end()
      all = { ...all, ...changes, serve: { ...all.serve, ...(listeners as object) } }
      await writeFile(file, JSON.stringify(all))
      await server.start()
    },
    async close() {
      await server.end()
      await rm(folder, { recursive: true, force: true })
    },
  }
  return server
}

/** Runs `migrate up` with a configuration; throws with its output when it fails. */
export async function migrate(file: string, wrapper: readonly string[] = []): Promise<void> {
  const [program, ...args] = [
    ...wrapper,
    process.execPath,
    cli,
    'migrate',
    'up',
    '--yes',
    '--config',
    file,
  ]
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`migrate up ended with ${code}: ${stderr}`)
}
