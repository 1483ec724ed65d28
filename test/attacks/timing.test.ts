/** What answers cost, and how secrets are compared: nobody learns from a clock which part of a guess is right. */

import { readdir, readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it, vi, type MockInstance } from 'vitest'
import { createAccount, setDisabled } from '../../src/accounts/accounts.ts'
import { passwordHasher } from '../../src/accounts/password.ts'
import { hashTurnstile } from '../../src/clients/hash-turnstile.ts'
import { createClient, type TestClient } from '../support/browser-flow.ts'
import { postForm } from '../support/code-flow.ts'
import { startServer, type TestServer } from '../support/server.ts'

const root = new URL('../../src/', import.meta.url)

/** Names of values that an attacker may want to find out piece by piece. */
const secretNames =
  /secret|hash|digest|signature|\bmac\b|csrf|token|password|verifier|challenge|nonce|cookie|credential|proof|userCode|fingerprint|derived/iu

const comparison = /([\w.?[\]'()]+(?:\([^()]*\))?)\s*(===|!==|==|!=)\s*([\w.?[\]'()]+)/gu
const constant = /^(?:['"`\d]|-\d|undefined\b|null\b|true\b|false\b|typeof\b)/u
const isLength = (operand: string) => operand.endsWith('.length')

/** Comparisons of names that sound like secrets, and why nobody learns anything from their time. */
const harmless: Readonly<Record<string, string>> = {
  "cli/authorization-code-flow.ts payload['nonce'] !== attempt.nonce":
    'the command is the client, and ends after one try',
  'client-auth/proven-header.ts record.secretHash === proof.secretHash':
    'hashes, both from the database',
  'client-auth/proven-header.ts text === proof.rotatedSecretHashes[index]':
    'hashes, both from the database',
  'clients/patch-client.ts secret === secretHash':
    'an administrator sends back what the administrator was shown',
  'grants/issue.ts claims.accessToken === accessToken': 'claims of a hook for a token',
  'grants/issue.ts claims.idToken === idToken': 'claims of a hook for a token',
  'grants/issue.ts JSON.stringify([accessToken, idToken]) === JSON.stringify([claims.accessToken':
    'claims of a hook for tokens',
  'http/router.ts code === hash': 'the character #',
  'interaction/device-verify.ts userCode === mask': 'the mask is a constant',
  'interaction/flow-encoding.ts idTokenSubject === login.subject':
    'subjects, while a value is written',
  'interaction/logout.ts readSessionCookie(services, input.cookies) === sid':
    'the id of a session, against the one that a sealed cookie names',
  'keys/stored-key-ring.ts set === accessTokenKeySet': 'names of key sets',
  "sdk/pages.ts next === asked['page_token']": 'a client compares what it was given',
  'tokens/access-token.ts token.subject === client.client_id': 'identifiers, while a token is made',
  'tokens/revoke.ts token.clientId !== clientId': 'identifiers of clients',
  'ui/demo/verify.ts nonce === tokens.nonce': 'the demo shows a person whether they are the same',
  'ui/demo/verify.ts atHash === expected': 'the demo shows a person whether they are the same',
}

async function sources(): Promise<readonly (readonly [name: string, text: string])[]> {
  const names = (await readdir(root, { recursive: true })).filter(
    (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
  )
  return Promise.all(
    names.map(async (name) => [name, await readFile(new URL(name, root), 'utf8')] as const),
  )
}

describe('comparisons', () => {
  it('compare no secret in a time that depends on it', async () => {
    const found: string[] = []
    for (const [name, text] of await sources())
      for (const line of text.split('\n')) {
        if (/^\s*(?:\*|\/\/|\/\*)/u.test(line)) continue
        for (const [, left = '', operator = '', right = ''] of line.matchAll(comparison)) {
          if (constant.test(left) || constant.test(right)) continue
          if (isLength(left) || isLength(right)) continue
          if (secretNames.test(left) || secretNames.test(right))
            found.push(
              `${name} ${left.replace(/^\(+/u, '')} ${operator} ${right.replace(/\)+$/u, '')}`,
            )
        }
      }
    // A new one is to be looked at before it is named above; one that is gone is to be taken away.
    expect([...new Set(found)].toSorted()).toEqual(Object.keys(harmless).toSorted())
  })

  it('go through timingSafeEqual wherever a secret meets what somebody sent', async () => {
    const places = (await sources())
      .filter(([, text]) => /timingSafeEqual\(|isSameSecret\(/u.test(text))
      .map(([name]) => name)
    expect(places).toEqual(
      expect.arrayContaining([
        'clients/client-secret.ts',
        'clients/registration-token.ts',
        'clients/slow-hash.ts',
        'grants/authorization-code.ts',
        'http/admin-access.ts',
        'interaction/csrf.ts',
        'tokens/credential-nonce.ts',
        'tokens/same-secret.ts',
        'ui/form-token.ts',
        'ui/handlers/demo.ts',
      ]),
    )
  })
})

describe('slow hashes', () => {
  let server: TestServer
  let passes: MockInstance
  let generated: TestClient
  let chosen: TestClient
  let rotated: TestClient
  let post: TestClient
  let open: TestClient
  let keyed: TestClient
  beforeAll(async () => {
    server = await startServer('memory', { config: { account: { enabled: true } } })
    const { services } = server.firebrand
    passes = vi.spyOn(hashTurnstile(services.settings), 'pass')
    generated = await createClient(server)
    chosen = await createClient(server, { client_secret: 'a secret that somebody chose' })
    rotated = await createClient(server, { client_secret: 'a secret that was chosen before' })
    const path = `/admin/clients/${rotated.client_id}/secrets/rotate`
    const answer = await server.adminFetch(path, { method: 'POST' })
    if (answer.status !== 200) throw new Error(`${answer.status}`)
    post = await createClient(server, { token_endpoint_auth_method: 'client_secret_post' })
    open = await createClient(server, { token_endpoint_auth_method: 'none' })
    keyed = await createClient(server, {
      token_endpoint_auth_method: 'private_key_jwt',
      jwks_uri: 'https://app.example/jwks',
    })
  })
  afterAll(() => server.close())

  /** Slow hashes that a request costs, and what it answers. */
  async function costOf(
    send: () => Promise<Response>,
  ): Promise<readonly [cost: number, status: number]> {
    passes.mockClear()
    const { status } = await send()
    return [passes.mock.calls.length, status]
  }

  const paths = {
    '/oauth2/token': { grant_type: 'client_credentials' },
    '/oauth2/revoke': { token: 'x' },
    '/oauth2/device/auth': { scope: 'foo' },
  } as const

  for (const [path, form] of Object.entries(paths))
    it(`unknown clients, wrong secrets and wrong methods cost one each at ${path}, the same secret again none`, async () => {
      const unknown = { client_id: 'nobody', client_secret: '', redirect_uri: '' }
      const wrong = `wrong secret at ${path}`
      const everybody = {
        unknown,
        'another unknown': { ...unknown, client_id: 'nobody else' },
        generated,
        chosen,
        rotated,
        post,
        open,
        keyed,
      }
      for (const [who, client] of Object.entries(everybody)) {
        const inHeader = () =>
          postForm(server.publicFetch, path, form, {
            client_id: client.client_id,
            client_secret: wrong,
          })
        expect([who, await costOf(inHeader)]).toEqual([who, [1, 401]])
        expect([who, await costOf(inHeader)]).toEqual([who, [0, 401]])
        const inBody = () =>
          postForm(server.publicFetch, path, {
            ...form,
            client_id: client.client_id,
            client_secret: `${wrong} in the body`,
          })
        expect([who, await costOf(inBody)]).toEqual([who, [1, 401]])
      }
    })

  it('a right secret costs one at most, and none that the server made', async () => {
    const form = { grant_type: 'client_credentials' }
    expect(
      await costOf(() => postForm(server.publicFetch, '/oauth2/token', form, generated)),
    ).toEqual([0, 200])
    const ofChosen = { ...chosen, client_secret: 'a secret that somebody chose' }
    expect(
      await costOf(() => postForm(server.publicFetch, '/oauth2/token', form, ofChosen)),
    ).toEqual([1, 200])
  })

  it('unknown users, wrong passwords and disabled accounts cost one each, and read the same', async () => {
    const { services } = server.firebrand
    const password = 'correct horse battery'
    for (const email of ['ada@example.com', 'gone@example.com'])
      await createAccount(services, { email, name: '', password })
    await setDisabled(services, 'gone@example.com', true)
    const browser = server.browser()
    const query = new URLSearchParams({
      client_id: generated.client_id,
      redirect_uri: generated.redirect_uri,
      response_type: 'code',
      scope: 'openid',
      state: 'some-random-state',
    })
    const page = await (await browser.follow(`/oauth2/auth?${query.toString()}`)).text()
    const field = (name: string) =>
      new RegExp(`name="${name}"\\s+value="([^"]*)"`, 'u').exec(page)?.[1] ?? ''
    const texts = new Set<string>()
    const signIn = async (email: string, typed: string) => {
      const response = await browser.fetch('/ui/login', {
        method: 'POST',
        body: new URLSearchParams({
          challenge: field('challenge'),
          _csrf: field('_csrf'),
          email,
          password: typed,
        }),
      })
      if (response.status === 422)
        texts.add(
          (await response.text())
            .replaceAll(email, '')
            .replaceAll(/name="_csrf"\s+value="[^"]*"/gu, ''),
        )
      return response
    }
    for (const [email, typed] of [
      ['nobody@example.com', password],
      ['ada@example.com', 'wrong'],
      ['ada@example.com', 'x'.repeat(5000)],
      ['nobody@example.com', 'x'.repeat(5000)],
      ['gone@example.com', password],
      ['gone@example.com', 'wrong'],
    ] as const)
      expect([email, await costOf(() => signIn(email, typed))]).toEqual([email, [1, 422]])
    expect(texts.size).toBe(1)
    expect(await costOf(() => signIn('ada@example.com', password))).toEqual([1, 303])
  })

  it('the hash that nobody has is as slow as those of accounts', async () => {
    const parameters = (text: string) => text.split('$').slice(0, -2)
    const real = await passwordHasher.hash('a password', new Uint8Array(16))
    expect(parameters(passwordHasher.decoy)).toEqual(parameters(real))
  })
})
