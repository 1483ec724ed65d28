import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeEachEngine } from './support/engines.ts'
import { startClientApi, type Answer, type ClientApi } from './support/client-api.ts'

const malformed = 'The request was malformed or contained invalid parameters'

/** Each server comes with an empty database. */
describeEachEngine('clients of the admin API', (engine) => {
  let server: ClientApi
  beforeAll(async () => {
    server = await startClientApi(engine.dsn)
  })
  afterAll(() => server.close())

  const post = (body: unknown) => server.callAdmin('POST', '/admin/clients', body)
  const get = (id: string) => server.callAdmin('GET', `/admin/clients/${encodeURIComponent(id)}`)
  const put = (id: string, body: unknown) => server.callAdmin('PUT', `/admin/clients/${id}`, body)
  const patch = (id: string, body: unknown) =>
    server.callAdmin('PATCH', `/admin/clients/${id}`, body)
  const create = async (body: object = {}) => {
    const answer = await post(body)
    expect(answer).toMatchObject({ status: 201 })
    return answer.body
  }
  /** A client whose secret can be tried out. */
  const createMachine = (more: object = {}) =>
    create({ grant_types: ['client_credentials'], ...more })
  const signsIn = async (id: string, secret: string) =>
    (await server.clientCredentials(id, secret)).status === 200
  const refuses = (answer: Answer, status: number, error: string) => {
    expect(answer).toMatchObject({ status, body: { error } })
    expect(Object.keys(answer.body)).toEqual(['error', 'error_description'])
    expect(answer.headers.get('content-type')).toBe('application/json')
  }
  const invalid = (answer: Answer) => refuses(answer, 400, 'invalid_client_metadata')

  it('1: CY62 creates a client with every default for {}', async () => {
    const answer = await post({})
    expect(answer.status).toBe(201)
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
    const { client_id, client_secret, ...rest } = answer.body
    expect(answer.headers.get('location')).toBe(`/admin/clients/${client_id}`)
    expect(client_id).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/u,
    )
    expect(client_secret).toMatch(/^[A-Za-z0-9_.~-]{26}$/u)
    expect(rest).toEqual({
      client_name: '',
      redirect_uris: [],
      grant_types: [],
      response_types: [],
      scope: 'offline_access offline openid',
      audience: [],
      owner: '',
      policy_uri: '',
      allowed_cors_origins: [],
      tos_uri: '',
      client_uri: '',
      logo_uri: '',
      contacts: [],
      client_secret_expires_at: 0,
      subject_type: 'public',
      jwks: {},
      token_endpoint_auth_method: 'client_secret_basic',
      userinfo_signed_response_alg: 'none',
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/u),
      updated_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{0,2}[1-9])?Z$/u),
      metadata: {},
      registration_access_token: expect.stringMatching(/^ory_at_/u),
      registration_client_uri: `https://auth.example/oauth2/register/${client_id}`,
      skip_consent: false,
    })
  })

  it('2: takes a chosen client_id once', async () => {
    const id = `not-a-uuid ${randomUUID()} ü/%`
    const answer = await post({ client_id: id })
    expect(answer.status).toBe(201)
    expect(answer.body.client_id).toBe(id)
    expect(answer.headers.get('location')).toBe(`/admin/clients/${encodeURIComponent(id)}`)
    expect((await get(id)).body.client_id).toBe(id)
    const again = await post({ client_id: id })
    refuses(
      again,
      409,
      'Unable to insert or update resource because a resource with that value exists already',
    )
    expect(again.body.error_description).toBe('')
  })

  it('2: gives one of ten concurrent callers the client_id', async () => {
    const client_id = randomUUID()
    const answers = await Promise.all(Array.from({ length: 10 }, () => post({ client_id })))
    const statuses = answers.map(({ status }) => status)
    expect(statuses.filter((status) => status === 201)).toHaveLength(1)
    expect(statuses.filter((status) => status === 409)).toHaveLength(9)
  })

  it('3: shows no secret to a public client', async () => {
    expect(await create({ token_endpoint_auth_method: 'none' })).not.toHaveProperty('client_secret')
  })

  it('4: takes secrets of six bytes and more', async () => {
    invalid(await post({ client_secret: 'short' }))
    const { client_id, client_secret } = await createMachine({ client_secret: 'sixsix' })
    expect(client_secret).toBe('sixsix')
    expect(await signsIn(client_id, 'sixsix')).toBe(true)
    expect(await signsIn(client_id, 'sixsiy')).toBe(false)
  })

  it('5: takes redirect URIs with a scheme and without a fragment', async () => {
    const refused = [
      'https://a/#x',
      'foo',
      '',
      '/only/a/path',
      'javascript:alert(1)',
      'DATA:text/html,x',
      'vbscript:x',
      'https://a b/',
      'https://a:port/',
      'https://a/%zz',
      'https:///cb',
    ]
    for (const uri of refused)
      refuses(await post({ redirect_uris: ['https://ok/', uri] }), 400, 'invalid_redirect_uri')
    const redirect_uris = [
      'https://a.example/cb?x=1',
      'http://a.example/cb',
      'app.scheme:/cb',
      'app.scheme:cb',
      'https://a.example/cb?x=1',
    ]
    expect((await create({ redirect_uris })).redirect_uris).toEqual(redirect_uris)
  })

  it('6: lets logouts go only where logins go', async () => {
    const redirect_uris = ['https://a.example/cb']
    for (const uri of ['https://b.example/', 'http://a.example/', 'https://a.example:443/', 'foo'])
      invalid(await post({ redirect_uris, post_logout_redirect_uris: [uri] }))
    const post_logout_redirect_uris = ['https://a.example/out#x']
    const client = await create({ redirect_uris, post_logout_redirect_uris })
    expect(client.post_logout_redirect_uris).toEqual(post_logout_redirect_uris)
  })

  it('7: demands one source of keys for private_key_jwt', async () => {
    const token_endpoint_auth_method = 'private_key_jwt'
    const jwks_uri = 'https://a.example/jwks.json'
    invalid(await post({ token_endpoint_auth_method }))
    const client = await create({ token_endpoint_auth_method, jwks_uri })
    expect(client).toMatchObject({ token_endpoint_auth_method, jwks_uri, jwks: {} })
    invalid(await post({ token_endpoint_auth_method, jwks_uri, jwks: { keys: [] } }))
    invalid(await post({ jwks_uri, jwks: { keys: [] } }))
    await create({ token_endpoint_auth_method, jwks: { keys: [] } })
    invalid(
      await post({
        token_endpoint_auth_method,
        jwks_uri,
        token_endpoint_auth_signing_alg: 'HS256',
      }),
    )
    await create({ token_endpoint_auth_method, jwks_uri, token_endpoint_auth_signing_alg: 'PS512' })
  })

  it('7: shows keys as SDKs can read them', async () => {
    const key = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }
    const sent = { ...key, d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A', key_ops: ['sign'] }
    const shown = {
      ...key,
      alg: 'EdDSA',
      use: 'sig',
      kid: 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k',
    }
    const { client_id, jwks } = await create({ jwks: { keys: [sent] } })
    expect(jwks).toEqual({ keys: [shown] })
    expect((await get(client_id)).body.jwks).toEqual({ keys: [shown] })
    refuses(await post({ jwks: { keys: [{ kty: 'XY' }] } }), 400, malformed)
    invalid(await post({ jwks: { keys: [{ kty: 'oct', k: 'c2VjcmV0' }] } }))
  })

  it('8: takes http and https for URIs that are shown', async () => {
    for (const name of ['policy_uri', 'tos_uri', 'client_uri', 'logo_uri']) {
      for (const uri of ['file://x', 'javascript:x', '/x', 'https:x'])
        invalid(await post({ [name]: uri }))
      expect((await create({ [name]: 'http://a.example/x' }))[name]).toBe('http://a.example/x')
    }
  })

  it('9: takes the strategies jwt and opaque in any case', async () => {
    expect((await create({ access_token_strategy: 'JWT' })).access_token_strategy).toBe('jwt')
    expect(await create({ access_token_strategy: '' })).not.toHaveProperty('access_token_strategy')
    invalid(await post({ access_token_strategy: 'foo' }))
  })

  it('10: takes enabled subject types only', async () => {
    for (const subject_type of ['pairwise', 'foo']) invalid(await post({ subject_type }))
    expect((await create({ subject_type: 'public' })).subject_type).toBe('public')
  })

  it('11: reads a client without its credentials', async () => {
    const {
      client_id,
      client_secret,
      registration_access_token,
      registration_client_uri,
      ...rest
    } = await create()
    const answer = await get(client_id)
    expect([client_secret, registration_access_token, registration_client_uri]).not.toContain(
      undefined,
    )
    expect(answer.status).toBe(200)
    expect(answer.body).toEqual({ client_id, ...rest })
    expect(answer.headers.get('cache-control')).toBe('private, no-cache, no-store, must-revalidate')
    const unknown = await get('unknown')
    refuses(unknown, 404, 'Unable to locate the resource')
    expect(unknown.body.error_description).toBe('')
  })

  it('12: replaces a client, and its secret only when one is sent', async () => {
    const { client_id, client_secret, created_at } = await createMachine({ client_name: 'before' })
    server.travel(5000)
    const kept = await put(client_id, { grant_types: ['client_credentials'], owner: 'me' })
    expect(kept.status).toBe(200)
    expect(kept.body).toMatchObject({ client_name: '', owner: 'me', created_at })
    expect(kept.body.updated_at > created_at).toBe(true)
    expect(kept.body).not.toHaveProperty('client_secret')
    expect(await signsIn(client_id, client_secret)).toBe(true)
    const changed = await put(client_id, {
      grant_types: ['client_credentials'],
      client_secret: 'changed',
      created_at: '2001-01-01T00:00:00Z',
      registration_access_token: 'echo',
      registration_client_uri: 'echo',
    })
    expect(changed.body).toMatchObject({ client_secret: 'changed', created_at })
    expect(changed.body).not.toHaveProperty('registration_access_token')
    expect(changed.body).not.toHaveProperty('registration_client_uri')
    expect(await signsIn(client_id, 'changed')).toBe(true)
    expect(await signsIn(client_id, client_secret)).toBe(false)
    refuses(await put('unknown', {}), 404, 'Unable to locate the resource')
    invalid(await put('unknown', { subject_type: 'foo' }))
    refuses(await put('unknown', '{'), 400, malformed)
  })

  it('13: ignores the client_id of a body', async () => {
    const one = await create()
    const other = await create({ client_name: 'other' })
    const answer = await put(one.client_id, { client_id: other.client_id, client_name: 'one' })
    expect(answer.body).toMatchObject({ client_id: one.client_id, client_name: 'one' })
    expect((await get(other.client_id)).body.client_name).toBe('other')
  })

  it('14: patches members', async () => {
    const { client_id } = await create({
      redirect_uris: ['https://a.example/cb'],
      policy_uri: 'https://a.example/policy',
      metadata: { tier: 'silver' },
    })
    const answer = await patch(client_id, [
      { op: 'add', path: '/redirect_uris/-', value: 'https://a.example/cb2' },
      { op: 'add', path: '/post_logout_redirect_uris/-', value: 'https://a.example/out' },
      { op: 'replace', path: '/frontchannel_logout_uri', value: 'https://a.example/front' },
      { op: 'replace', path: '/metadata/tier', value: 'gold' },
      { op: 'replace', path: '/metadata/new', value: 12 },
      { op: 'remove', path: '/policy_uri' },
    ])
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({
      redirect_uris: ['https://a.example/cb', 'https://a.example/cb2'],
      post_logout_redirect_uris: ['https://a.example/out'],
      frontchannel_logout_uri: 'https://a.example/front',
      metadata: { tier: 'gold', new: 12 },
      policy_uri: '',
    })
    expect(await get(client_id)).toMatchObject({ body: answer.body })
  })

  it('14: refuses patches that cannot be applied, and changes nothing', async () => {
    const { client_id } = await create({ client_name: 'same' })
    const before = (await get(client_id)).body
    const refused = [
      [{ op: 'test', path: '/client_name', value: 'same' }],
      [{ op: 'move', path: '/owner', from: '/client_name' }],
      [{ op: 'copy', path: '/owner', from: '/client_name' }],
      [{ op: 'replace', path: '/id', value: 'x' }],
      [{ op: 'replace', path: '/ID', value: 'x' }],
      [{ op: 'replace', path: '/client_id', value: 'x' }],
      [{ op: 'replace', path: '/Client_ID', value: 'x' }],
      [{ op: 'add', path: '/owner' }],
      [{ op: 'remove', path: '/nothing' }],
      [
        { op: 'replace', path: '/owner', value: 'x' },
        { op: 'remove', path: '/nothing' },
      ],
      [{ op: 'replace', path: '/redirect_uris', value: 'text' }],
      [{ op: 'replace', path: '', value: 'text' }],
      { op: 'add' },
      'no json',
      '',
    ]
    for (const body of refused) refuses(await patch(client_id, body), 400, malformed)
    expect((await get(client_id)).body).toEqual(before)
    invalid(await patch(client_id, [{ op: 'replace', path: '/subject_type', value: 'foo' }]))
  })

  it('14: does nothing for an empty patch', async () => {
    const { client_id } = await create()
    const { updated_at, ...before } = (await get(client_id)).body
    server.travel(1000)
    for (const body of [[], 'null']) {
      const answer = await patch(client_id, body)
      expect(answer.body).toMatchObject(before)
      expect(answer.body.updated_at > updated_at).toBe(true)
    }
  })

  it('14: loses none of many concurrent patches', async () => {
    const { client_id } = await create()
    const names = Array.from({ length: 8 }, (_, index) => `member${index}`)
    const answers = await Promise.all(
      names.map((name) => patch(client_id, [{ op: 'add', path: `/metadata/${name}`, value: 1 }])),
    )
    expect(answers.map(({ status }) => status)).toEqual(names.map(() => 200))
    expect(Object.keys((await get(client_id)).body.metadata).sort()).toEqual(names)
  })

  it('15: patches the secret', async () => {
    const { client_id, client_secret } = await createMachine()
    const other = await patch(client_id, [{ op: 'replace', path: '/owner', value: 'me' }])
    expect(other.body).not.toHaveProperty('client_secret')
    expect(await signsIn(client_id, client_secret)).toBe(true)
    const changed = await patch(client_id, [
      { op: 'replace', path: '/client_secret', value: 'changed' },
    ])
    expect(changed.body.client_secret).toBe('changed')
    expect(await signsIn(client_id, 'changed')).toBe(true)
    expect(await signsIn(client_id, client_secret)).toBe(false)
  })

  it('15: ends former secrets when a patch removes the secret, but not the current one', async () => {
    const { client_id, client_secret } = await createMachine()
    const rotated = await server.callAdmin('POST', `/admin/clients/${client_id}/secrets/rotate`)
    const answer = await patch(client_id, [{ op: 'remove', path: '/client_secret' }])
    expect(answer.body).not.toHaveProperty('client_secret')
    expect(await signsIn(client_id, rotated.body.client_secret)).toBe(true)
    expect(await signsIn(client_id, client_secret)).toBe(false)
  })

  it('16: answers 404 to patches of an unknown client, whatever the body', async () => {
    for (const body of ['', '{', []])
      refuses(await patch('unknown', body), 404, 'Unable to locate the resource')
  })

  it('17: replaces all lifespans', async () => {
    const { client_id } = await create({ jwt_bearer_grant_access_token_lifespan: '36h0m0s' })
    const set = (body: unknown) =>
      server.callAdmin('PUT', `/admin/clients/${client_id}/lifespans`, body)
    const lifespans = (answer: Answer) =>
      Object.entries(answer.body).filter(([name]) => name.endsWith('_lifespan'))
    expect(lifespans(await get(client_id))).toEqual([
      ['jwt_bearer_grant_access_token_lifespan', '36h'],
    ])
    const answer = await set({
      implicit_grant_access_token_lifespan: '1h30m',
      implicit_grant_id_token_lifespan: null,
    })
    expect(answer.status).toBe(200)
    expect(lifespans(answer)).toEqual([['implicit_grant_access_token_lifespan', '90m']])
    expect(lifespans(await get(client_id))).toEqual(lifespans(answer))
    for (const wrong of ['10', '', '1d', 3600, true])
      refuses(await set({ implicit_grant_access_token_lifespan: wrong }), 400, malformed)
    refuses(await set('null'), 400, malformed)
    expect(lifespans(await set({}))).toEqual([])
    refuses(
      await server.callAdmin('PUT', '/admin/clients/unknown/lifespans', '{'),
      404,
      'Unable to locate the resource',
    )
  })

  it('18: keeps the last six secrets alive', async () => {
    const { client_id, client_secret } = await createMachine()
    const path = `/admin/clients/${client_id}/secrets/rotate`
    const secrets: string[] = [client_secret]
    for (let round = 0; round < 8; round += 1)
      secrets.unshift((await server.callAdmin('POST', path)).body.client_secret)
    const alive = await Promise.all(secrets.map((secret) => signsIn(client_id, secret)))
    expect(alive).toEqual([true, true, true, true, true, true, false, false, false])
    const answer = await server.callAdmin('DELETE', path)
    expect(answer.status).toBe(200)
    expect(answer.body).not.toHaveProperty('client_secret')
    const left = await Promise.all(secrets.map((secret) => signsIn(client_id, secret)))
    expect(left).toEqual([true, ...Array.from({ length: 8 }, () => false)])
    for (const method of ['POST', 'DELETE']) {
      const unknown = await server.callAdmin(method, '/admin/clients/unknown/secrets/rotate')
      refuses(unknown, 404, 'Unable to locate the resource')
    }
    const others = [
      await create({ token_endpoint_auth_method: 'none' }),
      await create({ token_endpoint_auth_method: 'private_key_jwt', jwks_uri: 'https://a/' }),
    ]
    for (const other of others) {
      for (const method of ['POST', 'DELETE']) {
        const answer = await server.callAdmin(
          method,
          `/admin/clients/${other.client_id}/secrets/rotate`,
        )
        refuses(answer, 400, malformed)
      }
    }
  })

  it('18: loses none of the secrets of concurrent rotations', async () => {
    const { client_id } = await createMachine()
    const path = `/admin/clients/${client_id}/secrets/rotate`
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => server.callAdmin('POST', path)),
    )
    for (const { body } of answers) expect(await signsIn(client_id, body.client_secret)).toBe(true)
  })

  it('19: deletes a client with its tokens', async () => {
    const { client_id, client_secret } = await createMachine()
    const { body } = await server.clientCredentials(client_id, client_secret)
    expect(await server.isActive(body.access_token)).toBe(true)
    const deleted = await server.callAdmin('DELETE', `/admin/clients/${client_id}`)
    expect([deleted.status, deleted.text]).toEqual([204, ''])
    refuses(await get(client_id), 404, 'Unable to locate the resource')
    refuses(
      await server.callAdmin('DELETE', `/admin/clients/${client_id}`),
      404,
      'Unable to locate the resource',
    )
    expect(await server.isActive(body.access_token)).toBe(false)
    expect(await signsIn(client_id, client_secret)).toBe(false)
  })

  it('keeps every digit of large integers in metadata', async () => {
    const metadata = '{"id":12345678901234567890,"list":[9007199254740993]}'
    const answer = await post(`{"metadata":${metadata}}`)
    expect(answer.text).toContain(`"metadata":${metadata}`)
    const id = answer.body.client_id
    const patched = await patch(
      id,
      '[{"op":"add","path":"/metadata/more","value":98765432109876543210}]',
    )
    const expected =
      '"metadata":{"id":12345678901234567890,"list":[9007199254740993],"more":98765432109876543210}'
    expect(patched.text).toContain(expected)
    expect((await get(id)).text).toContain(expected)
  })

  it('takes any JSON for metadata, and shows none as null', async () => {
    for (const metadata of [[1, 'a'], 'text', 12, true, { a: null, b: { __proto__: 1 } }])
      expect((await create({ metadata })).metadata).toEqual(metadata)
    expect((await create({ metadata: null })).metadata).toEqual({})
  })

  it('takes null for an absent member', async () => {
    const names = [
      'client_name',
      'redirect_uris',
      'skip_consent',
      'skip_logout_consent',
      'created_at',
      'jwks',
      'scope',
    ]
    const client = await create(Object.fromEntries(names.map((name) => [name, null])))
    expect(client).toMatchObject({
      client_name: '',
      redirect_uris: [],
      skip_consent: false,
      jwks: {},
    })
    expect(client).not.toHaveProperty('skip_logout_consent')
    expect(JSON.stringify(client)).not.toContain('null')
  })

  it('shows skip_logout_consent when it is set', async () => {
    expect(await create({ skip_logout_consent: false })).toMatchObject({
      skip_logout_consent: false,
    })
    expect(await create({ skip_logout_consent: true })).toMatchObject({ skip_logout_consent: true })
  })

  it('refuses bodies that are no client', async () => {
    const bodies = [
      '',
      'null',
      '[]',
      '"x"',
      '1',
      '{',
      '{"redirect_uris":"x"}',
      '{"client_name":1}',
      '{"created_at":""}',
      '{"client_secret":["x"]}',
    ]
    for (const body of bodies) refuses(await post(body), 400, malformed)
    expect((await post('{"owner":"x"} trailing')).status).toBe(201)
  })

  it('refuses what no database stores', async () => {
    invalid(await post({ client_id: 'x'.repeat(256) }))
    invalid(await post({ request_object_signing_alg: 'x'.repeat(11) }))
    invalid(await post({ client_name: 'a\0b' }))
    invalid(await post({ metadata: { deep: [{ 'a\0b': 1 }] } }))
    invalid(await post('{"client_name":"\\ud800"}'))
    await create({ client_id: `${randomUUID()}${'ü'.repeat(219)}` })
  })

  it('refuses unknown authentication methods, but takes any grant and response type', async () => {
    for (const token_endpoint_auth_method of ['client_secret_jwt', 'tls_client_auth', 'NONE'])
      invalid(await post({ token_endpoint_auth_method }))
    const types = { grant_types: ['any'], response_types: ['thing', 'code token'] }
    expect(await create(types)).toMatchObject(types)
  })

  it('stores origins in one form', async () => {
    const allowed_cors_origins = [
      'https://A.example/',
      'http://a.example:80',
      'https://*.example.com',
    ]
    expect((await create({ allowed_cors_origins })).allowed_cors_origins).toEqual([
      'https://A.example',
      'http://a.example:80',
      'https://*.example.com',
    ])
    const refused = [
      '*',
      'null',
      'ftp://a',
      'https://u@a',
      'https://a/x',
      'https://a?x',
      'https://a#x',
      'https://',
    ]
    for (const origin of refused) invalid(await post({ allowed_cors_origins: [origin] }))
  })

  it('30: demands a client_id to delete tokens', async () => {
    refuses(await server.callAdmin('DELETE', '/admin/oauth2/tokens'), 400, 'invalid_request')
    const { client_id, client_secret } = await createMachine()
    const { body } = await server.clientCredentials(client_id, client_secret)
    server.travel(2000)
    const answer = await server.callAdmin('DELETE', `/admin/oauth2/tokens?client_id=${client_id}`)
    expect([answer.status, answer.text]).toEqual([204, ''])
    expect(
      (await server.callAdmin('DELETE', '/admin/oauth2/tokens?client_id=unknown')).status,
    ).toBe(204)
    expect(await server.isActive(body.access_token)).toBe(false)
    expect(await signsIn(client_id, client_secret)).toBe(true)
  })
})

describeEachEngine('list of clients', (engine) => {
  let server: ClientApi
  const ids = ['B', 'a', 'b', 'ä']
  beforeAll(async () => {
    server = await startClientApi(engine.dsn)
    for (const client_id of ids) {
      const more = client_id === 'a' ? { client_name: 'One', owner: 'acme' } : { owner: 'acme' }
      await server.callAdmin('POST', '/admin/clients', {
        client_id,
        ...(client_id === 'ä' ? {} : more),
      })
    }
  })
  afterAll(() => server.close())

  const list = (query = '') => server.callAdmin('GET', `/admin/clients${query}`)
  const idsOf = (answer: Answer) =>
    answer.body.map((client: { client_id: string }) => client.client_id)
  const links = (answer: Answer) =>
    Object.fromEntries(
      (answer.headers.get('link') ?? '').split(',').map((link) => {
        const [, url = '', relation = ''] = /^<([^>]+)>; rel="(\w+)"$/u.exec(link) ?? []
        return [relation, url]
      }),
    )

  it('20: lists clients in the byte order of their ids', async () => {
    const answer = await list()
    expect(answer.status).toBe(200)
    expect(idsOf(answer)).toEqual(ids)
    expect(Object.keys(links(answer))).toEqual(['first'])
    expect(answer.headers.get('x-total-count')).toBeNull()
    expect(answer.text).not.toContain('secret"')
  })

  it('20: leads from page to page', async () => {
    const first = await list('?page_size=2&owner=acme&x=y%20z')
    expect(idsOf(first)).toEqual(['B', 'a'])
    const { next = '', ...others } = links(first)
    expect(Object.keys(others)).toEqual(['first'])
    expect(next).toMatch(/^\/admin\/clients\?owner=acme&page_size=2&page_token=[\w.-]+&x=y\+z$/u)
    const second = await server.callAdmin('GET', next)
    expect(idsOf(second)).toEqual(['b'])
    expect(links(second)['next']).toBeUndefined()
    expect(idsOf(await server.callAdmin('GET', links(second)['first'] ?? ''))).toEqual(['B', 'a'])
  })

  it('20: filters by exact name and owner together', async () => {
    expect(idsOf(await list('?client_name=One'))).toEqual(['a'])
    expect(idsOf(await list('?client_name=one'))).toEqual([])
    expect(idsOf(await list('?owner=acme'))).toEqual(['B', 'a', 'b'])
    expect(idsOf(await list('?owner=acme&client_name=One'))).toEqual(['a'])
    expect(idsOf(await list('?owner=&client_name='))).toEqual(ids)
    const empty = await list('?owner=nobody')
    expect([empty.status, empty.text]).toEqual([200, '[]'])
    expect(links(empty)['first']).toMatch(/page_token=/u)
  })

  it('20: bounds page_size', async () => {
    const sizes = [
      ['', 100],
      ['?page_size=0', 100],
      ['?page_size=-3', 100],
      ['?page_size=', 100],
      ['?page_size=250', 250],
      ['?page_size=9999', 500],
      ['?page_size=&page_size=3', 3],
    ] as const
    for (const [query, size] of sizes)
      expect(links(await list(query))['first']).toContain(`page_size=${size}&`)
    for (const size of ['x', '1.5', '1e3', '0x10'])
      expect(await list(`?page_size=${size}`)).toMatchObject({
        status: 400,
        body: { error: malformed },
      })
  })

  it('20: starts anew for page_token=1 and an empty one', async () => {
    for (const query of ['?page_token=1', '?page_token='])
      expect(idsOf(await list(query))).toEqual(ids)
  })

  it('20: attack 11, attack 23: refuses page tokens that it did not seal, that are altered, of another list or too old', async () => {
    const next = links(await list('?page_size=1'))['next'] ?? ''
    const token = new URLSearchParams(next.split('?')[1]).get('page_token') ?? ''
    const altered = Array.from(token, (_, at) => {
      const other = token[at] === 'A' ? 'B' : 'A'
      return token.slice(0, at) + other + token.slice(at + 1)
    })
    const forged = ['garbage', '2', `${token}A`, token.slice(0, -1), ...altered]
    for (const page_token of forged) {
      const answer = await list(`?page_token=${encodeURIComponent(page_token)}`)
      expect(answer).toMatchObject({ status: 400, body: { error: malformed } })
    }
    const payload = JSON.stringify({ r: '/admin/other', a: 'a', e: server.server.clock() + 60_000 })
    const foreign = server.server.firebrand.services.sealer.seal('page_token', payload)
    expect(await list(`?page_token=${foreign}`)).toMatchObject({
      status: 400,
      body: { error: 'invalid pagination token', error_description: '' },
    })
    server.travel(3_599_000)
    expect((await server.callAdmin('GET', next)).status).toBe(200)
    server.travel(2000)
    expect(await server.callAdmin('GET', next)).toMatchObject({
      status: 400,
      body: { error: malformed, error_description: expect.stringContaining('expired') },
    })
  })
})
