/** The conformance suite: what storage.ts promises, on every engine. A new dialect adds a line to `databases`. */

import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { bareGrant } from '../../test/support/bare-grant.ts'
import { describeEachIsolation } from '../../test/support/engines.ts'
import {
  asChainId,
  asClientId,
  asFlowId,
  asGrantId,
  asProjectId,
  asSessionId,
  asSubject,
  asTokenId,
  instant,
  milliseconds,
} from '../brand.ts'
import type { Client } from '../protocol/client.ts'
import type { Grant } from '../protocol/grant.ts'
import { openStorage } from './sql/open.ts'
import type {
  Account,
  ClientRecord,
  DeviceRequest,
  LoginSession,
  NewChain,
  Storage,
  StoredKey,
  TrustedIssuer,
} from './storage.ts'

const hex = () => randomBytes(16).toString('hex')
const now = instant(1_700_000_000_000)
const later = (milliseconds: number) => instant(now + milliseconds)
const log = { info() {}, warn() {} }

function clientRecord(id: string, changes: Partial<Client> = {}): ClientRecord {
  const client: Client = {
    client_id: asClientId(id),
    client_name: '',
    redirect_uris: ['https://app.example/callback'],
    grant_types: ['authorization_code'],
    response_types: ['code'],
    scope: 'openid offline',
    audience: [],
    owner: '',
    policy_uri: '',
    tos_uri: '',
    client_uri: '',
    logo_uri: '',
    allowed_cors_origins: [],
    contacts: [],
    subject_type: 'public',
    sector_identifier_uri: '',
    jwks: undefined,
    jwks_uri: '',
    token_endpoint_auth_method: 'client_secret_basic',
    token_endpoint_auth_signing_alg: '',
    request_uris: [],
    request_object_signing_alg: '',
    userinfo_signed_response_alg: 'none',
    frontchannel_logout_uri: '',
    frontchannel_logout_session_required: false,
    backchannel_logout_uri: '',
    backchannel_logout_session_required: false,
    post_logout_redirect_uris: [],
    metadata: {},
    access_token_strategy: '',
    skip_consent: false,
    skip_logout_consent: undefined,
    default_max_age: undefined,
    require_auth_time: undefined,
    default_acr_values: undefined,
    initiate_login_uri: undefined,
    lifespans: {},
    created_at: now,
    updated_at: now,
    ...changes,
  }
  return {
    client,
    secretHash: '$keyed$abc',
    rotatedSecretHashes: ['$keyed$old'],
    registrationAccessTokenHash: 'cafe',
    tokensValidAfter: instant(0),
    version: 1,
  }
}

function newGrant(changes: Partial<Grant> = {}): Grant {
  return {
    ...bareGrant(asGrantId(hex()), now),
    flowId: asFlowId(hex()),
    requestedScope: ['openid', 'offline'],
    grantedScope: ['openid'],
    requestedAudience: ['https://api.example'],
    codeExpiresAt: later(60_000),
    purgeAt: later(3_600_000),
    ...changes,
  }
}

function newDeviceRequest(changes: Partial<DeviceRequest> = {}): DeviceRequest {
  return {
    id: asGrantId(hex()),
    userCodeHash: hex(),
    clientId: asClientId('tv'),
    requestedScope: ['openid'],
    requestedAudience: ['https://api.example'],
    requestedAt: now,
    expiresAt: later(600_000),
    interval: milliseconds(5_000),
    state: 'pending',
    purgeAt: later(3_600_000),
    ...changes,
  }
}

function newChain(grantId: Grant['id']): NewChain {
  const lifetime = { expiresAt: later(86_400_000), purgeAt: later(86_400_000) }
  return { id: asChainId(hex()), grantId, ...lifetime }
}

function newSession(changes: Partial<LoginSession> = {}): LoginSession {
  return {
    id: asSessionId(randomUUID()),
    subject: asSubject('alice'),
    authenticatedAt: now,
    remember: true,
    identityProviderSessionId: '',
    expiresAt: later(3_600_000),
    ...changes,
  }
}

function newKey(set: string, kid: string, createdAt = now): StoredKey {
  return { set, kid, sealedJwk: `sealed ${kid}`, createdAt }
}

function newTrust(changes: Partial<TrustedIssuer> = {}): TrustedIssuer {
  return {
    id: randomUUID(),
    issuer: 'https://partner.example',
    subject: 'svc',
    allowAnySubject: false,
    scope: ['read', 'write'],
    kid: 'k1',
    publicJwk: { kty: 'EC', crv: 'P-256', x: 'x', y: 'y', kid: 'k1' },
    createdAt: now,
    expiresAt: later(3_600_000),
    ...changes,
  }
}

function newAccount(email: string, changes: Partial<Account> = {}): Account {
  const fixed = { name: 'A', passwordHash: '$scrypt$', createdAt: now, updatedAt: now }
  const sealedProfile = 'sealed profile'
  return {
    id: asSubject(randomUUID()),
    email,
    ...fixed,
    sealedProfile,
    disabledAt: undefined,
    ...changes,
  }
}

type CompleteLogin = Parameters<Storage['flows']['completeLogin']>[0]

function newLogin(changes: Partial<CompleteLogin> = {}): CompleteLogin {
  return {
    flowId: asFlowId(hex()),
    verifierId: hex(),
    clientId: asClientId(hex()),
    subject: asSubject(hex()),
    now,
    expiresAt: later(600_000),
    session: undefined,
    forcedSubject: undefined,
    endedSessionId: undefined,
    ...changes,
  }
}

/** Calls `attempt` a hundred times at once, alternating between two storages, and counts who won. */
async function race(
  storages: readonly [Storage, Storage],
  attempt: (storage: Storage, index: number) => Promise<unknown>,
): Promise<number> {
  const outcomes = await Promise.all(
    Array.from({ length: 100 }, (_none, index) => attempt(storages[index % 2 ? 1 : 0], index)),
  )
  return outcomes.filter(Boolean).length
}

function suite(database: { readonly dsn: string }, isShared: boolean): void {
  let storage: Storage
  /** Another process, for all that the database knows. */
  let second: Storage
  let both: readonly [Storage, Storage]
  const projectId = asProjectId('one')

  beforeAll(async () => {
    storage = await openStorage({ dsn: database.dsn, projectId, log, migrate: true })
    second = isShared ? await openStorage({ dsn: database.dsn, projectId, log }) : storage
    both = [storage, second]
  })
  afterAll(async () => {
    await storage.close()
    if (isShared) await second.close()
  })

  async function redeemedGrant(): Promise<{ grant: Grant; chain: NewChain }> {
    const grant = newGrant()
    const chain = newChain(grant.id)
    await storage.grants.create(grant)
    await storage.grants.redeemCode(grant.id, now, chain)
    return { grant, chain }
  }

  describe('clients', () => {
    it('returns what was created', async () => {
      const record = clientRecord(hex(), {
        client_name: 'Ünïcode 🔥',
        jwks: { keys: [{ kty: 'EC' }] },
        skip_logout_consent: false,
        lifespans: { implicit_grant_id_token_lifespan: 5 as never },
      })
      expect(await storage.clients.create(record)).toEqual({ ok: true, value: undefined })
      expect(await storage.clients.find(record.client.client_id)).toEqual(record)
      expect(await second.clients.find(record.client.client_id)).toEqual(record)
    })

    it('finds nothing under an unknown id', async () => {
      expect(await storage.clients.find(asClientId('nobody'))).toBeUndefined()
    })

    it('finds a client that did not exist at the first look', async () => {
      const record = clientRecord(hex())
      expect(await second.clients.find(record.client.client_id)).toBeUndefined()
      await storage.clients.create(record)
      expect(await second.clients.find(record.client.client_id)).toEqual(record)
    })

    it('keeps the digits of integers beyond 2^53 in metadata', async () => {
      const id = asClientId(hex())
      const text = '{"big":12345678901234567890,"small":1,"list":[-9007199254740993],"huge":1e999}'
      const { rawJSON } = JSON as unknown as { rawJSON: (text: string) => never }
      const metadata = {
        big: rawJSON('12345678901234567890'),
        small: 1,
        list: [rawJSON('-9007199254740993')],
        huge: rawJSON('1e999'),
      }
      await storage.clients.create(clientRecord(id, { metadata }))
      const found = await storage.clients.find(id)
      expect(JSON.stringify(found?.client.metadata)).toBe(text)
    })

    it('keeps every character, U+0000 too', async () => {
      const odd = 'a\0b\u{F0000}0\u{F0000}1\u{10FFFF}\u0001'
      const record = clientRecord(`${hex()}${odd}`, { client_name: odd, owner: odd })
      await storage.clients.create(record)
      expect(await storage.clients.find(record.client.client_id)).toEqual(record)
      const page = { after: undefined, limit: 5, clientName: odd, owner: odd }
      expect(await storage.clients.list(page)).toEqual([record])
    })

    it('creates an id once, however many try', async () => {
      const id = hex()
      expect(
        await race(both, async (each) => (await each.clients.create(clientRecord(id))).ok),
      ).toBe(1)
    })

    it('lists in the order of bytes, page by page', async () => {
      const owner = hex()
      const ids = ['B', 'a', 'Z', '_', 'b', 'ä', '~', '-', 'a-', 'aB'].map((it) => `${owner}${it}`)
      for (const id of ids) await storage.clients.create(clientRecord(id, { owner }))
      const sorted = ids.toSorted((left, right) =>
        Buffer.compare(Buffer.from(left), Buffer.from(right)),
      )
      const found: string[] = []
      for (;;) {
        const after = found.at(-1)
        const page = await storage.clients.list({
          after: after === undefined ? undefined : asClientId(after),
          limit: 3,
          clientName: undefined,
          owner,
        })
        found.push(...page.map(({ client }) => client.client_id))
        if (page.length < 3) break
      }
      expect(found).toEqual(sorted)
    })

    it('filters by name and owner together', async () => {
      const owner = hex()
      for (const client_name of ['x', 'y']) {
        await storage.clients.create(clientRecord(hex(), { owner, client_name }))
        await storage.clients.create(clientRecord(hex(), { owner: hex(), client_name }))
      }
      const page = { after: undefined, limit: 10, clientName: 'x', owner }
      const [only, ...others] = await storage.clients.list(page)
      expect(only?.client).toMatchObject({ owner, client_name: 'x' })
      expect(others).toEqual([])
      expect(await storage.clients.list({ ...page, owner: undefined })).not.toHaveLength(1)
      expect(await storage.clients.list({ ...page, clientName: undefined })).toHaveLength(2)
    })

    it('replaces the version it was told, and no other', async () => {
      const record = clientRecord(hex())
      await storage.clients.create(record)
      const renamed = clientRecord(record.client.client_id, { client_name: 'renamed' })
      expect(await storage.clients.replace(renamed, 1)).toEqual({ ok: true, value: undefined })
      expect(await storage.clients.replace(record, 1)).toEqual({ ok: false, error: 'conflict' })
      const found = await storage.clients.find(record.client.client_id)
      expect(found).toEqual({ ...renamed, version: 2 })
      const missing = clientRecord(hex())
      expect(await storage.clients.replace(missing, 1)).toEqual({ ok: false, error: 'not_found' })
    })

    it('lets one of a hundred concurrent replacements through', async () => {
      const record = clientRecord(hex())
      await storage.clients.create(record)
      const winners = await race(both, async (each) => (await each.clients.replace(record, 1)).ok)
      expect(winners).toBe(1)
    })

    it('shows every process the last write that resolved', async () => {
      const record = clientRecord(hex())
      const id = record.client.client_id
      await storage.clients.create(record)
      for (let version = 1; version <= 20; version += 1) {
        expect((await second.clients.find(id))?.version).toBe(version)
        expect((await storage.clients.find(id))?.version).toBe(version)
        await storage.clients.replace(record, version)
      }
    })

    it('never caches what was read before a write', async () => {
      const record = clientRecord(hex())
      const id = record.client.client_id
      await storage.clients.create(record)
      for (let version = 1; version <= 20; version += 1) {
        const reads = [storage.clients.find(id), second.clients.find(id)]
        await storage.clients.replace(record, version)
        await Promise.all(reads)
        expect((await storage.clients.find(id))?.version).toBe(version + 1)
        expect((await second.clients.find(id))?.version).toBe(version + 1)
      }
    })

    it('S212 moves tokensValidAfter forward, never back', async () => {
      const record = clientRecord(hex())
      const id = record.client.client_id
      await storage.clients.create(record)
      await storage.clients.revokeAccessTokens(id, later(5))
      await storage.clients.revokeAccessTokens(id, later(3))
      const found = await second.clients.find(id)
      expect(found?.tokensValidAfter).toBe(later(5))
      expect(found?.version).toBe(2)
      await storage.clients.revokeAccessTokens(asClientId('nobody'), now)
    })

    it('deletes a client with its grants, chains and forced subjects', async () => {
      const id = asClientId(hex())
      await storage.clients.create(clientRecord(id))
      const grant = newGrant({ clientId: id })
      const chain = newChain(grant.id)
      await storage.grants.create(grant)
      await storage.grants.redeemCode(grant.id, now, chain)
      const forced = { clientId: id, subject: asSubject('alice'), identifier: 'other' }
      await storage.flows.completeLogin(newLogin({ forcedSubject: forced }))
      expect(await storage.clients.delete(id)).toBe(true)
      expect(await storage.clients.delete(id)).toBe(false)
      expect(await second.clients.find(id)).toBeUndefined()
      expect(await storage.grants.findWithChain(grant.id, chain.id)).toBeUndefined()
      expect(await storage.flows.findForcedSubject(id, 'other')).toBeUndefined()
      expect(await rotated(chain)).toBe(false)
    })
  })

  function rotated({ id }: NewChain, generation = 0, each = storage): Promise<boolean> {
    return each.grants.rotateChain({ id, generation, expiresAt: later(9), purgeAt: later(9) })
  }

  describe('grants', () => {
    it('returns what was created', async () => {
      const plain = newGrant()
      const full = newGrant({
        loginSessionId: asSessionId(randomUUID()),
        skip: true,
        remember: true,
        rememberFor: 60,
        rememberedUntil: later(60_000),
        codeRedeemedAt: later(1),
        tokensRevokedAt: later(2),
        grantedAudience: ['a|b', 'c d', '"'],
        session: '\0 🔥',
        purgeAt: undefined,
        codeExpiresAt: undefined,
      })
      for (const grant of [plain, full]) {
        expect(await storage.grants.create(grant)).toEqual({ ok: true, value: undefined })
        expect(await second.grants.find(grant.id)).toEqual(grant)
        expect(await second.grants.findWithChain(grant.id, undefined)).toEqual({
          grant,
          chain: undefined,
        })
      }
    })

    it('SC8 creates an id once, however many try', async () => {
      const grant = newGrant()
      const winners = await race(both, async (each) => (await each.grants.create(grant)).ok)
      expect(winners).toBe(1)
    })

    it('gives exactly one of a hundred concurrent callers the code', async () => {
      const grant = newGrant()
      await storage.grants.create(grant)
      const chains = Array.from({ length: 100 }, () => newChain(grant.id))
      const won: NewChain[] = []
      const winners = await race(both, async (each, index) => {
        const chain = chains[index]!
        const isMine = await each.grants.redeemCode(grant.id, now, chain)
        if (isMine) won.push(chain)
        return isMine
      })
      expect(winners).toBe(1)
      for (const chain of chains) {
        const found = await second.grants.findWithChain(grant.id, chain.id)
        expect(found?.chain?.id).toBe(chain === won[0] ? chain.id : undefined)
      }
    })

    it('starts a chain at generation 0', async () => {
      const { grant, chain } = await redeemedGrant()
      expect(await second.grants.findWithChain(grant.id, chain.id)).toEqual({
        grant: { ...grant, codeRedeemedAt: now },
        chain: { ...chain, generation: 0, firstUsedAt: undefined, usedTimes: 0 },
      })
    })

    it('S204 redeems a code without a chain', async () => {
      const grant = newGrant()
      await storage.grants.create(grant)
      expect(await storage.grants.redeemCode(grant.id, now, undefined)).toBe(true)
      expect(await storage.grants.redeemCode(grant.id, now, undefined)).toBe(false)
    })

    it('refuses the code of a revoked or unknown grant', async () => {
      const grant = newGrant()
      await storage.grants.create(grant)
      await storage.grants.revokeTokens(grant.id, now)
      expect(await storage.grants.redeemCode(grant.id, now, newChain(grant.id))).toBe(false)
      const unknown = asGrantId(hex())
      expect(await storage.grants.redeemCode(unknown, now, newChain(unknown))).toBe(false)
    })

    it('does not mark a code redeemed when its chain cannot be stored', async () => {
      const { chain } = await redeemedGrant()
      const grant = newGrant()
      await storage.grants.create(grant)
      const clash = { ...newChain(grant.id), id: chain.id }
      await expect(storage.grants.redeemCode(grant.id, now, clash)).rejects.toThrow(
        'exists already',
      )
      expect((await second.grants.find(grant.id))?.codeRedeemedAt).toBeUndefined()
    })

    it('S205 rotates a generation once, however many try', async () => {
      const { grant, chain } = await redeemedGrant()
      expect(await race(both, (each) => rotated(chain, 0, each))).toBe(1)
      expect((await second.grants.findWithChain(grant.id, chain.id))?.chain).toMatchObject({
        generation: 1,
        expiresAt: later(9),
        purgeAt: later(9),
      })
      expect(await race(both, (each) => rotated(chain, 1, each))).toBe(1)
      expect(await rotated(chain, 1)).toBe(false)
      expect(await rotated(newChain(grant.id))).toBe(false)
    })

    it('keeps a chain that never expires', async () => {
      const { grant, chain } = await redeemedGrant()
      const never = { expiresAt: undefined, purgeAt: undefined }
      expect(await storage.grants.rotateChain({ id: chain.id, generation: 0, ...never })).toBe(true)
      const found = await storage.grants.findWithChain(grant.id, chain.id)
      expect(found?.chain).toMatchObject(never)
    })

    it('finds a grant, and a chain with its grant, by the beginning of the id', async () => {
      const { grant, chain } = await redeemedGrant()
      const find = (kind: 'grant' | 'chain', id: string) =>
        second.grants.findByIdPrefix({ kind, idPrefix: id.slice(0, 20) })
      expect(await find('grant', grant.id)).toEqual({
        grant: await second.grants.find(grant.id),
        chain: undefined,
      })
      expect(await find('chain', chain.id)).toEqual(
        await second.grants.findWithChain(grant.id, chain.id),
      )
      expect(await find('grant', chain.id)).toBeUndefined()
      expect(await find('chain', grant.id)).toBeUndefined()
      expect(await find('chain', chain.id.replace(/.(?=.{12}$)/u, 'g'))).toBeUndefined()
    })

    it('finds nothing by the beginning of a chain that was revoked', async () => {
      const { grant, chain } = await redeemedGrant()
      await storage.grants.revokeTokens(grant.id, now)
      const found = await second.grants.findByIdPrefix({
        kind: 'chain',
        idPrefix: chain.id.slice(0, 20),
      })
      expect(found).toBeUndefined()
    })

    it('does not answer the chain of another grant', async () => {
      const { chain } = await redeemedGrant()
      const grant = newGrant()
      await storage.grants.create(grant)
      const found = await storage.grants.findWithChain(grant.id, chain.id)
      expect(found).toEqual({ grant, chain: undefined })
    })

    function forked(
      parent: NewChain,
      changes: Partial<Parameters<Storage['grants']['forkChain']>[0]> = {},
      each = storage,
    ): Promise<boolean> {
      return each.grants.forkChain({
        parent: parent.id,
        generation: 0,
        now,
        notUsedBefore: instant(0),
        maxUses: 0,
        parentPurgeAt: later(1_000),
        child: newChain(parent.grantId),
        ...changes,
      })
    }

    it('lets concurrent callers fork, and counts them', async () => {
      const { grant, chain } = await redeemedGrant()
      expect(await race(both, (each) => forked(chain, {}, each))).toBe(100)
      const found = await second.grants.findWithChain(grant.id, chain.id)
      expect(found?.chain).toMatchObject({ usedTimes: 100, firstUsedAt: now, generation: 0 })
      expect(found?.chain?.purgeAt).toBe(later(1_000))
    })

    it('lets exactly as many fork as may', async () => {
      const { chain } = await redeemedGrant()
      expect(await race(both, (each) => forked(chain, { maxUses: 7 }, each))).toBe(7)
    })

    it('S207, S208 and S210 store the child of a fork, and set the first use once', async () => {
      const { grant, chain } = await redeemedGrant()
      const child = newChain(grant.id)
      expect(await forked(chain, { child })).toBe(true)
      expect(await forked(chain, { now: later(5) })).toBe(true)
      const parent = await second.grants.findWithChain(grant.id, chain.id)
      expect(parent?.chain?.firstUsedAt).toBe(now)
      const found = await second.grants.findWithChain(grant.id, child.id)
      expect(found?.chain).toMatchObject({ id: child.id, generation: 0, usedTimes: 0 })
    })

    it('forks until the window has passed', async () => {
      const { chain } = await redeemedGrant()
      expect(await forked(chain, { notUsedBefore: later(-1) })).toBe(true)
      expect(await forked(chain, { notUsedBefore: now })).toBe(true)
      expect(await forked(chain, { notUsedBefore: later(1) })).toBe(false)
    })

    it('neither forks another generation nor rotates what was forked', async () => {
      const { chain } = await redeemedGrant()
      expect(await forked(chain, { generation: 1 })).toBe(false)
      expect(await forked(chain)).toBe(true)
      expect(await rotated(chain)).toBe(false)
    })

    it('leaves no chain when tokens are revoked during forks', async () => {
      const { grant, chain } = await redeemedGrant()
      const children = Array.from({ length: 60 }, () => newChain(grant.id))
      await Promise.all(
        children.map((child, index) =>
          index === 30
            ? second.grants.revokeTokens(grant.id, later(1))
            : forked(chain, { child }, both[index % 2]),
        ),
      )
      for (const { id } of [chain, ...children])
        expect((await storage.grants.findWithChain(grant.id, id))?.chain).toBeUndefined()
    })

    it('S211 revokes tokens with the chains, and keeps the first time', async () => {
      const { grant, chain } = await redeemedGrant()
      await storage.grants.revokeTokens(grant.id, later(1))
      await storage.grants.revokeTokens(grant.id, later(2))
      const found = await second.grants.findWithChain(grant.id, chain.id)
      expect(found?.grant.tokensRevokedAt).toBe(later(1))
      expect(found?.chain).toBeUndefined()
      await storage.grants.revokeTokens(asGrantId(hex()), now)
    })

    it('replaces the session', async () => {
      const grant = newGrant()
      await storage.grants.create(grant)
      await storage.grants.replaceSession(grant.id, 'other')
      expect(await second.grants.find(grant.id)).toEqual({ ...grant, session: 'other' })
    })

    it('SC7 finds the newest remembered consent', async () => {
      const base = { subject: asSubject(hex()), remember: true }
      const old = newGrant({ ...base, requestedAt: later(1), grantedScope: ['old'] })
      const wanted = newGrant({
        ...base,
        requestedAt: later(2),
        rememberedUntil: later(11),
        grantedScope: ['wanted', 'too'],
      })
      const others = [
        newGrant({ ...base, requestedAt: later(3), rememberedUntil: later(10) }),
        newGrant({ ...base, requestedAt: later(4), skip: true }),
        newGrant({ ...base, requestedAt: later(5), remember: false }),
        newGrant({ ...base, requestedAt: later(6), clientId: asClientId('other') }),
        newGrant({ ...base, requestedAt: later(7), subject: asSubject(hex()) }),
      ]
      for (const grant of [...others, wanted, old]) await storage.grants.create(grant)
      const { clientId, subject } = wanted
      const find = (at: number, of: object = {}) =>
        second.flows.completeLogin(newLogin({ clientId, subject, now: later(at), ...of }))
      expect(await find(10)).toEqual({ rememberedScope: wanted.grantedScope })
      expect(await find(11)).toEqual({ rememberedScope: old.grantedScope })
      expect(await find(10, { subject: asSubject(hex()) })).toEqual({ rememberedScope: undefined })
      expect(await find(10, { clientId: asClientId(hex()) })).toEqual({
        rememberedScope: undefined,
      })
    })

    it('SC10 lists the consents of a subject, newest first, page by page', async () => {
      const subject = asSubject(hex())
      const session = asSessionId(randomUUID())
      const made: Grant[] = []
      for (let index = 0; index < 7; index += 1) {
        const handledAt = later(Math.floor(index / 3))
        const loginSessionId = index % 2 === 0 ? session : undefined
        made.push(newGrant({ subject, handledAt, loginSessionId }))
      }
      const hidden = [
        newGrant({ subject, skip: true }),
        newGrant({ subject, remember: true, rememberedUntil: now }),
        newGrant(),
      ]
      for (const grant of [...made, ...hidden]) await storage.grants.create(grant)
      const wanted = made.toSorted((a, b) => b.handledAt - a.handledAt || (a.id < b.id ? 1 : -1))
      for (const loginSessionId of [undefined, session]) {
        const found: Grant[] = []
        for (;;) {
          const after = found.at(-1)
          const page = { subject, loginSessionId, after, limit: 2, now }
          const next = await storage.grants.listBySubject(page)
          found.push(...next)
          if (next.length < 2) break
        }
        expect(found).toEqual(
          wanted.filter((it) => loginSessionId === undefined || it.loginSessionId === session),
        )
      }
    })

    it('SC9 and S211 delete one grant, or those of a subject, or those of a subject for a client', async () => {
      const subject = asSubject(hex())
      const [first, app, other, foreign] = [
        newGrant({ subject, clientId: asClientId('first') }),
        newGrant({ subject }),
        newGrant({ subject, clientId: asClientId('other') }),
        newGrant({ subject: asSubject(hex()) }),
      ]
      for (const grant of [first, app, other, foreign]) await storage.grants.create(grant)
      const chain = newChain(app.id)
      await storage.grants.redeemCode(app.id, now, chain)
      const left = async () => {
        const all = [first, app, other, foreign].map(({ id }) => second.grants.find(id))
        return (await Promise.all(all)).map((grant) => grant !== undefined)
      }
      await storage.grants.delete({ id: first.id })
      expect(await left()).toEqual([false, true, true, true])
      await storage.grants.delete({ subject, clientId: app.clientId })
      expect(await left()).toEqual([false, false, true, true])
      expect(await rotated(chain)).toBe(false)
      await storage.grants.delete({ subject, clientId: undefined })
      expect(await left()).toEqual([false, false, false, true])
    })

    it('SC11 names each client of a session once', async () => {
      const loginSessionId = asSessionId(randomUUID())
      const subject = asSubject(hex())
      for (const clientId of ['b', 'a', 'b'].map(asClientId))
        await storage.grants.create(newGrant({ loginSessionId, subject, clientId }))
      await storage.grants.create(newGrant({ loginSessionId, clientId: asClientId('c') }))
      expect(await storage.grants.clientsOfSession(loginSessionId, subject)).toEqual(['a', 'b'])
    })
  })

  describe('login sessions', () => {
    async function storedSession(changes: Partial<LoginSession> = {}): Promise<LoginSession> {
      const session = newSession(changes)
      await storage.flows.completeLogin(newLogin({ session }))
      return session
    }

    it('SC1 and SC2 find no unknown session; return, extend and replace a known one', async () => {
      expect(await second.loginSessions.find(asSessionId('unknown'))).toBeUndefined()
      const session = await storedSession({ remember: false, identityProviderSessionId: 'idp' })
      expect(await second.loginSessions.find(session.id)).toEqual(session)
      await storage.loginSessions.extend(session.id, later(9))
      expect(await second.loginSessions.find(session.id)).toEqual({
        ...session,
        expiresAt: later(9),
      })
      const again = { ...session, remember: true, authenticatedAt: later(1) }
      await storage.flows.completeLogin(newLogin({ session: again }))
      expect(await second.loginSessions.find(session.id)).toEqual(again)
    })

    it('queues the notifications of a session that ends, once and with it', async () => {
      const session = await storedSession()
      const notification = {
        id: `n-${session.id}`,
        clientId: asClientId(hex()),
        sid: session.id,
        createdAt: now,
        purgeAt: later(9),
      }
      const winners = await race(
        both,
        async (each, caller) =>
          (await each.loginSessions.end(session.id, [
            { ...notification, id: `${notification.id}-${caller}` },
          ])) !== undefined,
      )
      expect(winners).toBe(1)
      const queued = (await second.logoutNotifications.list(1000)).filter(
        ({ sid }) => sid === session.id,
      )
      expect(queued).toMatchObject([
        { clientId: notification.clientId, attempts: 0, nextAttemptAt: now, lastError: '' },
      ])

      const claims = await race(both, async (each) => {
        const claimed = await each.logoutNotifications.claim({
          now,
          limit: 1000,
          leaseUntil: later(1),
        })
        return claimed.some(({ sid }) => sid === session.id)
      })
      expect(claims).toBe(1)
      const id = queued[0]?.id ?? ''
      await storage.logoutNotifications.failed(id, { nextAttemptAt: undefined, error: 'refused' })
      expect(
        await second.logoutNotifications.claim({
          now: later(5),
          limit: 1000,
          leaseUntil: later(6),
        }),
      ).toEqual([])
      const [kept] = (await second.logoutNotifications.list(1000)).filter(
        ({ sid }) => sid === session.id,
      )
      expect(kept).toMatchObject({ attempts: 1, nextAttemptAt: undefined, lastError: 'refused' })
      await storage.logoutNotifications.delivered(id)
      expect(
        (await second.logoutNotifications.list(1000)).filter(({ sid }) => sid === session.id),
      ).toEqual([])
    })

    it('SC4 hands a deleted session to one of a hundred callers', async () => {
      const session = await storedSession()
      const grant = newGrant({ loginSessionId: session.id })
      await storage.grants.create(grant)
      const winners = await race(both, async (each) => {
        const row = await each.loginSessions.delete(session.id)
        if (row !== undefined) expect(row).toEqual(session)
        return row !== undefined
      })
      expect(winners).toBe(1)
      expect((await second.grants.find(grant.id))?.loginSessionId).toBeUndefined()
    })

    it('SC5 deletes every session of a subject', async () => {
      const subject = asSubject(hex())
      const mine = [
        await storedSession({ subject }),
        await storedSession({ subject, remember: false }),
      ]
      const other = await storedSession()
      const grant = newGrant({ loginSessionId: mine[0]!.id })
      await storage.grants.create(grant)
      await storage.loginSessions.deleteBySubject(subject)
      for (const { id } of mine) expect(await second.loginSessions.find(id)).toBeUndefined()
      expect(await second.loginSessions.find(other.id)).toEqual(other)
      expect((await second.grants.find(grant.id))?.loginSessionId).toBeUndefined()
    })
  })

  describe('flows', () => {
    it('spends a login verifier once, however many try', async () => {
      const { flowId, verifierId, expiresAt } = newLogin()
      expect(await storage.flows.isLoginCompleted(flowId)).toBe(false)
      const sessions = Array.from({ length: 100 }, () => newSession())
      const winners = await race(both, (each, index) =>
        each.flows.completeLogin(
          newLogin({ flowId, verifierId, expiresAt, session: sessions[index] }),
        ),
      )
      expect(winners).toBe(1)
      const found = await Promise.all(sessions.map(({ id }) => second.loginSessions.find(id)))
      expect(found.filter((session) => session !== undefined)).toHaveLength(1)
      expect(await second.flows.isLoginCompleted(flowId)).toBe(true)
    })

    it('SC12 ends the former session and forces a subject with the login', async () => {
      const former = newSession()
      await storage.flows.completeLogin(newLogin({ session: former }))
      const grant = newGrant({ loginSessionId: former.id })
      await storage.grants.create(grant)
      const clientId = asClientId(hex())
      const forcedSubject = { clientId, subject: asSubject('alice'), identifier: 'one' }
      const endedSessionId = former.id
      const completed = newLogin({ forcedSubject, endedSessionId })
      expect(await storage.flows.completeLogin(completed)).toBeDefined()
      expect(await storage.flows.completeLogin(completed)).toBeUndefined()
      expect(await second.loginSessions.find(former.id)).toBeUndefined()
      expect((await second.grants.find(grant.id))?.loginSessionId).toBeUndefined()
      expect(await second.flows.findForcedSubject(clientId, 'one')).toBe('alice')
      const changed = { ...forcedSubject, identifier: 'two' }
      await storage.flows.completeLogin(newLogin({ forcedSubject: changed, endedSessionId }))
      expect(await second.flows.findForcedSubject(clientId, 'two')).toBe('alice')
      expect(await second.flows.findForcedSubject(clientId, 'one')).toBeUndefined()
    })

    it('keeps a parked flow until it expires', async () => {
      const id = hex()
      const sealed = 'x'.repeat(20_000)
      await storage.flows.park(id, sealed, later(10))
      expect(await second.flows.findParked(id, later(9))).toBe(sealed)
      expect(await second.flows.findParked(id, later(10))).toBeUndefined()
      expect(await second.flows.findParked(hex(), now)).toBeUndefined()
    })
  })

  describe('tokens', () => {
    it('remembers a revoked token', async () => {
      const id = asTokenId(hex())
      expect(await storage.tokens.isRevoked(id)).toBe(false)
      await storage.tokens.revoke(id, later(10))
      await second.tokens.revoke(id, later(10))
      expect(await second.tokens.isRevoked(id)).toBe(true)
    })

    it('consumes a jti once, however many try', async () => {
      const jti = hex()
      const winners = await race(both, (each) =>
        each.tokens.consumeJti('issuer', jti, later(10), now),
      )
      expect(winners).toBe(1)
    })

    it('S214 scopes a jti, and frees it when it has expired', async () => {
      const jti = 'j'.repeat(10_000)
      const scope = hex()
      const consume = (of: string, expires: number, at: number) =>
        storage.tokens.consumeJti(of, jti, later(expires), later(at))
      expect(await consume(scope, 10, 0)).toBe(true)
      expect(await consume(`${scope}2`, 10, 0)).toBe(true)
      expect(await consume(scope, 20, 10)).toBe(false)
      expect(await consume(scope, 20, 11)).toBe(true)
      expect(await consume(scope, 30, 20)).toBe(false)
    })

    it('knows a consumed jti of a scope until it has expired, and consumes none by looking', async () => {
      const [scope, jti] = [hex(), hex()]
      const isConsumed = (of: string, at: number) => second.tokens.isJtiConsumed(of, jti, later(at))
      expect(await isConsumed(scope, 0)).toBe(false)
      expect(await storage.tokens.consumeJti(scope, jti, later(10), now)).toBe(true)
      expect(await isConsumed(scope, 10)).toBe(true)
      expect(await isConsumed(`${scope}2`, 10)).toBe(false)
      expect(await isConsumed(scope, 11)).toBe(false)
    })
  })

  describe('keys', () => {
    const kids = async (set: string, from = second) =>
      (await from.keys.list(set)).map(({ kid }) => kid)

    it('lists the newest first, ties by insertion', async () => {
      const set = hex()
      await storage.keys.create(newKey(set, 'c', later(1)))
      await storage.keys.create(newKey(set, 'b'))
      await storage.keys.create(newKey(set, 'z'))
      await storage.keys.create(newKey(set, 'a'))
      expect(await kids(set)).toEqual(['c', 'a', 'z', 'b'])
      expect((await second.keys.list(set))[1]).toEqual(newKey(set, 'a'))
      expect(await second.keys.list(hex())).toEqual([])
    })

    it('creates the first key of a set once, however many try', async () => {
      const set = hex()
      const winners = await race(both, (each, index) =>
        each.keys.createFirst(newKey(set, `k${index}`)),
      )
      expect(winners).toBe(1)
      expect(await kids(set)).toHaveLength(1)
    })

    it('creates a kid once, however many try', async () => {
      const set = hex()
      const winners = await race(
        both,
        async (each) => (await each.keys.create(newKey(set, 'kid'))).ok,
      )
      expect(winners).toBe(1)
    })

    it('puts a key in front', async () => {
      const set = hex()
      for (const kid of ['a', 'b', 'c']) await storage.keys.create(newKey(set, kid, later(5)))
      await storage.keys.put(newKey(set, 'a', later(1)))
      expect(await kids(set)).toEqual(['a', 'c', 'b'])
      expect((await second.keys.list(set))[0]?.createdAt).toBe(later(1))
      await storage.keys.put(newKey(set, 'd', later(1)))
      expect(await kids(set)).toEqual(['d', 'a', 'c', 'b'])
    })

    it('replaces a set, the last key first', async () => {
      const set = hex()
      await storage.keys.create(newKey(set, 'old', later(100)))
      await storage.keys.replaceSet(set, [newKey(set, 'a', later(3)), newKey(set, 'b', later(2))])
      expect(await kids(set)).toEqual(['b', 'a'])
      await storage.keys.replaceSet(set, [])
      expect(await kids(set)).toEqual([])
    })

    it('deletes a key, or a set', async () => {
      const set = hex()
      for (const kid of ['a', 'b', 'c']) await storage.keys.create(newKey(set, kid))
      await storage.keys.delete(set, 'b')
      expect(await kids(set)).toEqual(['c', 'a'])
      expect(await kids(set, storage)).toEqual(['c', 'a'])
      await storage.keys.delete(set, undefined)
      expect(await kids(set)).toEqual([])
    })
  })

  describe('trusted issuers', () => {
    const anySubject = { subject: '', allowAnySubject: true }
    /** Issuers of their own keep the tests apart. */
    const trustOf =
      (issuer: string) =>
      async (changes: Partial<TrustedIssuer> = {}) => {
        const trusted = newTrust({ issuer, ...changes })
        expect(await storage.trustedIssuers.create(trusted)).toEqual({ ok: true, value: undefined })
        return trusted
      }
    const otherKey = { kty: 'EC', crv: 'P-256', x: 'other', y: 'y', kid: 'k1' }

    it('returns what was created', async () => {
      const trust = trustOf(`${hex()} ü\0`)
      for (const trusted of [await trust(), await trust({ ...anySubject, scope: [] })])
        expect(await second.trustedIssuers.find(trusted.id)).toEqual(trusted)
      expect(await storage.trustedIssuers.find(randomUUID())).toBeUndefined()
    })

    it('takes an issuer, subject and kid once, however many try', async () => {
      const issuer = hex()
      const won = await race(
        both,
        async (each) => (await each.trustedIssuers.create(newTrust({ issuer }))).ok,
      )
      expect(won).toBe(1)
      expect(await storage.trustedIssuers.create(newTrust({ issuer }))).toEqual({
        ok: false,
        error: 'already_exists',
      })
    })

    it('gives a kid of an issuer one key, however many try', async () => {
      const issuer = hex()
      const won = await race(both, async (each, index) => {
        const publicJwk = index % 2 ? otherKey : newTrust().publicJwk
        const trusted = newTrust({ issuer, subject: `s${index}`, publicJwk })
        return (await each.trustedIssuers.create(trusted)).ok
      })
      expect(won).toBe(50)
      const keys = await second.trustedIssuers.findKeys(issuer, 'k1')
      expect(keys).toHaveLength(1)
      const other = newTrust({ issuer, publicJwk: { ...otherKey, x: 'third' } })
      expect(await storage.trustedIssuers.create(other)).toEqual({ ok: false, error: 'other_key' })
    })

    it('lists in the order of ids, page by page, of one issuer or all', async () => {
      const issuer = hex()
      const trust = trustOf(issuer)
      const ids: string[] = []
      for (let index = 0; index < 5; index += 1)
        ids.push((await trust({ subject: `s${index}`, expiresAt: now })).id)
      const found: string[] = []
      for (;;) {
        const page = await storage.trustedIssuers.list({ after: found.at(-1), limit: 2, issuer })
        found.push(...page.map(({ id }) => id))
        if (page.length < 2) break
      }
      expect(found).toEqual(ids.toSorted())
      const everything = { after: undefined, limit: 1_000, issuer: undefined }
      expect((await second.trustedIssuers.list(everything)).length).toBeGreaterThan(5)
      expect(await storage.trustedIssuers.list({ ...everything, issuer: hex() })).toEqual([])
    })

    it('deletes one, and leaves others with the same key alone', async () => {
      const issuer = hex()
      const trust = trustOf(issuer)
      const [one, other] = [await trust(), await trust({ subject: 'other' })]
      expect(await storage.trustedIssuers.delete(one.id)).toBe(true)
      expect(await storage.trustedIssuers.delete(one.id)).toBe(false)
      expect(await second.trustedIssuers.find(one.id)).toBeUndefined()
      expect(await second.trustedIssuers.find(other.id)).toEqual(other)
      expect(await second.trustedIssuers.findKeys(issuer, 'k1')).toEqual([other.publicJwk])
      await storage.trustedIssuers.delete(other.id)
      expect(await second.trustedIssuers.findKeys(issuer, 'k1')).toEqual([])
      await trust({ publicJwk: otherKey })
    })

    it('S215 finds what an assertion may rely on', async () => {
      const issuer = hex()
      const trust = trustOf(issuer)
      const own = await trust({ createdAt: later(1) })
      const any = await trust({ ...anySubject, createdAt: later(3) })
      const next = await trust({ kid: 'k2', publicJwk: otherKey, createdAt: later(2) })
      await trust({ subject: 'other' })
      await trust({ kid: 'k3', publicJwk: otherKey, expiresAt: later(5) })
      await trustOf(hex())()
      const search = async (subject: string, kid?: string, at = later(5)) =>
        (await second.trustedIssuers.findForAssertion({ issuer, subject, kid, now: at })).map(
          ({ id }) => id,
        )
      expect(await search('svc')).toEqual([any.id, next.id, own.id])
      expect(await search('svc', 'k1')).toEqual([any.id, own.id])
      expect(await search('svc', 'k2')).toEqual([next.id])
      expect(await search('svc', 'k3')).toEqual([])
      expect(await search('svc', 'k3', later(4))).toHaveLength(1)
      expect(await search('nobody')).toEqual([any.id])
      expect(await search('svc', 'unknown')).toEqual([])
      expect(await search('svc', undefined, later(3_600_000))).toEqual([])
    })

    it('finds the newest hundred for an assertion without kid', async () => {
      const issuer = hex()
      const trust = trustOf(issuer)
      for (let index = 0; index < 102; index += 1)
        await trust({ kid: `k${index}`, createdAt: later(index) })
      const search = { issuer, subject: 'svc', kid: undefined, now }
      const found = await storage.trustedIssuers.findForAssertion(search)
      expect(found.map(({ kid }) => kid)).toEqual(
        Array.from({ length: 100 }, (_none, index) => `k${101 - index}`),
      )
    })

    it('names each key of an issuer once, newest first', async () => {
      const issuer = hex()
      const trust = trustOf(issuer)
      const one = await trust()
      await trust({ subject: 'other', createdAt: later(2), expiresAt: now })
      const two = await trust({ kid: 'k2', publicJwk: otherKey, createdAt: later(1) })
      expect(await second.trustedIssuers.findKeys(issuer, undefined)).toEqual([
        one.publicJwk,
        two.publicJwk,
      ])
      expect(await second.trustedIssuers.findKeys(issuer, 'k2')).toEqual([two.publicJwk])
      expect(await second.trustedIssuers.findKeys(hex(), undefined)).toEqual([])
    })
  })

  describe('accounts', () => {
    it('returns what was created, by id and by email in any case', async () => {
      const account = newAccount(`Alice.${hex()}@Example.org`, { disabledAt: later(1) })
      expect((await storage.accounts.create(account)).ok).toBe(true)
      expect(await second.accounts.find(account.id)).toEqual(account)
      expect(await second.accounts.findByEmail(account.email.toUpperCase())).toEqual(account)
      expect(await second.accounts.findByEmail('nobody@example.org')).toBeUndefined()
    })

    it('creates an address once, however many try', async () => {
      const email = `${hex()}@example.org`
      const winners = await race(both, async (each, index) => {
        const spelling = index % 3 === 0 ? email.toUpperCase() : email
        return (await each.accounts.create(newAccount(spelling))).ok
      })
      expect(winners).toBe(1)
    })

    it('replaces an account but takes no address of another', async () => {
      const [one, two] = [newAccount(`${hex()}@a.example`), newAccount(`${hex()}@b.example`)]
      await storage.accounts.create(one)
      await storage.accounts.create(two)
      const changed = { ...one, name: 'New', email: `${hex()}@c.example` }
      expect((await storage.accounts.replace(changed)).ok).toBe(true)
      expect(await second.accounts.find(one.id)).toEqual(changed)
      const stolen = { ...one, email: two.email.toUpperCase() }
      expect(await storage.accounts.replace(stolen)).toEqual({ ok: false, error: 'already_exists' })
      const unknown = newAccount(`${hex()}@d.example`)
      expect(await storage.accounts.replace(unknown)).toEqual({ ok: false, error: 'not_found' })
    })

    it('replaces the hash of a password once, and only the one that was read', async () => {
      const account = newAccount(`${hex()}@example.org`)
      await storage.accounts.create(account)
      const winners = await race(both, (each, index) =>
        each.accounts.replacePasswordHash(account.id, {
          from: account.passwordHash,
          to: `hash-${index}`,
        }),
      )
      expect(winners).toBe(1)
      const stored = await second.accounts.find(account.id)
      expect(stored).toEqual({ ...account, passwordHash: expect.stringMatching(/^hash-\d+$/u) })
      const change = { from: account.passwordHash, to: 'late' }
      expect(await storage.accounts.replacePasswordHash(account.id, change)).toBe(false)
    })

    it('lists by address, page by page, and deletes', async () => {
      const prefix = `0${hex()}`
      const emails = ['B', 'a', 'c'].map((it) => `${prefix}${it}@example.org`)
      for (const email of emails) await storage.accounts.create(newAccount(email))
      const first = await storage.accounts.list({ after: prefix, limit: 2 })
      expect(first.map(({ email }) => email)).toEqual([emails[1], emails[0]])
      const [next] = await storage.accounts.list({ after: first[1]!.email, limit: 1 })
      expect(next?.email).toBe(emails[2])
      expect(await storage.accounts.delete(next!.id)).toBe(true)
      expect(await storage.accounts.delete(next!.id)).toBe(false)
    })
  })

  describe('device requests', () => {
    it('returns what was created, by id and by user code', async () => {
      const request = newDeviceRequest()
      expect(await storage.deviceRequests.create(request)).toEqual({ ok: true, value: undefined })
      expect(await storage.deviceRequests.find(request.id)).toEqual(request)
      expect(await storage.deviceRequests.findByUserCode(request.userCodeHash)).toEqual(request)
      expect(await storage.deviceRequests.find(asGrantId(hex()))).toBeUndefined()
      expect(await storage.deviceRequests.findByUserCode(hex())).toBeUndefined()
    })

    it('gives a user code to one of many requests', async () => {
      const userCodeHash = hex()
      const created = await Promise.all(
        Array.from({ length: 20 }, () =>
          storage.deviceRequests.create(newDeviceRequest({ userCodeHash })),
        ),
      )
      expect(created.filter((each) => each.ok)).toHaveLength(1)
    })

    it('tells a poll in time from one that is too fast, and makes the interval longer up to a minute', async () => {
      const request = newDeviceRequest()
      await storage.deviceRequests.create(request)
      const poll = (at: number) =>
        storage.deviceRequests.poll({
          id: request.id,
          clientId: request.clientId,
          now: later(at),
          dueBy: later(at),
        })
      expect(await poll(0)).toMatchObject({ tooFast: false, request: { interval: 5_000 } })
      expect(await poll(4_999)).toMatchObject({ tooFast: true, request: { interval: 10_000 } })
      expect(await poll(14_998)).toMatchObject({ tooFast: true, request: { interval: 15_000 } })
      expect(await poll(29_998)).toMatchObject({ tooFast: false, request: { interval: 15_000 } })
      for (let round = 0; round < 12; round++) await poll(30_000)
      expect(await poll(30_001)).toMatchObject({ tooFast: true, request: { interval: 60_000 } })
      expect(await poll(90_001)).toMatchObject({ tooFast: false })
    })

    it('lets one of many polls of one interval through', async () => {
      const request = newDeviceRequest()
      await storage.deviceRequests.create(request)
      const { id, clientId } = request
      const polls = await Promise.all(
        Array.from({ length: 20 }, () =>
          storage.deviceRequests.poll({ id, clientId, now: later(1), dueBy: later(1) }),
        ),
      )
      expect(polls.filter((each) => each?.tooFast === false)).toHaveLength(1)
    })

    it('hides a request from the polls of another client', async () => {
      const request = newDeviceRequest()
      await storage.deviceRequests.create(request)
      const poll = { id: request.id, clientId: asClientId('other'), now, dueBy: now }
      expect(await storage.deviceRequests.poll(poll)).toBeUndefined()
      expect(await storage.deviceRequests.find(request.id)).toEqual(request)
    })

    it('accepts a request once, however many try, and inserts the grant of the winner', async () => {
      const { id } = await created()
      const grants = Array.from({ length: 20 }, (_, index) =>
        newGrant({ id, subject: asSubject(`user ${index}`) }),
      )
      const accepted = await Promise.all(
        grants.map((grant) =>
          storage.deviceRequests.accept({ id, challengeId: hex(), now, grant }),
        ),
      )
      const winner = accepted.findIndex((each) => each.ok)
      expect(accepted.filter((each) => each.ok)).toHaveLength(1)
      expect(await storage.grants.find(id)).toEqual(grants[winner])
      expect((await storage.deviceRequests.find(id))?.state).toBe('accepted')
    })

    it('lets a challenge accept one request only, however many it is used for', async () => {
      const requests = await Promise.all(Array.from({ length: 5 }, () => created()))
      const challengeId = hex()
      const accepted = await Promise.all(
        requests.map(({ id }) =>
          storage.deviceRequests.accept({ id, challengeId, now, grant: newGrant({ id }) }),
        ),
      )
      expect(accepted.filter((each) => each.ok)).toHaveLength(1)
      expect(accepted.filter((each) => !each.ok && each.error === 'challenge_used')).toHaveLength(4)
      const states = await Promise.all(
        requests.map(async ({ id }) => (await storage.deviceRequests.find(id))?.state),
      )
      expect(states.filter((state) => state === 'pending')).toHaveLength(4)
    })

    it('accepts neither what was rejected nor what has expired', async () => {
      const rejected = await created()
      expect(await storage.deviceRequests.reject(rejected.id)).toBe(true)
      expect(await storage.deviceRequests.reject(rejected.id)).toBe(false)
      const expired = await created({ expiresAt: now })
      for (const { id } of [rejected, expired]) {
        const grant = newGrant({ id })
        const acceptance = { id, challengeId: hex(), now, grant }
        expect(await storage.deviceRequests.accept(acceptance)).toEqual({
          ok: false,
          error: 'unavailable',
        })
        expect(await storage.grants.find(id)).toBeUndefined()
      }
    })

    it('goes with its client', async () => {
      const clientId = asClientId(hex())
      await storage.clients.create(clientRecord(clientId))
      const { id } = await created({ clientId })
      await storage.clients.delete(clientId)
      expect(await storage.deviceRequests.find(id)).toBeUndefined()
    })

    it('is purged when it may go', async () => {
      const gone = await created({ purgeAt: later(-1_000_000_000) })
      const kept = await created()
      await storage.purgeExpired(later(-999_999_999), 100)
      expect(await storage.deviceRequests.find(gone.id)).toBeUndefined()
      expect(await storage.deviceRequests.find(kept.id)).toBeDefined()
    })

    async function created(changes: Partial<DeviceRequest> = {}): Promise<DeviceRequest> {
      const request = newDeviceRequest(changes)
      await storage.deviceRequests.create(request)
      return request
    }
  })

  describe('rates', () => {
    it('counts exactly across callers', async () => {
      const key = hex()
      const counts = await Promise.all(
        Array.from({ length: 100 }, (_none, index) =>
          both[index % 2 ? 1 : 0].rates.hit(key, now, 1_000),
        ),
      )
      expect(counts.toSorted((a, b) => a - b)).toEqual(counts.map((_count, index) => index + 1))
    })

    it('opens a new window when the old one has passed', async () => {
      const key = hex()
      expect(await storage.rates.hit(key, now, 1_000)).toBe(1)
      expect(await second.rates.hit(key, later(999), 1_000)).toBe(2)
      expect(await storage.rates.hit(key, later(1_000), 1_000)).toBe(1)
      expect(await second.rates.hit(key, later(1_000), 1_000)).toBe(2)
      await storage.rates.clear(key)
      expect(await second.rates.hit(key, later(1_000), 1_000)).toBe(1)
    })
  })

  describe('rates.giveBack', () => {
    it('loses no count to concurrent callers', async () => {
      const key = hex()
      const events = Array.from({ length: 40 }, async (_none, index) => {
        const { rates } = both[index % 2 ? 1 : 0]
        await rates.hit(key, now, 1_000)
        if (index < 15) await rates.giveBack(key, now)
      })
      await Promise.all(events)
      expect(await storage.rates.hit(key, now, 1_000)).toBe(26)
    })

    it('stops at none, and leaves a window that has passed alone', async () => {
      const key = hex()
      await storage.rates.giveBack(key, now)
      await storage.rates.hit(key, now, 1_000)
      await storage.rates.giveBack(key, later(1_000))
      expect(await storage.rates.hit(key, now, 1_000)).toBe(2)
      await storage.rates.giveBack(key, now)
      await storage.rates.giveBack(key, now)
      await storage.rates.giveBack(key, now)
      expect(await storage.rates.hit(key, now, 1_000)).toBe(1)
    })
  })

  describe('purgeExpired', () => {
    const far = instant(now * 2)
    /** Later than everything that other tests stored. */
    const then = (milliseconds: number) => instant(far + milliseconds)

    beforeEach(async () => {
      while ((await storage.purgeExpired(far, 1_000)) > 0);
    })

    it('deletes a grant when it may go and no chain is left', async () => {
      const grant = newGrant({ purgeAt: then(10) })
      const chain = { ...newChain(grant.id), purgeAt: then(3_600_000) }
      await storage.grants.create(grant)
      await storage.grants.redeemCode(grant.id, now, chain)
      expect(await storage.purgeExpired(then(9), 100)).toBe(0)
      // It is postponed, once.
      expect(await storage.purgeExpired(then(10), 100)).toBe(1)
      expect(await storage.purgeExpired(then(3_599_999), 100)).toBe(0)
      expect(await second.grants.findWithChain(grant.id, chain.id)).toMatchObject({
        grant: { ...grant, codeRedeemedAt: now, purgeAt: chain.purgeAt },
        chain: { id: chain.id },
      })
      expect(await storage.purgeExpired(then(3_600_000), 100)).toBe(2)
      expect(await second.grants.find(grant.id)).toBeUndefined()
    })

    it('is not held up by grants that a chain keeps, however many come first', async () => {
      const kept = Array.from({ length: 7 }, () => newGrant({ purgeAt: then(1) }))
      const gone = newGrant({ purgeAt: then(2) })
      for (const grant of [...kept, gone]) await storage.grants.create(grant)
      for (const grant of kept) {
        const chain = { ...newChain(grant.id), purgeAt: then(50) }
        await storage.grants.redeemCode(grant.id, now, chain)
      }
      const counts: number[] = []
      for (let count = 1; count > 0; counts.push(count))
        count = await storage.purgeExpired(then(3), 2)
      // Seven are postponed, one goes; no call touches more than it was told.
      expect(counts).toEqual([2, 2, 2, 2, 0])
      expect(await second.grants.find(gone.id)).toBeUndefined()
      for (const grant of kept) expect(await second.grants.find(grant.id)).toBeDefined()
      while ((await storage.purgeExpired(then(50), 100)) > 0);
      for (const grant of kept) expect(await second.grants.find(grant.id)).toBeUndefined()
    })

    it('deletes the chain of a grant that stays, at the latest when its hour has passed', async () => {
      const grant = newGrant({ purgeAt: undefined })
      const chain = { ...newChain(grant.id), purgeAt: then(1) }
      await storage.grants.create(grant)
      await storage.grants.redeemCode(grant.id, now, chain)
      expect(await storage.purgeExpired(then(0), 100)).toBe(0)
      expect(await storage.purgeExpired(then(3_600_001), 100)).toBe(1)
      expect((await second.grants.findWithChain(grant.id, chain.id))?.chain).toBeUndefined()
      await storage.grants.delete({ id: grant.id })
    })

    it('keeps what never expires', async () => {
      // What other tests have left, so that nothing else is counted.
      while ((await storage.purgeExpired(then(1e12), 100)) > 0);
      const grant = newGrant({ purgeAt: undefined })
      const never = newGrant({ purgeAt: then(1) })
      await storage.grants.create(grant)
      await storage.grants.create(never)
      const chain = { ...newChain(never.id), expiresAt: undefined, purgeAt: undefined }
      await storage.grants.redeemCode(never.id, now, chain)
      // The grant is postponed for a while, again and again.
      expect(await storage.purgeExpired(then(1e12), 100)).toBe(1)
      expect(await storage.purgeExpired(then(1e12), 100)).toBe(0)
      expect(await second.grants.findWithChain(never.id, chain.id)).toMatchObject({
        chain: { id: chain.id },
      })
      await storage.grants.delete({ id: grant.id })
      await storage.grants.delete({ id: never.id })
    })

    it('deletes whatever expired, and nothing that did not', async () => {
      const session = newSession({ expiresAt: then(10) })
      const login = newLogin({ session, expiresAt: then(10) })
      await storage.flows.completeLogin(login)
      await storage.flows.park(hex(), 'sealed', then(10))
      await storage.tokens.revoke(asTokenId(hex()), then(10))
      await storage.tokens.consumeJti('issuer', hex(), then(10), far)
      const trusted = newTrust({ issuer: hex(), expiresAt: then(10) })
      await storage.trustedIssuers.create(trusted)
      await storage.rates.hit(hex(), far, 11)
      expect(await storage.purgeExpired(then(10), 100)).toBe(0)
      expect(await second.flows.isLoginCompleted(login.flowId)).toBe(true)
      expect(await storage.purgeExpired(then(11), 100)).toBe(7)
      expect(await second.trustedIssuers.find(trusted.id)).toBeUndefined()
      expect(await second.loginSessions.find(session.id)).toBeUndefined()
      expect(await second.flows.isLoginCompleted(login.flowId)).toBe(false)
    })

    it('S213 deletes no more rows of a table than it was told', async () => {
      for (let index = 0; index < 5; index += 1)
        await storage.grants.create(newGrant({ purgeAt: then(1) }))
      expect(await storage.purgeExpired(then(1), 2)).toBe(2)
      expect(await storage.purgeExpired(then(1), 2)).toBe(2)
      expect(await storage.purgeExpired(then(1), 2)).toBe(1)
    })
  })

  it('answers pings and has no pending migrations', async () => {
    await storage.ping()
    expect(await storage.pendingMigrations()).toEqual([])
  })

  it('S216 undoes a unit that fails without harm to those that commit with it', async () => {
    const { chain } = await redeemedGrant()
    const grants = Array.from({ length: 40 }, () => newGrant())
    await Promise.all(grants.map((grant) => storage.grants.create(grant)))
    const outcomes = await Promise.allSettled(
      grants.map((grant, index) => {
        const own = newChain(grant.id)
        return storage.grants.redeemCode(grant.id, now, index % 2 ? { ...own, id: chain.id } : own)
      }),
    )
    for (const [index, grant] of grants.entries()) {
      const fails = index % 2 === 1
      expect(outcomes[index]?.status).toBe(fails ? 'rejected' : 'fulfilled')
      const found = await second.grants.find(grant.id)
      expect(found?.codeRedeemedAt).toBe(fails ? undefined : now)
    }
  })
}

describeEachIsolation('Storage', (engine) => {
  suite(engine, true)
})
describe('Storage (memory)', () => {
  suite({ dsn: 'memory' }, false)
})

describeEachIsolation('Storages of two projects', (engine) => {
  it('SC6 never shows a project the rows of another', async () => {
    const projects = [asProjectId('left'), asProjectId('right')] as const
    const [left, right] = await Promise.all(
      projects.map((projectId) => openStorage({ dsn: engine.dsn, projectId, log, migrate: true })),
    )
    const client = clientRecord('same', { owner: 'left' })
    const session = newSession()
    const grant = newGrant({
      clientId: client.client.client_id,
      remember: true,
      loginSessionId: session.id,
    })
    const chain = newChain(grant.id)
    const forcedSubject = {
      clientId: grant.clientId,
      subject: grant.subject,
      identifier: 'forced',
    }
    const login = newLogin({ session, forcedSubject })
    const token = asTokenId(hex())
    const account = newAccount('left@example.org')
    const trusted = newTrust()
    try {
      await left!.clients.create(client)
      await left!.grants.create(grant)
      await left!.grants.redeemCode(grant.id, now, chain)
      await left!.flows.completeLogin(login)
      await left!.flows.park('parked', 'sealed', later(10))
      await left!.tokens.revoke(token, later(10))
      await left!.tokens.consumeJti('issuer', 'jti', later(10), now)
      await left!.keys.create(newKey('set', 'kid'))
      await left!.trustedIssuers.create(trusted)
      await left!.accounts.create(account)
      await left!.rates.hit('key', now, 1_000)

      const everything = { after: undefined, limit: 10 }
      const { id, subject, clientId } = grant
      const mine = { subject, loginSessionId: undefined, ...everything, now }
      expect(await right!.clients.find(clientId)).toBeUndefined()
      expect(
        await right!.clients.list({ ...everything, clientName: undefined, owner: undefined }),
      ).toEqual([])
      expect(await right!.grants.find(id)).toBeUndefined()
      expect(await right!.grants.findWithChain(id, chain.id)).toBeUndefined()
      for (const [kind, idPrefix] of [
        ['grant', id],
        ['chain', chain.id],
      ] as const)
        expect(await right!.grants.findByIdPrefix({ kind, idPrefix })).toBeUndefined()
      expect(await right!.flows.completeLogin(newLogin({ clientId, subject }))).toEqual({
        rememberedScope: undefined,
      })
      expect(await right!.grants.listBySubject(mine)).toEqual([])
      expect(await right!.grants.clientsOfSession(session.id, subject)).toEqual([])
      expect(await right!.loginSessions.find(session.id)).toBeUndefined()
      expect(await right!.flows.isLoginCompleted(login.flowId)).toBe(false)
      expect(await right!.flows.findForcedSubject(clientId, 'forced')).toBeUndefined()
      expect(await right!.flows.findParked('parked', now)).toBeUndefined()
      expect(await right!.tokens.isRevoked(token)).toBe(false)
      expect(await right!.tokens.consumeJti('issuer', 'jti', later(10), now)).toBe(true)
      expect(await right!.keys.list('set')).toEqual([])
      const { issuer, kid } = trusted
      const assertion = { issuer, subject: trusted.subject, kid, now }
      const anyKid = { ...assertion, kid: undefined }
      expect(await right!.trustedIssuers.find(trusted.id)).toBeUndefined()
      expect(await right!.trustedIssuers.list({ ...everything, issuer: undefined })).toEqual([])
      expect(await right!.trustedIssuers.list({ ...everything, issuer })).toEqual([])
      expect(await right!.trustedIssuers.findForAssertion(assertion)).toEqual([])
      expect(await right!.trustedIssuers.findForAssertion(anyKid)).toEqual([])
      expect(await right!.trustedIssuers.findKeys(issuer, kid)).toEqual([])
      expect(await right!.trustedIssuers.findKeys(issuer, undefined)).toEqual([])
      expect(await right!.trustedIssuers.delete(trusted.id)).toBe(false)
      expect(await right!.accounts.find(account.id)).toBeUndefined()
      expect(await right!.accounts.findByEmail(account.email)).toBeUndefined()
      expect(await right!.accounts.list(everything)).toEqual([])
      expect(await right!.rates.hit('key', now, 1_000)).toBe(1)

      expect(await right!.clients.replace(client, 1)).toEqual({ ok: false, error: 'not_found' })
      expect(await right!.clients.delete(clientId)).toBe(false)
      await right!.clients.revokeAccessTokens(clientId, later(1))
      expect(await right!.grants.redeemCode(id, now, undefined)).toBe(false)
      expect(await right!.grants.rotateChain({ ...chain, generation: 0 })).toBe(false)
      await right!.grants.replaceSession(id, 'stolen')
      await right!.grants.revokeTokens(id, now)
      await right!.grants.delete({ id })
      await right!.grants.delete({ subject, clientId: undefined })
      await right!.loginSessions.extend(session.id, now)
      expect(await right!.loginSessions.delete(session.id)).toBeUndefined()
      expect(await right!.logoutNotifications.list(10)).toEqual([])
      await right!.loginSessions.deleteBySubject(session.subject)
      await right!.keys.delete('set', undefined)
      expect(await right!.accounts.delete(account.id)).toBe(false)
      await right!.rates.clear('key')
      await right!.purgeExpired(instant(now * 3), 1_000)
      expect(await right!.clients.create(client)).toEqual({ ok: true, value: undefined })
      expect(await right!.keys.createFirst(newKey('set', 'kid'))).toBe(true)

      expect(await left!.clients.find(clientId)).toEqual(client)
      const found = await left!.grants.findWithChain(id, chain.id)
      expect(found?.grant).toEqual({ ...grant, codeRedeemedAt: now })
      expect(found?.chain?.generation).toBe(0)
      expect(await left!.loginSessions.find(session.id)).toEqual(session)
      expect(await left!.keys.list('set')).toHaveLength(1)
      expect(await left!.trustedIssuers.find(trusted.id)).toEqual(trusted)
      expect(await left!.accounts.find(account.id)).toEqual(account)
      expect(await left!.rates.hit('key', now, 1_000)).toBe(2)
      expect(await left!.tokens.isRevoked(token)).toBe(true)
    } finally {
      await Promise.all([left!.close(), right!.close()])
    }
  })
})
