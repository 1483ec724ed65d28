import { readdir, readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import {
  createFirebrandClient,
  FirebrandConnectionError,
  FirebrandError,
  type ClientSettings,
} from './client.ts'

interface Sent {
  readonly url: string
  readonly method: string | undefined
  readonly headers: Headers
  readonly body: unknown
}

type Answer = () => Response | Promise<Response>

/** A client whose server gives the answers in turn, the last one for ever. */
function clientOf(answers: readonly Answer[], settings: ClientSettings = {}) {
  const sent: Sent[] = []
  const client = createFirebrandClient({
    publicUrl: 'http://public.example/',
    adminUrl: 'http://admin.example',
    fetch: async (url, { method, headers, body }) => {
      const answer = answers[Math.min(sent.length, answers.length - 1)]
      sent.push({ url, method, headers: new Headers(headers), body })
      return answer?.() ?? Response.error()
    },
    ...settings,
  })
  return { client, sent }
}

const json =
  (body: unknown, init: ResponseInit = {}): Answer =>
  () =>
    Response.json(body, init)
const busy = (after = '0'): Answer =>
  json({ error: 'temporarily_unavailable' }, { status: 503, headers: { 'retry-after': after } })
const gone: Answer = () => Promise.reject(new TypeError('fetch failed'))

describe('a method of the client', () => {
  it('sends path, query and body under their wire names', async () => {
    const { client, sent } = clientOf([json({ redirect_to: 'http://x' })])
    await client.acceptOAuth2LoginRequest({ login_challenge: 'a b&c', body: { subject: 'ada' } })
    await client.patchOAuth2Client({
      id: 'a/ü',
      body: [{ op: 'replace', path: '/owner', value: 'ada' }],
    })
    expect(sent[0]?.url).toBe(
      'http://admin.example/admin/oauth2/auth/requests/login/accept?login_challenge=a+b%26c',
    )
    expect(sent[0]?.body).toBe('{"subject":"ada"}')
    expect(sent[1]?.url).toBe('http://admin.example/admin/clients/a%2F%C3%BC')
    expect(sent[1]?.headers.get('content-type')).toBe('application/json')
  })

  it('answers with the body, and in its raw form with status and headers', async () => {
    const { client } = clientOf([json({ client_id: 'x' }, { status: 200, headers: { etag: '1' } })])
    expect(await client.getOAuth2Client({ id: 'x' })).toEqual({ client_id: 'x' })
    const { data, status, headers } = await client.raw.getOAuth2Client({ id: 'x' })
    expect([data.client_id, status, headers.get('etag')]).toEqual(['x', 200, '1'])
  })

  it('answers with undefined when there is no body', async () => {
    const { client } = clientOf([() => new Response(null, { status: 204 })])
    expect(await client.deleteOAuth2Client({ id: 'x' })).toBeUndefined()
  })

  it('uses one origin for both APIs', async () => {
    const urls: string[] = []
    const client = createFirebrandClient({
      baseUrl: 'https://one.example/project/',
      fetch: async (url) => {
        urls.push(url)
        return Response.json({})
      },
    })
    await client.isAlive()
    await client.getVersion()
    await client.listOAuth2Clients({ page_size: 3 })
    expect(urls).toEqual([
      'https://one.example/project/health/alive',
      'https://one.example/project/version',
      'https://one.example/project/admin/clients?page_size=3',
    ])
  })

  it('says which URL it lacks, and which path parameter', async () => {
    const client = createFirebrandClient({ publicUrl: 'http://public.example' })
    await expect(client.listOAuth2Clients()).rejects.toThrow('listOAuth2Clients needs adminUrl')
    await expect(clientOf([json({})]).client.getOAuth2Client({ id: '' })).rejects.toThrow('id is')
  })

  it('does not compile without what the operation needs', async () => {
    const { client } = clientOf([json({})])
    // @ts-expect-error a login challenge is required
    await client.getOAuth2LoginRequest({})
    // @ts-expect-error the subject is required
    await client.acceptOAuth2LoginRequest({ login_challenge: 'x', body: {} })
    // @ts-expect-error no such operation
    expect(client.flushEverything).toBeUndefined()
  })
})

describe('credentials', () => {
  it('sends the access token to the admin API only, asked for before each request', async () => {
    let turn = 0
    const { client, sent } = clientOf([json({})], { accessToken: async () => `token-${++turn}` })
    await client.getOAuth2Client({ id: 'x' })
    await client.getOAuth2Client({ id: 'x' })
    await client.discoverJsonWebKeys()
    await client.isReady()
    await client.oauth2TokenExchange({ body: { grant_type: 'client_credentials' } })
    await client.getOidcUserInfo({ accessToken: 'of-the-user' })
    expect(sent.map(({ headers }) => headers.get('authorization'))).toEqual([
      'Bearer token-1',
      'Bearer token-2',
      null,
      null,
      null,
      'Bearer of-the-user',
    ])
  })

  it('encodes both parts of Basic credentials, and the form', async () => {
    const credentials = { client_id: 'a:b', client_secret: 'ü %' }
    const { client, sent } = clientOf([json({})], { credentials })
    await client.oauth2TokenExchange({
      body: { grant_type: 'authorization_code', code: 'x&y', code_verifier: 'z' },
    })
    const [, pair = ''] = sent[0]?.headers.get('authorization')?.split(' ') ?? []
    expect(atob(pair)).toBe('a%3Ab:%C3%BC+%25')
    expect(sent[0]?.body).toBe('grant_type=authorization_code&code=x%26y&code_verifier=z')
    expect(sent[0]?.headers.get('content-type')).toBe('application/x-www-form-urlencoded')
  })
})

describe('failures', () => {
  it('are errors with status, code, description and response', async () => {
    const body = { error: 'invalid_client', error_description: 'No such client.' }
    const { client } = clientOf([json(body, { status: 401, headers: { 'x-request-id': '7' } })])
    const failure = client.oauth2TokenExchange({ body: { grant_type: 'client_credentials' } })
    const error = await failure.catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(FirebrandError)
    expect(error).toMatchObject({ status: 401, code: 'invalid_client', body })
    expect(error).toHaveProperty('description', 'No such client.')
    expect((error as FirebrandError).response.headers.get('x-request-id')).toBe('7')
    expect(String(error)).toContain('oauth2TokenExchange: 401 invalid_client: No such client.')
  })

  it("read the form of Ory's other errors, and pages of proxies", async () => {
    const generic = json({ error: { code: 404, message: 'gone', reason: 'why' } }, { status: 404 })
    await expect(clientOf([generic]).client.getOAuth2Client({ id: 'x' })).rejects.toMatchObject({
      code: 'gone',
      description: 'why',
    })
    const page: Answer = () => new Response('<h1>Bad gateway</h1>', { status: 502 })
    await expect(clientOf([page]).client.getOAuth2Client({ id: 'x' })).rejects.toMatchObject({
      status: 502,
      code: undefined,
      body: '<h1>Bad gateway</h1>',
    })
  })

  it('name a server that cannot be reached, and one that takes too long', async () => {
    const unreachable = clientOf([gone], { retries: 0 }).client.isAlive()
    await expect(unreachable).rejects.toMatchObject({ isTimeout: false, operation: 'isAlive' })
    const slow = createFirebrandClient({
      publicUrl: 'http://public.example',
      timeoutMilliseconds: 5,
      fetch: (_url, { signal }) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener('abort', () => reject(signal.reason as Error))
        }),
    })
    const error = await slow.isAlive().catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(FirebrandConnectionError)
    expect(error).toHaveProperty('isTimeout', true)
  })

  it("are the reason of the caller's signal when that aborts", async () => {
    const controller = new AbortController()
    const { client } = clientOf([gone], { retries: 5 })
    const call = client.getOAuth2Client({ id: 'x' }, { signal: controller.signal })
    controller.abort(new Error('enough'))
    await expect(call).rejects.toThrow('enough')
  })
})

describe('retries', () => {
  it('repeat reads and replacements when the server asks for it, at most as often as agreed', async () => {
    const later = clientOf([busy(), busy(), json({ client_id: 'x' })])
    expect(await later.client.getOAuth2Client({ id: 'x' })).toEqual({ client_id: 'x' })
    expect(later.sent).toHaveLength(3)
    const never = clientOf([busy()], { retries: 1 })
    await expect(never.client.setOAuth2Client({ id: 'x', body: {} })).rejects.toThrow('503')
    expect(never.sent).toHaveLength(2)
  })

  it('repeat a connection that failed', async () => {
    const { client, sent } = clientOf([gone, json({ active: false })])
    await client.introspectOAuth2Token({ body: { token: 'x' } })
    expect(sent).toHaveLength(2)
  })

  it.each([
    ['a creation', busy(), (c: Client) => c.createOAuth2Client({ body: {} })],
    [
      'a token request',
      gone,
      (c: Client) => c.oauth2TokenExchange({ body: { grant_type: 'refresh_token' } }),
    ],
    ['a registration that changes its token', gone, (c: Client) => c.setOidcDynamicClient(own)],
    ['a probe', busy(), (c: Client) => c.isReady()],
    ['a refusal', json({}, { status: 400 }), (c: Client) => c.getOAuth2Client({ id: 'x' })],
    ['an overload without a time', json({}, { status: 503 }), (c: Client) => c.getVersion()],
    ['an overload of minutes', busy('600'), (c: Client) => c.getVersion()],
  ] as const)('do not repeat %s', async (_what, answer, act) => {
    const { client, sent } = clientOf([answer])
    await expect(act(client)).rejects.toThrow()
    expect(sent).toHaveLength(1)
  })
})

type Client = ReturnType<typeof createFirebrandClient>
const own = { id: 'x', body: {} }

describe('lists', () => {
  it('yield the items of all pages', async () => {
    const link = (token: string) =>
      `</admin/clients?owner=ada&page_token=first>; rel="first",</admin/clients?page_token=${token}>; rel="next"`
    const { client, sent } = clientOf([
      json([{ client_id: 'a' }, { client_id: 'b' }], { headers: { link: link('two') } }),
      json([], { headers: { link: link('three') } }),
      json([{ client_id: 'c' }], { headers: { link: '</admin/clients>; rel="first"' } }),
    ])
    const ids: unknown[] = []
    for await (const { client_id } of client.items.listOAuth2Clients({ owner: 'ada' })) {
      ids.push(client_id)
    }
    expect(ids).toEqual(['a', 'b', 'c'])
    expect(sent.map(({ url }) => new URL(url).search)).toEqual([
      '?owner=ada',
      '?page_token=two&owner=ada',
      '?page_token=three&owner=ada',
    ])
  })
})

describe('the sources of the client', () => {
  it('import nothing but themselves', async () => {
    const folder = new URL('./', import.meta.url)
    const files = (await readdir(folder)).filter((name) => !name.endsWith('.test.ts'))
    const imports = await Promise.all(
      files.map(async (name) => {
        const text = await readFile(new URL(name, folder), 'utf8')
        return [...text.matchAll(/ from '([^']+)'/gu)].map(([, target]) => target)
      }),
    )
    expect(files).toContain('client.ts')
    expect(imports.flat().filter((target) => target?.startsWith('./') !== true)).toEqual([])
  })
})
