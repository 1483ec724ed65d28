import { instant, type Instant, type ProjectId } from '../../brand.ts'
import { err, ok } from '../../result.ts'
import type { KeyStore, StoredKey } from '../storage.ts'
import { FreshCache } from './cache.ts'
import { keyColumns } from './columns.ts'
import { change, first, type Unit } from './engine.ts'
import { managedWrite, type Managed } from './managed-writes.ts'
import type { KeyRow } from './schema.ts'
import { query } from './statement.ts'

const cachedSets = 1_000

/** Room for the keys of one write in the order of all writes. */
const positionsPerWrite = 2 ** 20

interface OfSet {
  readonly project: ProjectId
  readonly set: string
}

const list = query((db, p: OfSet) =>
  db
    .selectFrom('keys')
    .select(keyColumns)
    .where('project_id', '=', p.project)
    .where('key_set', '=', p.set)
    .orderBy('sorted_at', 'desc')
    .orderBy('position', 'desc'),
)

const newest = query((db, p: OfSet) =>
  db
    .selectFrom('keys')
    .select((eb) => eb.fn.max('sorted_at').as('sorted_at'))
    .where('project_id', '=', p.project)
    .where('key_set', '=', p.set),
)

const insert = query((db, row: KeyRow) =>
  db
    .insertInto('keys')
    .values({
      project_id: row.project_id,
      key_set: row.key_set,
      kid: row.kid,
      sealed_jwk: row.sealed_jwk,
      created_at: row.created_at,
      sorted_at: row.sorted_at,
      position: row.position,
    })
    .onConflict((conflict) => conflict.doNothing()),
)

const removeKey = query((db, p: OfSet & { readonly kid: string }) =>
  db
    .deleteFrom('keys')
    .where('project_id', '=', p.project)
    .where('key_set', '=', p.set)
    .where('kid', '=', p.kid),
)

const removeSet = query((db, p: OfSet) =>
  db.deleteFrom('keys').where('project_id', '=', p.project).where('key_set', '=', p.set),
)

/** Key sets of one project, answered from memory while nobody writes. */
export function keyStore(managed: Managed): KeyStore {
  const { engine, project, freshness } = managed
  const cache = new FreshCache<readonly StoredKey[]>(freshness, cachedSets)

  async function load(set: string): Promise<readonly StoredKey[]> {
    return (await engine.read(list({ project, set }))).map(toKey)
  }

  /** Inserts a key that nothing is to be older than. */
  function* insertNewest(key: StoredKey, position: number): Unit<void> {
    const latest = (yield* first(newest({ project, set: key.set })))?.sorted_at ?? 0
    const sortedAt = instant(Math.max(key.createdAt, latest))
    yield* change(insert({ ...toRow(project, key, position), sorted_at: sortedAt }))
  }

  return {
    list: async (set) => (await cache.get(set, () => load(set))) ?? [],

    createFirst: (key, ...more) =>
      managedWrite(managed, function* createFirst(announcer) {
        // The epoch's row is locked from here on, so the next statement sees every set that others created.
        const epoch = yield* announcer.epoch()
        // A set without keys is remembered too, also by whoever finds here that another was first.
        announcer.changed()
        const present = yield* first(newest({ project, set: key.set }))
        if (typeof present?.sorted_at === 'number') return false
        for (const [index, each] of [key, ...more].entries())
          yield* change(insert(toRow(project, each, epoch * positionsPerWrite + index)))
        return true
      }),

    create: (key) =>
      managedWrite(managed, function* create(announcer) {
        const epoch = yield* announcer.epoch()
        const inserted = yield* change(insert(toRow(project, key, epoch * positionsPerWrite)))
        if (inserted === 0) return err('already_exists')
        announcer.changed()
        return ok(undefined)
      }),

    put: (key) =>
      managedWrite(managed, function* put(announcer) {
        const epoch = yield* announcer.epoch()
        announcer.changed()
        yield* change(removeKey({ project, set: key.set, kid: key.kid }))
        yield* insertNewest(key, epoch * positionsPerWrite)
      }),

    replaceSet: (set, keys) =>
      managedWrite(managed, function* replaceSet(announcer) {
        const epoch = yield* announcer.epoch()
        announcer.changed()
        yield* change(removeSet({ project, set }))
        for (const [index, key] of keys.entries())
          yield* insertNewest({ ...key, set }, epoch * positionsPerWrite + index)
      }),

    delete: (set, kid) =>
      managedWrite(managed, function* remove(announcer) {
        const removal =
          kid === undefined ? removeSet({ project, set }) : removeKey({ project, set, kid })
        yield* announcer.epoch()
        if ((yield* change(removal)) > 0) announcer.changed()
      }),
  }
}

function toRow(project: ProjectId, key: StoredKey, position: number): KeyRow {
  return {
    project_id: project,
    key_set: key.set,
    kid: key.kid,
    sealed_jwk: key.sealedJwk,
    created_at: key.createdAt,
    sorted_at: key.createdAt,
    position,
  }
}

function toKey(row: KeyRow): StoredKey {
  return {
    set: row.key_set,
    kid: row.kid,
    sealedJwk: row.sealed_jwk,
    createdAt: row.created_at satisfies Instant,
  }
}
