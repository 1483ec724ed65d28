import { Pool } from 'pg'
import { cleanupIntervalSeconds, epochSeconds } from './oidc-provider-adapter.ts'
import type { AdapterFactory, Payload } from './oidc-provider-adapter.ts'

const schema = `
  CREATE TABLE IF NOT EXISTS payloads (
    model text NOT NULL,
    id text NOT NULL,
    payload jsonb NOT NULL,
    grant_id text,
    user_code text,
    uid text,
    expires_at bigint,
    consumed_at bigint,
    PRIMARY KEY (model, id)
  );
  CREATE INDEX IF NOT EXISTS payloads_grant ON payloads (model, grant_id) WHERE grant_id IS NOT NULL;
  CREATE INDEX IF NOT EXISTS payloads_uid ON payloads (model, uid) WHERE uid IS NOT NULL;
  CREATE INDEX IF NOT EXISTS payloads_user_code ON payloads (model, user_code) WHERE user_code IS NOT NULL;
  CREATE INDEX IF NOT EXISTS payloads_expiry ON payloads (expires_at) WHERE expires_at IS NOT NULL;
`

const columns = 'SELECT payload, consumed_at FROM payloads WHERE model = $1'
const live = 'AND (expires_at IS NULL OR expires_at > $3)'

const statements = {
  upsert: `
    INSERT INTO payloads (model, id, payload, grant_id, user_code, uid, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (model, id) DO UPDATE SET payload = excluded.payload, grant_id = excluded.grant_id,
      user_code = excluded.user_code, uid = excluded.uid, expires_at = excluded.expires_at`,
  find: `${columns} AND id = $2 ${live}`,
  findByUid: `${columns} AND uid = $2 ${live}`,
  findByUserCode: `${columns} AND user_code = $2 ${live}`,
  consume: 'UPDATE payloads SET consumed_at = $3 WHERE model = $1 AND id = $2',
  destroy: 'DELETE FROM payloads WHERE model = $1 AND id = $2',
  revoke: 'DELETE FROM payloads WHERE model = $1 AND grant_id = $2',
} as const

/**
 * A fair PostgreSQL adapter: one table, a pool, prepared statements, indexes for every look-up, and the server's
 * default durability (`fsync` and `synchronous_commit` on).
 */
export async function postgresAdapter(url: string): Promise<AdapterFactory> {
  const pool = new Pool({ connectionString: url, max: 20 })
  await pool.query(schema)
  const cleanup = (): void => {
    void pool.query('DELETE FROM payloads WHERE expires_at <= $1', [epochSeconds()])
  }
  setInterval(cleanup, cleanupIntervalSeconds * 1000).unref()

  async function run(
    name: keyof typeof statements,
    values: unknown[],
  ): Promise<Payload | undefined> {
    const { rows } = await pool.query<{ payload: Payload; consumed_at: string | null }>({
      name,
      text: statements[name],
      values,
    })
    const row = rows[0]
    if (row === undefined) return undefined
    if (row.consumed_at !== null) row.payload.consumed = Number(row.consumed_at)
    return row.payload
  }

  return (model) => ({
    upsert: async (id, payload, expiresIn) => {
      const expiresAt = expiresIn === undefined ? null : epochSeconds() + expiresIn
      const indexed = [payload.grantId, payload.userCode, payload.uid]
      await run('upsert', [model, id, payload, ...indexed, expiresAt])
    },
    find: (id) => run('find', [model, id, epochSeconds()]),
    findByUid: (uid) => run('findByUid', [model, uid, epochSeconds()]),
    findByUserCode: (code) => run('findByUserCode', [model, code, epochSeconds()]),
    consume: async (id) => {
      await run('consume', [model, id, epochSeconds()])
    },
    destroy: async (id) => {
      await run('destroy', [model, id])
    },
    revokeByGrantId: async (grantId) => {
      await run('revoke', [model, grantId])
    },
  })
}
