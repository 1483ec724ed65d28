import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Cores } from './measure/cores.ts'
import type { Options } from './options.ts'
import { startBare } from './servers/bare.ts'
import { connectByUrl } from './servers/by-url.ts'
import { killAllChildren } from './servers/child.ts'
import { startFirebrand } from './servers/firebrand.ts'
import { startOidcProvider } from './servers/oidc-provider.ts'
import { startPostgres } from './servers/postgres.ts'
import type { Postgres } from './servers/postgres.ts'
import type { Database, ServerUnderTest, StartOptions } from './servers/server.ts'

const starters = { 'oidc-provider': startOidcProvider, firebrand: startFirebrand } as const

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
    if (options.servers.includes('bare')) {
      this.servers.push(await startBare(this.#startOptions('bare', undefined, 0)))
    }
    for (const kind of ['oidc-provider', 'firebrand'] as const) {
      if (!options.servers.includes(kind)) continue
      for (const engine of options.engines) {
        const name = `${kind}-${engine}`
        try {
          const database = await this.#database(engine, name)
          this.servers.push(
            await starters[kind](this.#startOptions(name, database, options.loaded)),
          )
        } catch (error) {
          this.missing.push(`${kind} on ${engine} was not measured: ${String(error)}`)
        }
      }
    }
    if (options.url !== undefined) this.servers.push(await connectByUrl(options.url))
  }

  /** Stops everything; a second call does nothing. */
  async close(): Promise<void> {
    await Promise.all(this.servers.splice(0).map((server) => server.stop()))
    const postgres = this.#postgres
    this.#postgres = undefined
    await postgres?.stop()
    rmSync(this.#directory, { recursive: true, force: true })
  }

  #startOptions(name: string, database: Database | undefined, loaded: number): StartOptions {
    const directory = path.join(this.#directory, name)
    mkdirSync(directory, { recursive: true })
    return { cores: this.#cores, directory, database, loaded }
  }

  async #database(engine: Database['engine'], name: string): Promise<Database> {
    if (engine === 'sqlite') return { engine }
    this.#postgres ??= await startPostgres()
    const url = await this.#postgres.createDatabase(name.replaceAll('-', '_'))
    return { engine, url, pid: this.#postgres.pid }
  }
}
