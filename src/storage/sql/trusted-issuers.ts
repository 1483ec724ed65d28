import type { Instant, ProjectId } from '../../brand.ts'
import type { JsonObject } from '../../protocol/json.ts'
import { err, ok } from '../../result.ts'
import type { TrustedIssuer, TrustedIssuerStore } from '../storage.ts'
import { trustedIssuerColumns } from './columns.ts'
import { digest } from './digest.ts'
import { change, first } from './engine.ts'
import { parseList } from './json-text.ts'
import { managedWrite, type Managed } from './managed-writes.ts'
import type { TrustedIssuerRow } from './schema.ts'
import { query } from './statement.ts'

const insert = query((db, row: TrustedIssuerRow) =>
  db
    .insertInto('trusted_issuers')
    .values({
      project_id: row.project_id,
      id: row.id,
      issuer: row.issuer,
      subject: row.subject,
      allow_any_subject: row.allow_any_subject,
      scope: row.scope,
      kid: row.kid,
      public_jwk: row.public_jwk,
      key_digest: row.key_digest,
      trust_digest: row.trust_digest,
      created_at: row.created_at,
      expires_at: row.expires_at,
    })
    .onConflict((conflict) => conflict.doNothing()),
)

const find = query((db, p: { project: ProjectId; id: string }) =>
  db
    .selectFrom('trusted_issuers')
    .select(trustedIssuerColumns)
    .where('project_id', '=', p.project)
    .where('id', '=', p.id),
)

/** A row that gives the key of `keyDigest` another meaning. */
const findOtherKey = query((db, p: { project: ProjectId; keyDigest: string; publicJwk: string }) =>
  db
    .selectFrom('trusted_issuers')
    .select('id')
    .where('project_id', '=', p.project)
    .where('key_digest', '=', p.keyDigest)
    .where('public_jwk', '!=', p.publicJwk)
    .limit(1),
)

const findTrust = query((db, p: { project: ProjectId; trustDigest: string }) =>
  db
    .selectFrom('trusted_issuers')
    .select('id')
    .where('project_id', '=', p.project)
    .where('trust_digest', '=', p.trustDigest),
)

interface Page {
  readonly project: ProjectId
  readonly after: string
  readonly limit: number
  readonly issuer: string
}

function listQuery(byIssuer: boolean) {
  return query((db, p: Page) =>
    db
      .selectFrom('trusted_issuers')
      .select(trustedIssuerColumns)
      .where('project_id', '=', p.project)
      .where('id', '>', p.after)
      .$if(byIssuer, (it) => it.where('issuer', '=', p.issuer))
      .orderBy('id')
      .limit(p.limit),
  )
}

const list = { all: listQuery(false), byIssuer: listQuery(true) } as const

const remove = query((db, p: { project: ProjectId; id: string }) =>
  db.deleteFrom('trusted_issuers').where('project_id', '=', p.project).where('id', '=', p.id),
)

interface Assertion {
  readonly project: ProjectId
  readonly issuer: string
  readonly subject: string
  readonly keyDigest: string
  readonly now: Instant
}

/** Keys that one assertion may be tried against. */
const mostCandidates = 100

function assertionQuery(byKid: boolean) {
  return query((db, p: Assertion) =>
    db
      .selectFrom('trusted_issuers')
      .select(trustedIssuerColumns)
      .where('project_id', '=', p.project)
      .$if(byKid, (it) => it.where('key_digest', '=', p.keyDigest))
      .$if(!byKid, (it) => it.where('issuer', '=', p.issuer))
      .where('expires_at', '>', p.now)
      .where((eb) => eb.or([eb('allow_any_subject', '=', 1), eb('subject', '=', p.subject)]))
      .orderBy('created_at', 'desc')
      .orderBy('id')
      .limit(mostCandidates),
  )
}

const forAssertion = { byKid: assertionQuery(true), byIssuer: assertionQuery(false) } as const

function keysQuery(byKid: boolean) {
  return query((db, p: { project: ProjectId; issuer: string; keyDigest: string }) =>
    db
      .selectFrom('trusted_issuers')
      .select(['public_jwk'])
      .select((eb) => eb.fn.max('created_at').as('created_at'))
      .where('project_id', '=', p.project)
      .$if(byKid, (it) => it.where('key_digest', '=', p.keyDigest))
      .$if(!byKid, (it) => it.where('issuer', '=', p.issuer))
      .groupBy(['kid', 'public_jwk'])
      .orderBy('created_at', 'desc')
      .orderBy('kid'),
  )
}

const keys = { byKid: keysQuery(true), byIssuer: keysQuery(false) } as const

/** Trusted issuers of one project. */
export function trustedIssuerStore(managed: Managed): TrustedIssuerStore {
  const { engine, project } = managed
  return {
    create: (trusted) =>
      managedWrite(managed, function* create(announcer) {
        // The epoch's row is locked from here on, so that nobody gives the kid another key in between.
        yield* announcer.epoch()
        const row = toRow(project, trusted)
        const { trust_digest: trustDigest, key_digest: keyDigest, public_jwk: publicJwk } = row
        if ((yield* first(findTrust({ project, trustDigest }))) !== undefined)
          return err('already_exists')
        const other = yield* first(findOtherKey({ project, keyDigest, publicJwk }))
        if (other !== undefined) return err('other_key')
        yield* change(insert(row))
        return ok(undefined)
      }),

    async find(id) {
      const [row] = await engine.read(find({ project, id }))
      return row === undefined ? undefined : toTrustedIssuer(row)
    },

    async list({ after, limit, issuer }) {
      const page = { project, after: after ?? '', limit, issuer: issuer ?? '' }
      const which = issuer === undefined ? list.all : list.byIssuer
      return (await engine.read(which(page))).map(toTrustedIssuer)
    },

    async delete(id) {
      return (await engine.write(remove({ project, id }))).changes === 1
    },

    async findForAssertion({ issuer, subject, kid, now }) {
      const which = kid === undefined ? forAssertion.byIssuer : forAssertion.byKid
      const keyDigest = digest(issuer, kid ?? '')
      const rows = await engine.read(which({ project, issuer, subject, keyDigest, now }))
      return rows.map(toTrustedIssuer)
    },

    async findKeys(issuer, kid) {
      const which = kid === undefined ? keys.byIssuer : keys.byKid
      const keyDigest = digest(issuer, kid ?? '')
      const rows = await engine.read(which({ project, issuer, keyDigest }))
      return rows.map((row) => JSON.parse(row.public_jwk) as JsonObject)
    },
  }
}

function toRow(project: ProjectId, trusted: TrustedIssuer): TrustedIssuerRow {
  const { id, issuer, subject, kid } = trusted
  return {
    project_id: project,
    id,
    issuer,
    subject,
    allow_any_subject: trusted.allowAnySubject ? 1 : 0,
    scope: JSON.stringify(trusted.scope),
    kid,
    public_jwk: JSON.stringify(trusted.publicJwk),
    key_digest: digest(issuer, kid),
    trust_digest: digest(issuer, subject, kid),
    created_at: trusted.createdAt,
    expires_at: trusted.expiresAt,
  }
}

function toTrustedIssuer(row: TrustedIssuerRow): TrustedIssuer {
  return {
    id: row.id,
    issuer: row.issuer,
    subject: row.subject,
    allowAnySubject: row.allow_any_subject === 1,
    scope: parseList(row.scope),
    kid: row.kid,
    publicJwk: JSON.parse(row.public_jwk) as JsonObject,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  }
}
