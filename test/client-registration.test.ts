import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startClientApi, type Answer, type ClientApi } from './support/client-api.ts'
import { describeEachEngine } from './support/engines.ts'

const malformed = 'The request was malformed or contained invalid parameters'
const unauthorized = 'The request could not be authorized'

function refuses(answer: Answer, status: number, error: string): void {
  expect(answer).toMatchObject({ status, body: { error } })
}

describe('client registration by default', () => {
  it('21: is turned off', async () => {
    const api = await startClientApi('memory')
    const calls = [
      await api.callPublic('POST', '/oauth2/register', {}),
      await api.callPublic('GET', '/oauth2/register/x'),
      await api.callPublic('PUT', '/oauth2/register/x', {}),
      await api.callPublic('DELETE', '/oauth2/register/x'),
    ]
    for (const answer of calls) refuses(answer, 404, 'The requested resource could not be found')
    await api.close()
  })
})

describeEachEngine('client registration', (engine) => {
  let api: ClientApi
  beforeAll(async () => {
    api = await startClientApi(engine.dsn, {
      config: { oidc: { dynamic_client_registration: { enabled: true } } },
    })
  })
  afterAll(() => api.close())

  const post = (body: unknown) => api.callPublic('POST', '/oauth2/register', body)
  const register = async (body: object = {}) => {
    const answer = await post(body)
    expect(answer.status).toBe(201)
    return { ...answer.body, token: answer.body.registration_access_token }
  }
  const call = (method: string, id: string, token?: string, body?: unknown) =>
    api.callPublic(method, `/oauth2/register/${id}`, body, token)

  it('RFC 9700 §4.15.1: 22: CY40 registers a client under an id of the server', async () => {
    const answer = await post({ client_id: 'chosen', client_name: 'Kiosk' })
    expect(answer.status).toBe(201)
    const { client_id, registration_client_uri } = answer.body
    expect(client_id).not.toBe('chosen')
    expect(registration_client_uri).toBe(`https://auth.example/oauth2/register/${client_id}`)
    expect(answer.headers.get('location')).toBe(registration_client_uri)
    expect(answer.body).toMatchObject({ client_name: 'Kiosk', metadata: {} })
    expect(answer.body.client_secret).toMatch(/^[A-Za-z0-9_.~-]{26}$/u)
    expect(await register({ token_endpoint_auth_method: 'none' })).not.toHaveProperty(
      'client_secret',
    )
  })

  it('22: attack 29: refuses what only administrators may set', async () => {
    refuses(await post({ client_secret: 'long enough' }), 400, malformed)
    for (const metadata of [{}, null, { a: 1 }])
      refuses(await post({ metadata }), 400, 'invalid_client_metadata')
    refuses(await post({ access_token_strategy: 'jwt' }), 400, malformed)
    refuses(await post({ skip_consent: true }), 400, 'invalid_request')
    refuses(await post({ skip_logout_consent: true }), 400, 'invalid_request')
    await register({ skip_consent: false, skip_logout_consent: false, access_token_strategy: '' })
  })

  it('23: CY41, CY42, CY45 and CY46 show a client to the owner of its token alone', async () => {
    const one = await register({ client_name: 'one' })
    const other = await register()
    const tampered = `${one.token.slice(0, -1)}${one.token.endsWith('A') ? 'B' : 'A'}`
    for (const token of [undefined, '', 'wrong', other.token, tampered]) {
      refuses(await call('GET', one.client_id, token), 401, unauthorized)
      refuses(await call('PUT', one.client_id, token, {}), 401, unauthorized)
      refuses(await call('PUT', one.client_id, token, '{'), 401, unauthorized)
      refuses(await call('DELETE', one.client_id, token), 401, unauthorized)
    }
    const answer = await call('GET', one.client_id, one.token)
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({
      client_name: 'one',
      registration_client_uri: one.registration_client_uri,
    })
    for (const name of ['metadata', 'client_secret', 'registration_access_token'])
      expect(answer.body).not.toHaveProperty(name)
    const bare = one.token.slice('ory_at_'.length)
    expect((await call('GET', one.client_id, bare)).status).toBe(200)
    const query = `?access_token=${encodeURIComponent(one.token)}`
    expect((await call('GET', `${one.client_id}${query}`)).status).toBe(200)
  })

  it('23: does not take the token for an access token', async () => {
    const { token } = await register()
    expect(await api.isActive(token)).toBe(false)
  })

  it('24: CY43 and CY44 give a new token with every replacement', async () => {
    const { client_id, token } = await register({ client_name: 'before' })
    refuses(
      await call('PUT', client_id, token, { client_secret: 'long enough' }),
      403,
      'The requested action was forbidden',
    )
    refuses(
      await call('PUT', client_id, token, { subject_type: 'foo' }),
      400,
      'invalid_client_metadata',
    )
    const answer = await call('PUT', client_id, token, { client_name: 'after' })
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({ client_id, client_name: 'after', metadata: {} })
    expect(answer.body).not.toHaveProperty('client_secret')
    const renewed = answer.body.registration_access_token
    refuses(await call('GET', client_id, token), 401, unauthorized)
    expect((await call('GET', client_id, renewed)).status).toBe(200)
  })

  it('24: takes back what it has shown', async () => {
    const { client_id, token } = await register({ redirect_uris: ['https://a.example/cb'] })
    const first = await call('PUT', client_id, token, (await call('GET', client_id, token)).body)
    const again = await call('PUT', client_id, first.body.registration_access_token, first.body)
    expect(again).toMatchObject({ status: 200, body: { redirect_uris: ['https://a.example/cb'] } })
  })

  it('24: keeps what an administrator has set', async () => {
    const set = { metadata: { a: 1 }, skip_consent: true, skip_logout_consent: true }
    const privileged = { ...set, access_token_strategy: 'opaque' }
    const { body } = await api.callAdmin('POST', '/admin/clients', privileged)
    const token = body.registration_access_token
    const answer = await call('PUT', body.client_id, token, { client_name: 'mine' })
    expect(answer.body).toMatchObject({ ...privileged, client_name: 'mine', metadata: {} })
    expect(answer.text).not.toContain('"a"')
    const kept = await api.callAdmin('GET', `/admin/clients/${body.client_id}`)
    expect(kept.body).toMatchObject({ ...privileged, client_name: 'mine' })
    refuses(
      await call('PUT', body.client_id, answer.body.registration_access_token, {
        metadata: { a: 2 },
      }),
      400,
      'invalid_client_metadata',
    )
  })

  it('24: lets one of ten concurrent replacements win', async () => {
    const { client_id, token } = await register()
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => call('PUT', client_id, token, {})),
    )
    const winners = answers.filter(({ status }) => status === 200)
    expect(winners).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(9)
  })

  it('24: keeps the token when an administrator changes the client', async () => {
    const { client_id, token } = await register()
    await api.callAdmin('PUT', `/admin/clients/${client_id}`, {})
    await api.callAdmin('PATCH', `/admin/clients/${client_id}`, [])
    expect((await call('GET', client_id, token)).status).toBe(200)
  })

  it('25: does not tell an unknown client from a wrong token', async () => {
    const { client_id, token } = await register()
    const unknown = await call('GET', 'unknown', token)
    const wrong = await call('GET', client_id, 'wrong')
    refuses(unknown, 401, unauthorized)
    expect(unknown.text).toBe(wrong.text)
  })

  it('26: CY47 deletes a client', async () => {
    const { client_id, token } = await register()
    expect(await call('DELETE', client_id, token)).toMatchObject({ status: 204, text: '' })
    refuses(await call('GET', client_id, token), 401, unauthorized)
    expect((await api.callAdmin('GET', `/admin/clients/${client_id}`)).status).toBe(404)
  })
})
