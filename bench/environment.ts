import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { clientsInList } from './case.ts'
import type { Case } from './case.ts'
import type { Amounts } from './load-data.ts'
import type { Cores } from './measure/cores.ts'
import type { Options } from './options.ts'
import { startBare } from './servers/bare.ts'
import { connectByUrl } from './servers/by-url.ts'
import { killAllChildren } from './servers/child.ts'
import { startFirebrand } from './servers/firebrand.ts'
import { startOidcProvider } from './servers/oidc-provider.ts'
import { startPostgres } from './servers/postgres.ts'
import type { Postgres } from './servers/postgres.ts'
import type { Database, Engine, ServerUnderTest, StartOptions } from './servers/server.ts'

const starters = { 'oidc-provider': startOidcProvider, firebrand: startFirebrand } as const

/** What `list_clients` needs. */
const manyClients: Amounts = { clients: clientsInList, grants: 0, revoked: 0 }

/** One of several ways to run Firebrand. */
export interface Variant {
  readonly name: string
  readonly workers: number
  readonly cores: Cores
}

/** The servers, the database and the directory of one run; `close` removes all of it. */
export class Environment {
  readonly servers: ServerUnderTest[] = []
  /** What was asked for and could not be started, with the reason. */
  readonly missing: string[] = []
  readonly #directory: string
  readonly #cores: Cores
  #postgres: Postgres | undefined

  constructor(cores: Cores) {
    this.#cores = cores
    this.#directory = mkdtempSync(path.join(tmpdir(), 'firebrand-bench-'))
    process.once('exit', () => {
      killAllChildren()
      rmSync(this.#directory, { recursive: true, force: true })
    })
  }

  /** Starts what the options ask for. */
  async start(options: Options): Promise<void> {
    const { servers, engines, url } = options
    if (servers.includes('bare')) this.servers.push(await startBare(this.#startOptions('bare')))
    for (const kind of ['oidc-provider', 'firebrand'] as const) {
      if (!servers.includes(kind)) continue
      for (const engine of engines) {
        const name = `${kind}-${engine}`
        try {
          const database = await this.#database(engine, name)
          const start = { ...this.#startOptions(name), database, load: options.load }
          this.servers.push(await starters[kind](start))
        } catch (error) {
          this.missing.push(`${kind} on ${engine} was not measured: ${String(error)}`)
        }
      }
    }
    if (url !== undefined) this.servers.push(await connectByUrl(url))
  }

  /** Starts Firebrand once for each of these, called as they are. */
  async startVariants(variants: readonly Variant[], engine: Engine): Promise<void> {
    for (const { name, workers, cores } of variants) {
      const id = `workers-${engine}-${this.servers.length}`
      const database = await this.#database(engine, id)
      const server = await startFirebrand({ ...this.#startOptions(id), cores, database, workers })
      this.servers.push({ ...server, name })
    }
  }

  /** A directory and an empty database for a server that the caller starts and stops. */
  async prepare(name: string, engine: Engine): Promise<StartOptions> {
    return { ...this.#startOptions(name), database: await this.#database(engine, name) }
  }

  /** Runs `measure` with the servers for a case; Firebrand's may be started for it, and are stopped after it. */
  async withServersFor<T>(
    { needs }: Case,
    options: Options,
    measure: (servers: readonly ServerUnderTest[]) => Promise<T>,
  ): Promise<T> {
    if (needs === 'nothing' || options.load !== undefined) return measure(this.servers)
    const own: ServerUnderTest[] = []
    try {
      for (const { kind, engine } of this.servers) {
        if (kind !== 'firebrand' || engine === undefined) continue
        const name = `firebrand-clients-${engine}`
        const database = await this.#database(engine, name)
        own.push(await startFirebrand({ ...this.#startOptions(name), database, load: manyClients }))
      }
      const others = this.servers.filter(({ kind }) => kind !== 'firebrand')
      return await measure([...others, ...own])
    } finally {
      await Promise.all(own.map((server) => server.stop()))
    }
  }

  /** Stops everything; a second call does nothing. */
  async close(): Promise<void> {
    await Promise.all(this.servers.splice(0).map((server) => server.stop()))
    const postgres = this.#postgres
    this.#postgres = undefined
    await postgres?.stop()
    rmSync(this.#directory, { recursive: true, force: true })
  }

  #startOptions(name: string): StartOptions {
    const directory = path.join(this.#directory, name)
    mkdirSync(directory, { recursive: true })
    const nothing = { database: undefined, load: undefined, main: undefined, nodeFlags: [] }
    return { cores: this.#cores, directory, workers: 1, ...nothing }
  }

  async #database(engine: Database['engine'], name: string): Promise<Database> {
    if (engine === 'sqlite') return { engine }
    this.#postgres ??= await startPostgres()
    const url = await this.#postgres.createDatabase(name.replaceAll('-', '_'))
    return { engine, url, pid: this.#postgres.pid }
  }
}
