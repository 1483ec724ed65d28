import { DatabaseSync } from 'node:sqlite'
import { cleanupIntervalSeconds, epochSeconds } from './oidc-provider-adapter.ts'
import type { AdapterFactory, Payload } from './oidc-provider-adapter.ts'

const schema = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA busy_timeout = 5000;
  CREATE TABLE IF NOT EXISTS payloads (
    model TEXT NOT NULL,
    id TEXT NOT NULL,
    payload TEXT NOT NULL,
    grant_id TEXT,
    user_code TEXT,
    uid TEXT,
    expires_at INTEGER,
    consumed_at INTEGER,
    PRIMARY KEY (model, id)
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS payloads_grant ON payloads (model, grant_id) WHERE grant_id IS NOT NULL;
  CREATE INDEX IF NOT EXISTS payloads_uid ON payloads (model, uid) WHERE uid IS NOT NULL;
  CREATE INDEX IF NOT EXISTS payloads_user_code ON payloads (model, user_code) WHERE user_code IS NOT NULL;
  CREATE INDEX IF NOT EXISTS payloads_expiry ON payloads (expires_at) WHERE expires_at IS NOT NULL;
`

/**
 * A fair SQLite adapter: one table, prepared statements, indexes for every look-up, WAL, and a commit that is on
 * disk before the answer (`synchronous = FULL`), which is the durability that Firebrand gives.
 */
export function sqliteAdapter(file: string): AdapterFactory {
  const database = new DatabaseSync(file)
  database.exec(schema)
  const live = 'AND (expires_at IS NULL OR expires_at > ?)'
  const columns = 'SELECT payload, consumed_at FROM payloads WHERE model = ?'
  const upsert = database.prepare(`
    INSERT INTO payloads (model, id, payload, grant_id, user_code, uid, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (model, id) DO UPDATE SET payload = excluded.payload, grant_id = excluded.grant_id,
      user_code = excluded.user_code, uid = excluded.uid, expires_at = excluded.expires_at`)
  const find = database.prepare(`${columns} AND id = ? ${live}`)
  const findByUid = database.prepare(`${columns} AND uid = ? ${live}`)
  const findByUserCode = database.prepare(`${columns} AND user_code = ? ${live}`)
  const consume = database.prepare('UPDATE payloads SET consumed_at = ? WHERE model = ? AND id = ?')
  const destroy = database.prepare('DELETE FROM payloads WHERE model = ? AND id = ?')
  const revoke = database.prepare('DELETE FROM payloads WHERE model = ? AND grant_id = ?')
  const cleanup = database.prepare('DELETE FROM payloads WHERE expires_at <= ?')
  setInterval(() => cleanup.run(epochSeconds()), cleanupIntervalSeconds * 1000).unref()

  return (model) => ({
    upsert: async (id, payload, expiresIn) => {
      const { grantId = null, userCode = null, uid = null } = payload
      const expiresAt = expiresIn === undefined ? null : epochSeconds() + expiresIn
      upsert.run(model, id, JSON.stringify(payload), grantId, userCode, uid, expiresAt)
    },
    find: async (id) => parse(find.get(model, id, epochSeconds())),
    findByUid: async (uid) => parse(findByUid.get(model, uid, epochSeconds())),
    findByUserCode: async (code) => parse(findByUserCode.get(model, code, epochSeconds())),
    consume: async (id) => {
      consume.run(epochSeconds(), model, id)
    },
    destroy: async (id) => {
      destroy.run(model, id)
    },
    revokeByGrantId: async (grantId) => {
      revoke.run(model, grantId)
    },
  })
}

function parse(row: Record<string, unknown> | undefined): Payload | undefined {
  if (row === undefined) return undefined
  const payload = JSON.parse(String(row['payload'])) as Payload
  if (typeof row['consumed_at'] === 'number') payload.consumed = row['consumed_at']
  return payload
}
