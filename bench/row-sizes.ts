/**
 * Measures what a login leaves in the database: `node bench/row-sizes.ts [--flows N]` runs real code flows on both engines and prints
 * the bytes of a row of each table, indexes included, as the table of docs/storage.md.
 */

import { mkdtempSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { Client } from 'pg'
import {
  codeFlow,
  createClient,
  ownPages,
  postForm,
  requestTokens,
} from '../test/support/code-flow.ts'
import { startServer } from '../test/support/server.ts'
import { startPostgres } from './servers/postgres.ts'

/** Rows of a table, bytes of its rows, bytes of its indexes. */
interface Size {
  readonly name: string
  readonly rows: number
  readonly table: number
  readonly indexes: number
}

const tables = [
  'grants',
  'chains',
  'login_sessions',
  'spent_verifiers',
  'revoked_tokens',
  'clients',
]

/** Lets users log in, and revokes as many tokens of a machine. */
async function fill(dsn: string, flows: number): Promise<void> {
  const server = await startServer(dsn, { config: ownPages })
  try {
    const scope = 'openid offline_access'
    const grantTypes = ['client_credentials', 'authorization_code', 'refresh_token']
    const client = await createClient(server, { scope, grant_types: grantTypes })
    for (let n = 0; n < flows / 10; n++) await createClient(server, { scope })
    let next = 0
    const work = async (): Promise<void> => {
      while (next < flows) {
        next += 1
        await codeFlow(server, client, { scope, subject: crypto.randomUUID() })
        const { access_token: token } = await requestTokens(server, client, {
          grant_type: 'client_credentials',
        })
        await postForm(server.publicFetch, '/oauth2/revoke', { token }, client)
      }
    }
    await Promise.all(Array.from({ length: 8 }, work))
  } finally {
    await server.close()
  }
}

function sizesOfSqlite(file: string): Size[] {
  const database = new DatabaseSync(file)
  try {
    database.exec('pragma wal_checkpoint(truncate)')
    return tables.map((name) => {
      const number = (sql: string): number => Number(database.prepare(sql).get()?.['n'] ?? 0)
      const pages = `select coalesce(sum(pgsize), 0) n from dbstat where name`
      return {
        name,
        rows: number(`select count(*) n from ${name}`),
        table: number(`${pages} = '${name}'`),
        indexes: number(
          `${pages} in (select name from sqlite_schema where type = 'index' and tbl_name = '${name}')`,
        ),
      }
    })
  } finally {
    database.close()
  }
}

async function sizesOfPostgres(dsn: string): Promise<Size[]> {
  const client = new Client({ connectionString: dsn })
  await client.connect()
  try {
    await client.query('vacuum')
    const sizes: Size[] = []
    for (const name of tables) {
      const { rows } = await client.query<Record<'n' | 't' | 'i', string>>(
        `select (select count(*) from ${name}) n, pg_table_size('${name}') t, pg_indexes_size('${name}') i`,
      )
      const [{ n, t, i } = { n: 0, t: 0, i: 0 }] = rows
      sizes.push({ name, rows: Number(n), table: Number(t), indexes: Number(i) })
    }
    return sizes
  } finally {
    await client.end()
  }
}

function perRow(sizes: readonly Size[]): Map<string, string> {
  return new Map(
    sizes.map(({ name, rows, table, indexes }) => [
      name,
      `${Math.round(table / rows)} + ${Math.round(indexes / rows)}`,
    ]),
  )
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { flows: { type: 'string', default: '4000' } } })
  const flows = Number(values.flows)
  const directory = mkdtempSync(path.join(tmpdir(), 'firebrand-rows-'))
  const postgres = await startPostgres()
  try {
    const file = path.join(directory, 'firebrand.sqlite')
    await fill(`sqlite://${file}`, flows)
    const url = await postgres.createDatabase('rows')
    await fill(url, flows)
    const sqlite = perRow(sizesOfSqlite(file))
    const pg = perRow(await sizesOfPostgres(url))
    for (const name of tables)
      console.log(`| \`${name}\` | ${sqlite.get(name)} | ${pg.get(name)} |`)
  } finally {
    await postgres.stop()
    rmSync(directory, { recursive: true, force: true })
  }
}
