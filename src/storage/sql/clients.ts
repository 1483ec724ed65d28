import type { ClientId, Instant, ProjectId } from '../../brand.ts'
import { asClientId } from '../../brand.ts'
import type { Client } from '../../protocol/client.ts'
import { err, ok } from '../../result.ts'
import type { ClientRecord, ClientStore } from '../storage.ts'
import { FreshCache } from './cache.ts'
import { clientColumns } from './columns.ts'
import { change, finish, first } from './engine.ts'
import { parseList, parseStored } from './json-text.ts'
import { managedWrite, type Managed } from './managed-writes.ts'
import type { ClientRow } from './schema.ts'
import { query } from './statement.ts'

const cachedClients = 10_000

const insert = query((db, row: ClientRow) =>
  db
    .insertInto('clients')
    .values({
      project_id: row.project_id,
      client_id: row.client_id,
      client_name: row.client_name,
      owner: row.owner,
      document: row.document,
      secret_hash: row.secret_hash,
      rotated_secret_hashes: row.rotated_secret_hashes,
      registration_access_token_hash: row.registration_access_token_hash,
      tokens_valid_after: row.tokens_valid_after,
      version: row.version,
    })
    .onConflict((conflict) => conflict.doNothing()),
)

const find = query((db, p: { project: ProjectId; id: ClientId }) =>
  db
    .selectFrom('clients')
    .select(clientColumns)
    .where('project_id', '=', p.project)
    .where('client_id', '=', p.id),
)

interface Page {
  readonly project: ProjectId
  readonly after: ClientId
  readonly limit: number
  readonly clientName: string
  readonly owner: string
}

/** One query for each set of filters. */
function listQuery(byName: boolean, byOwner: boolean) {
  return query((db, p: Page) =>
    db
      .selectFrom('clients')
      .select(clientColumns)
      .where('project_id', '=', p.project)
      .where('client_id', '>', p.after)
      .$if(byName, (it) => it.where('client_name', '=', p.clientName))
      .$if(byOwner, (it) => it.where('owner', '=', p.owner))
      .orderBy('client_id')
      .limit(p.limit),
  )
}

const list = {
  all: listQuery(false, false),
  byName: listQuery(true, false),
  byOwner: listQuery(false, true),
  byBoth: listQuery(true, true),
} as const

const update = query((db, p: ClientRow & { readonly if_version: number }) =>
  db
    .updateTable('clients')
    .set({
      client_name: p.client_name,
      owner: p.owner,
      document: p.document,
      secret_hash: p.secret_hash,
      rotated_secret_hashes: p.rotated_secret_hashes,
      registration_access_token_hash: p.registration_access_token_hash,
      tokens_valid_after: p.tokens_valid_after,
      version: p.version,
    })
    .where('project_id', '=', p.project_id)
    .where('client_id', '=', p.client_id)
    .where('version', '=', p.if_version),
)

const remove = query((db, p: { project: ProjectId; id: ClientId }) =>
  db.deleteFrom('clients').where('project_id', '=', p.project).where('client_id', '=', p.id),
)

const removeGrants = query((db, p: { project: ProjectId; id: ClientId }) =>
  db.deleteFrom('grants').where('project_id', '=', p.project).where('client_id', '=', p.id),
)

const removeDeviceRequests = query((db, p: { project: ProjectId; id: ClientId }) =>
  db
    .deleteFrom('device_requests')
    .where('project_id', '=', p.project)
    .where('client_id', '=', p.id),
)

const removeForcedSubjects = query((db, p: { project: ProjectId; id: ClientId }) =>
  db
    .deleteFrom('forced_subjects')
    .where('project_id', '=', p.project)
    .where('client_id', '=', p.id),
)

const moveTokensValidAfter = query(
  (db, p: { project: ProjectId; id: ClientId; validAfter: Instant }) =>
    db
      .updateTable('clients')
      .set((eb) => ({ tokens_valid_after: p.validAfter, version: eb('version', '+', 1) }))
      .where('project_id', '=', p.project)
      .where('client_id', '=', p.id)
      .where('tokens_valid_after', '<', p.validAfter),
)

/** Clients of one project, answered from memory while nobody writes. */
export function clientStore(managed: Managed): ClientStore {
  const { engine, project, freshness } = managed
  const cache = new FreshCache<ClientRecord>(freshness, cachedClients)

  async function load(id: ClientId): Promise<ClientRecord | undefined> {
    const [row] = await engine.read(find({ project, id }))
    return row === undefined ? undefined : toRecord(row)
  }

  return {
    create: (record) =>
      managedWrite(managed, function* create(announcer) {
        const inserted = yield* change(insert(toRow(project, record)))
        if (inserted === 0) return err('already_exists')
        yield* finish(announcer.move())
        return ok(undefined)
      }),

    find: (id) => cache.get(id, () => load(id)),

    async list({ after, limit, clientName, owner }) {
      const page = {
        project,
        after: after ?? asClientId(''),
        limit,
        clientName: clientName ?? '',
        owner: owner ?? '',
      }
      const which =
        clientName === undefined
          ? owner === undefined
            ? list.all
            : list.byOwner
          : owner === undefined
            ? list.byName
            : list.byBoth
      return (await engine.read(which(page))).map(toRecord)
    },

    replace: (record, ifVersion) =>
      managedWrite(managed, function* replace(announcer) {
        const row = { ...toRow(project, record), version: ifVersion + 1, if_version: ifVersion }
        if ((yield* change(update(row))) === 1) {
          announcer.changed()
          yield* finish(announcer.move())
          return ok(undefined)
        }
        const present = yield* first(find({ project, id: record.client.client_id }))
        return err(present === undefined ? 'not_found' : 'conflict')
      }),

    delete: (id) =>
      managedWrite(managed, function* remove_(announcer) {
        if ((yield* change(remove({ project, id }))) === 0) return false
        announcer.changed()
        yield* finish(
          removeGrants({ project, id }),
          removeForcedSubjects({ project, id }),
          removeDeviceRequests({ project, id }),
          announcer.move(),
        )
        return true
      }),

    revokeAccessTokens: (id, validAfter) =>
      managedWrite(managed, function* revoke(announcer) {
        if ((yield* change(moveTokensValidAfter({ project, id, validAfter }))) === 0) return
        announcer.changed()
        yield* finish(announcer.move())
      }),
  }
}

function toRow(project: ProjectId, record: ClientRecord): ClientRow {
  const { client } = record
  return {
    project_id: project,
    client_id: client.client_id,
    client_name: client.client_name,
    owner: client.owner,
    document: JSON.stringify(client),
    secret_hash: record.secretHash,
    rotated_secret_hashes: JSON.stringify(record.rotatedSecretHashes),
    registration_access_token_hash: record.registrationAccessTokenHash,
    tokens_valid_after: record.tokensValidAfter,
    version: record.version,
  }
}

function toRecord(row: ClientRow): ClientRecord {
  return {
    // What JSON leaves out, because it is `undefined`, reads as `undefined` again.
    client: parseStored(row.document) as Client,
    secretHash: row.secret_hash,
    rotatedSecretHashes: parseList(row.rotated_secret_hashes),
    registrationAccessTokenHash: row.registration_access_token_hash,
    tokensValidAfter: row.tokens_valid_after,
    version: row.version,
  }
}
