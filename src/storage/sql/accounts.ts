import type { ProjectId, Subject } from '../../brand.ts'
import { err, ok } from '../../result.ts'
import type { Account, AccountStore } from '../storage.ts'
import { accountColumns } from './columns.ts'
import { UniqueViolation, type Engine } from './engine.ts'
import type { AccountRow } from './schema.ts'
import { query } from './statement.ts'

interface ById {
  readonly project: ProjectId
  readonly id: Subject
}

const insert = query((db, row: AccountRow) =>
  db
    .insertInto('accounts')
    .values({
      project_id: row.project_id,
      id: row.id,
      email: row.email,
      email_key: row.email_key,
      name: row.name,
      password_hash: row.password_hash,
      sealed_profile: row.sealed_profile,
      created_at: row.created_at,
      updated_at: row.updated_at,
      disabled_at: row.disabled_at,
    })
    .onConflict((conflict) => conflict.doNothing()),
)

const find = query((db, p: ById) =>
  db
    .selectFrom('accounts')
    .select(accountColumns)
    .where('project_id', '=', p.project)
    .where('id', '=', p.id),
)

const findByEmail = query((db, p: { project: ProjectId; key: string }) =>
  db
    .selectFrom('accounts')
    .select(accountColumns)
    .where('project_id', '=', p.project)
    .where('email_key', '=', p.key),
)

const list = query((db, p: { project: ProjectId; after: string; limit: number }) =>
  db
    .selectFrom('accounts')
    .select(accountColumns)
    .where('project_id', '=', p.project)
    .where('email_key', '>', p.after)
    .orderBy('email_key')
    .limit(p.limit),
)

const update = query((db, row: AccountRow) =>
  db
    .updateTable('accounts')
    .set({
      email: row.email,
      email_key: row.email_key,
      name: row.name,
      password_hash: row.password_hash,
      sealed_profile: row.sealed_profile,
      created_at: row.created_at,
      updated_at: row.updated_at,
      disabled_at: row.disabled_at,
    })
    .where('project_id', '=', row.project_id)
    .where('id', '=', row.id),
)

const updateHash = query((db, p: ById & { readonly from: string; readonly to: string }) =>
  db
    .updateTable('accounts')
    .set({ password_hash: p.to })
    .where('project_id', '=', p.project)
    .where('id', '=', p.id)
    .where('password_hash', '=', p.from),
)

const remove = query((db, p: ById) =>
  db.deleteFrom('accounts').where('project_id', '=', p.project).where('id', '=', p.id),
)

/** The built-in users of one project. */
export function accountStore(engine: Engine, project: ProjectId): AccountStore {
  return {
    async create(account) {
      const { changes } = await engine.write(insert(toRow(project, account)))
      return changes === 1 ? ok(undefined) : err('already_exists')
    },

    async find(id) {
      const [row] = await engine.read(find({ project, id }))
      return row === undefined ? undefined : toAccount(row)
    },

    async findByEmail(email) {
      const [row] = await engine.read(findByEmail({ project, key: email.toLowerCase() }))
      return row === undefined ? undefined : toAccount(row)
    },

    async list({ after, limit }) {
      const key = after?.toLowerCase() ?? ''
      return (await engine.read(list({ project, after: key, limit }))).map(toAccount)
    },

    async replace(account) {
      try {
        const { changes } = await engine.write(update(toRow(project, account)))
        return changes === 1 ? ok(undefined) : err('not_found')
      } catch (error) {
        if (error instanceof UniqueViolation) return err('already_exists')
        throw error
      }
    },

    async replacePasswordHash(id, change) {
      return (await engine.write(updateHash({ project, id, ...change }))).changes === 1
    },

    async delete(id) {
      return (await engine.write(remove({ project, id }))).changes === 1
    },
  }
}

function toRow(project: ProjectId, account: Account): AccountRow {
  return {
    project_id: project,
    id: account.id,
    email: account.email,
    email_key: account.email.toLowerCase(),
    name: account.name,
    password_hash: account.passwordHash,
    sealed_profile: account.sealedProfile,
    created_at: account.createdAt,
    updated_at: account.updatedAt,
    disabled_at: account.disabledAt ?? null,
  }
}

function toAccount(row: AccountRow): Account {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    passwordHash: row.password_hash,
    sealedProfile: row.sealed_profile,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    disabledAt: row.disabled_at ?? undefined,
  }
}
