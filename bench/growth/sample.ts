/** Tokens of authorizations that were never made by a request: spread over a database that the loader filled. */

import { DatabaseSync } from 'node:sqlite'
import { Client } from 'pg'
import { asChainId, asGrantId, asSubject, instant, Secret } from '../../src/brand.ts'
import { sqliteFile } from '../../src/config/dsn.ts'
import { systemRandom } from '../../src/node/random.ts'
import { createSealer } from '../../src/tokens/aead-sealer.ts'
import { mintAccessToken } from '../../src/tokens/access-token.ts'
import { mintRefreshToken } from '../../src/tokens/code-and-refresh-token.ts'
import { sealGrantSession } from '../../src/tokens/grant-session.ts'

/** The first of `secrets.system`: the same for the server and for those who make tokens in its name. */
export const systemSecret = 'the system secret of the growth bench'

/** Loaded grants whose tokens can be made. */
const maximum = 50_000

/** One of so many loaded grants is of the client of the bench, and its tokens can be used. Even, since every second grant has a chain. */
export function sampleShare(grants: number): number {
  return 2 * Math.max(1, Math.floor(grants / maximum / 2))
}

const sealer = createSealer({
  system: [new Secret(systemSecret)],
  cookie: [],
  pagination: [],
  random: systemRandom,
})

const hour = 3_600_000

/** A grant's sealed session as a usual code flow leaves it. */
export function sealedSession(): string {
  return sealGrantSession(
    sealer,
    {
      accessToken: {},
      idToken: {},
      userinfo: undefined,
      idTokenSubject: 'user-1',
      authTime: instant(Date.now()),
      acr: '',
      amr: [],
      nonce: systemRandom.hex(16),
      sid: systemRandom.uuid(),
      isHybrid: false,
      redirectUri: 'https://client.example/callback',
      codeChallenge: systemRandom.hex(32),
      requestUrl: `https://bench.example/oauth2/auth?state=${systemRandom.hex(32)}`,
      oidcContext: {},
      context: undefined as never,
    },
    true,
  )
}

/** An access token that is live for an hour, and the refresh token that goes with it. */
export interface SampledTokens {
  readonly access: string
  readonly refresh: string
}

interface SampledRow {
  readonly grant_id: string
  readonly id: string
  /** Text from PostgreSQL. */
  readonly generation: number | string
}

/** Makes tokens for loaded grants with a chain, from all over the table, in random order. */
export async function sampleTokens(
  dsn: string,
  clientId: string,
  most: number,
): Promise<SampledTokens[]> {
  const now = Math.floor(Date.now() / 1000) * 1000
  const tokens: SampledTokens[] = []
  for (const row of (await sampledRows(dsn, clientId)).slice(0, most)) {
    const grantId = asGrantId(row.grant_id)
    const chainId = asChainId(row.id)
    const generation = Number(row.generation)
    const access = await mintAccessToken(
      {
        sealer,
        random: systemRandom,
        settings: { strategies: { accessToken: 'opaque' } },
      } as never,
      {
        client: { client_id: clientId, access_token_strategy: 'opaque' } as never,
        subject: asSubject('user'),
        grantId,
        chainId,
        generation,
        scope: [],
        audience: [],
        issuedAt: instant(now),
        expiresAt: instant(now + hour),
        extra: {},
        authentication: undefined,
      },
    )
    const expiresAt = instant(now + hour)
    const issuedAt = instant(now)
    const refresh = mintRefreshToken(
      { sealer },
      { grantId, chainId, generation, issuedAt, expiresAt },
    )
    tokens.push({ access, refresh })
  }
  return tokens
}

async function sampledRows(dsn: string, clientId: string): Promise<SampledRow[]> {
  const sql = (client: string): string =>
    `select c.grant_id, c.id, c.generation from grants g join chains c on c.project_id = g.project_id and c.grant_id = g.id
     where g.project_id = 'default' and g.client_id = ${client} and g.subject like 'user-%' and g.subject <> 'user-1'
       and c.expires_at > ${Date.now() + 2 * hour}`
  const file = sqliteFile(dsn)
  const rows =
    file === undefined
      ? await askPostgres(dsn, sql('$1'), clientId)
      : askSqlite(file, sql('?'), clientId)
  return shuffled(rows)
}

function askSqlite(file: string, sql: string, clientId: string): SampledRow[] {
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    return database.prepare(sql).all(clientId) as unknown as SampledRow[]
  } finally {
    database.close()
  }
}

async function askPostgres(dsn: string, sql: string, clientId: string): Promise<SampledRow[]> {
  const client = new Client({ connectionString: dsn })
  await client.connect()
  try {
    return (await client.query<SampledRow>(sql, [clientId])).rows
  } finally {
    await client.end()
  }
}

function shuffled<T>(items: readonly T[]): T[] {
  const all = [...items]
  for (let last = all.length - 1; last > 0; last--) {
    const other = Math.floor(Math.random() * (last + 1))
    const [a, b] = [all[last], all[other]]
    if (a === undefined || b === undefined) continue
    all[last] = b
    all[other] = a
  }
  return all
}
