import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startClientApi, type Answer, type ClientApi } from './support/client-api.ts'
import { describeEachEngine } from './support/engines.ts'

const path = '/admin/trust/grants/jwt-bearer/issuers'
const malformed = 'The request was malformed or contained invalid parameters'
const taken =
  'Unable to insert or update resource because a resource with that value exists already'

type Jwk = Record<string, unknown>

function pair(): { readonly publicJwk: Jwk; readonly privateJwk: Jwk } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { kty, x, y, crv, d } = privateKey.export({ format: 'jwk' })
  expect(publicKey.export({ format: 'jwk' })).toEqual({ kty, x, y, crv })
  return { publicJwk: { kty, crv, x, y }, privateJwk: { kty, crv, x, y, d } }
}

describeEachEngine('trusted issuers of the admin API', (engine) => {
  let server: ClientApi
  const one = pair()
  const other = pair()
  let count = 0
  const fresh = () => `https://partner-${++count}.example/a b?c`
  beforeAll(async () => {
    server = await startClientApi(engine.dsn)
  })
  afterAll(() => server.close())

  const request = (issuer: string, changes: object = {}) => ({
    issuer,
    subject: 'svc-42',
    scope: ['orders.read'],
    expires_at: '2031-01-01T00:00:00Z',
    jwk: { ...one.publicJwk, kid: 'k1', use: 'sig', alg: 'ES256' },
    ...changes,
  })
  const jwk = (key: Jwk, kid = 'k1') => ({ jwk: { ...key, kid, use: 'sig', alg: 'ES256' } })
  const post = (body: unknown) => server.callAdmin('POST', path, body)
  const get = (id: string) => server.callAdmin('GET', `${path}/${encodeURIComponent(id)}`)
  const remove = (id: string) => server.callAdmin('DELETE', `${path}/${encodeURIComponent(id)}`)
  const list = (query: string) => server.callAdmin('GET', `${path}?${query}`)
  const key = (set: string, kid?: string) =>
    server.callAdmin(
      'GET',
      `/admin/keys/${[set, ...(kid === undefined ? [] : [kid])].map(encodeURIComponent).join('/')}`,
    )
  const create = async (issuer: string, changes: object = {}) => {
    const answer = await post(request(issuer, changes))
    expect(answer.body).toMatchObject({ id: expect.any(String) })
    expect(answer.status).toBe(201)
    return answer.body
  }
  const refuses = (answer: Answer, status: number, error: string, description?: RegExp) => {
    expect(answer).toMatchObject({ status, body: { error } })
    expect(Object.keys(answer.body)).toEqual(['error', 'error_description'])
    if (description !== undefined) expect(answer.body.error_description).toMatch(description)
  }

  it('C27, CY63 and CY65: trusts an issuer, once for an issuer, subject and kid', async () => {
    const issuer = fresh()
    const answer = await post(request(issuer))
    expect(answer.status).toBe(201)
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
    const { id } = answer.body
    expect(answer.headers.get('location')).toBe(`${path}/${id}`)
    expect(answer.body).toEqual({
      id: expect.stringMatching(
        /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/u,
      ),
      issuer,
      subject: 'svc-42',
      allow_any_subject: false,
      scope: ['orders.read'],
      public_key: { set: issuer, kid: 'k1' },
      created_at: '2030-01-01T00:00:00Z',
      expires_at: '2031-01-01T00:00:00Z',
    })
    expect((await get(id)).body).toEqual(answer.body)
    const again = await post(request(issuer))
    refuses(again, 409, taken)
    expect(again.body.error_description).toBe('')
    await create(issuer, jwk(other.publicJwk, 'k2'))
    await create(issuer, { subject: 'another' })
  })

  it('CY68: shows any subject as an empty one, and absent scope as an empty list', async () => {
    const body = { subject: undefined, allow_any_subject: true, scope: undefined }
    const created = await create(fresh(), body)
    expect(created).toMatchObject({ subject: '', allow_any_subject: true, scope: [] })
    expect((await get(created.id)).body).toEqual(created)
    expect(await create(fresh(), { scope: ['a', '', 'b'] })).toMatchObject({ scope: ['a', 'b'] })
  })

  it('takes times with an offset and fractions, in whole seconds, and past ones', async () => {
    const times = [
      ['2031-01-01T02:00:00.4+02:00', '2031-01-01T00:00:00Z'],
      ['2031-01-01T00:00:00.5Z', '2031-01-01T00:00:01Z'],
      ['2001-01-01T00:00:00Z', '2001-01-01T00:00:00Z'],
    ] as const
    for (const [expires_at, shown] of times)
      expect(await create(fresh(), { expires_at })).toMatchObject({ expires_at: shown })
  })

  describe('C28: refuses', () => {
    const missing: readonly (readonly [string, object, RegExp])[] = [
      ['a missing issuer', { issuer: undefined }, /issuer/u],
      ['CY66 an empty issuer', { issuer: '' }, /issuer/u],
      ['CY67 neither a subject nor any', { subject: undefined }, /subject/u],
      ['a subject and any', { allow_any_subject: true }, /subject/u],
      ['a missing expires_at', { expires_at: undefined }, /expires_at/u],
      ['the year 1', { expires_at: '0001-01-01T00:00:00Z' }, /expires_at/u],
      ['a missing kid', { jwk: { ...one.publicJwk } }, /kid/u],
      ['an empty kid', jwk(one.publicJwk, ''), /kid/u],
      ['a missing key', { jwk: undefined }, /kid/u],
      ['W-13 a symmetric key', { jwk: { kty: 'oct', k: 'c2VjcmV0', kid: 'k1' } }, /./u],
    ]
    for (const [name, changes, description] of missing)
      it(name, async () => {
        const answer = await post(request(fresh(), changes))
        refuses(answer, 400, 'missing_required_parameter', description)
      })

    it('the first of several', async () => {
      const all = { issuer: '', subject: '', expires_at: undefined, jwk: undefined }
      refuses(await post(request('', all)), 400, 'missing_required_parameter', /issuer/u)
      const some = { ...all, issuer: fresh() }
      refuses(await post(request('', some)), 400, 'missing_required_parameter', /subject/u)
      const wrongToo = { ...all, jwk: { kty: 'XX', kid: 'k1' } }
      refuses(await post(request('', wrongToo)), 400, 'error', /key type/u)
    })

    const undecodable: readonly (readonly [string, unknown, RegExp])[] = [
      ['a key of unknown type', { jwk: { ...one.publicJwk, kty: 'XX', kid: 'k1' } }, /key type/u],
      ['a key without type', { jwk: { kid: 'k1' } }, /key type/u],
      ['a key off its curve', jwk({ ...one.publicJwk, y: one.publicJwk['x'] }), /jwk/u],
      ['a key that is text', { jwk: 'key' }, /jwk/u],
      ['an issuer that is a number', { issuer: 1 }, /issuer/u],
      ['a scope that is text', { scope: 'orders.read' }, /scope/u],
      ['a time without zone', { expires_at: '2031-01-01T00:00:00' }, /expires_at/u],
      ['a day that is none', { expires_at: '2031-02-30T00:00:00Z' }, /expires_at/u],
      ['a time that is a number', { expires_at: 1_900_000_000 }, /expires_at/u],
    ]
    for (const [name, changes, description] of undecodable)
      it(name, async () => {
        const answer = await post(request(fresh(), changes as object))
        refuses(answer, 400, 'error', description)
      })

    for (const body of ['', '{', '[]', 'null', '"x"'])
      it(`the body '${body}'`, async () => refuses(await post(body), 400, 'error'))

    it('names that no database takes, and short RSA keys', async () => {
      const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey
      const values = [
        { subject: 'a\0' },
        { subject: 'x'.repeat(256) },
        { scope: ['\ud800'] },
        { jwk: { ...short.export({ format: 'jwk' }), kid: 'k1' } },
      ]
      for (const changes of values)
        refuses(await post(request(fresh(), changes)), 400, 'invalid_request')
      refuses(await post(request(`https://${'x'.repeat(250)}`)), 400, 'invalid_request')
      await create(fresh(), { subject: '🔥'.repeat(255) })
    })
  })

  it('W-24: refuses an issuer that is named like a key set of the server, and publishes no key of others', async () => {
    for (const issuer of ['hydra.openid.id-token', 'hydra.jwt.access-token', 'hydra.x'])
      refuses(await post(request(issuer)), 400, 'invalid_request')
    await create(fresh())
    const jwks = await server.callPublic('GET', '/.well-known/jwks.json')
    expect(jwks.body.keys.map(({ kid }: Jwk) => kid)).not.toContain('k1')
  })

  it('W-21: refuses another key under a known kid, and takes the same one', async () => {
    const issuer = fresh()
    await create(issuer)
    refuses(await post(request(issuer, { subject: 'b', ...jwk(other.publicJwk) })), 409, taken)
    await create(issuer, { subject: 'b' })
    // Members in another order are the same key.
    const { jwk: same } = jwk(one.publicJwk)
    const reversed = Object.fromEntries(Object.entries(same).toReversed())
    await create(issuer, { subject: 'c', jwk: reversed })
    expect((await key(issuer, 'k1')).body.keys).toHaveLength(1)
  })

  it('W-21: gives a kid of an issuer one key, however many ask at once', async () => {
    const issuer = fresh()
    const keys = [one, other]
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_none, index) =>
        post(request(issuer, { subject: `s${index}`, ...jwk(keys[index % 2]!.publicJwk) })),
      ),
    )
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(10)
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(10)
    expect((await key(issuer)).body.keys).toHaveLength(1)
  })

  it('C29: shows the key in the set of the issuer, without private members', async () => {
    const issuer = fresh()
    await create(issuer, jwk({ ...one.privateJwk, ext: true, key_ops: ['sign'] }))
    const shown = { ...one.publicJwk, kid: 'k1', use: 'sig', alg: 'ES256' }
    expect((await key(issuer, 'k1')).body).toEqual({ keys: [shown] })
    expect((await key(issuer)).body).toEqual({ keys: [shown] })
    refuses(await key(issuer, 'k2'), 404, 'Unable to locate the resource')
    // Generated SDKs cannot read a key without these members (clients 9, S2).
    const bare = fresh()
    await create(bare, { jwk: { ...one.publicJwk, kid: 'k1' } })
    expect((await key(bare, 'k1')).body.keys).toEqual([shown])
  })

  it('C29: lists page by page in the order of ids, of all issuers or one', async () => {
    const issuer = fresh()
    const ids: string[] = []
    for (let index = 0; index < 3; index += 1)
      ids.push((await create(issuer, { subject: `s${index}` })).id)
    ids.sort()
    const filter = `issuer=${encodeURIComponent(issuer)}`
    const first = await list(`${filter}&page_size=2`)
    expect(first.body.map(({ id }: Jwk) => id)).toEqual(ids.slice(0, 2))
    const links = first.headers.get('link') ?? ''
    expect(links).toContain('rel="first"')
    const [, next = ''] = /<([^>]+)>; rel="next"/u.exec(links) ?? []
    const second = await server.callAdmin('GET', next)
    expect(second.body.map(({ id }: Jwk) => id)).toEqual(ids.slice(2))
    expect(second.headers.get('link')).not.toContain('rel="next"')
    expect((await list('issuer=nobody')).body).toEqual([])
    expect((await list('page_token=1&page_size=250')).body.length).toBeGreaterThan(3)
    expect((await list('MaxItems=1&DefaultItems=1')).status).toBe(200)
    refuses(await list('page_token=garbage'), 400, malformed)
  })

  it('CY64: lists one trust, an expired one until it is purged', async () => {
    const issuer = fresh()
    await create(issuer, { expires_at: '2001-01-01T00:00:00Z' })
    const filter = `issuer=${encodeURIComponent(issuer)}`
    expect((await list(filter)).body).toHaveLength(1)
    await server.server.storage.purgeExpired(server.server.clock(), 100)
    expect((await list(filter)).body).toEqual([])
  })

  it('C29: deletes, then knows it no more', async () => {
    const { id } = await create(fresh())
    const gone = await remove(id)
    expect(gone).toMatchObject({ status: 204, text: '' })
    for (const answer of [await remove(id), await get(id)]) {
      refuses(answer, 404, 'Unable to locate the resource')
      expect(answer.body.error_description).toBe('')
    }
  })

  it('W-22: deletes the key with its last trust only', async () => {
    const issuer = fresh()
    const a = await create(issuer)
    const b = await create(issuer, { subject: 'b' })
    await remove(a.id)
    expect((await get(b.id)).status).toBe(200)
    expect((await key(issuer, 'k1')).status).toBe(200)
    await remove(b.id)
    expect((await key(issuer, 'k1')).status).toBe(404)
    expect((await key(issuer)).status).toBe(404)
    // The kid is free for another key.
    await create(issuer, jwk(other.publicJwk))
  })

  it('W-22: keeps trust when the key API writes or deletes a key of that name', async () => {
    const issuer = fresh()
    const { id } = await create(issuer)
    const place = `/admin/keys/${encodeURIComponent(issuer)}`
    const put = await server.callAdmin('PUT', `${place}/k1`, jwk(other.publicJwk).jwk)
    expect(put.status).toBe(200)
    expect((await get(id)).status).toBe(200)
    await server.callAdmin('DELETE', `${place}/k1`)
    await server.callAdmin('DELETE', place)
    expect((await get(id)).status).toBe(200)
    expect((await key(issuer, 'k1')).body.keys[0]).toMatchObject(one.publicJwk)
  })

  it('C29: reads every spelling of a UUID and refuses the rest', async () => {
    const { id } = await create(fresh())
    const spellings = [id.replaceAll('-', ''), `{${id}}`, `urn:uuid:${id}`, id.toUpperCase()]
    for (const spelling of spellings) expect((await get(spelling)).body.id).toBe(id)
    for (const wrong of ['foo', `{${id}`, `${id}}`, `${id}0`, `x${id}`]) {
      refuses(await get(wrong), 400, malformed)
      refuses(await remove(wrong), 400, malformed)
    }
  })
})
