/**
 * Broken signed objects at every place that takes one, in the manner of Project Wycheproof: whatever a lenient library would take must be
 * refused, and what is sound must still be taken afterwards.
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  audiences,
  confused,
  critical,
  encode,
  encodings,
  foreignKeys,
  mistyped,
  jwkOf,
  mint,
  newPair,
  repeated,
  shapes,
  signatures,
  signParts,
  symmetric,
  times,
  unsigned,
  type Broken,
  type Pair,
  type Parts,
} from '../support/broken-jws.ts'
import {
  authorizationUrl,
  Browser,
  claimsOf,
  createClient,
  introspect,
  type TestClient,
} from '../support/browser-flow.ts'
import { codeFlow, ownPages, postForm } from '../support/code-flow.ts'
import { outgoingTo } from '../support/outgoing.ts'
import { startServer, type TestServer } from '../support/server.ts'

/** `broken …` for an answer that is neither. */
type Outcome = 'taken' | 'refused' | `broken ${string}`

/** A place that takes signed objects of strangers. */
interface Place {
  readonly name: string
  /** What it takes, new each time. */
  parts(pair: Pair): Parts | Promise<Parts>
  send(jws: string): Promise<Outcome>
  /** Claim that decides whom the object is about. */
  readonly claim: string
  /** Which rules for claims are judged here: a hint may be old, and only assertions are made for somebody. */
  readonly judges: readonly ('exp' | 'nbf' | 'iat' | 'aud')[]
  /** Claims that are text, and decide whose the object is or whether it was seen before. */
  readonly texts: readonly string[]
  /** Value of `typ` that names the kind of JWT that is right here. */
  readonly kind?: string
  /** Whether the key comes with the object, and proves that its bearer has it. */
  readonly takesEmbeddedKeys?: boolean
}

const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const credentialScope = 'openid userinfo_credential_draft_00'
const tokenUrl = 'http://127.0.0.1/oauth2/token'
const issuer = 'https://partner.example'

function expectStatus({ status }: Response, wanted: number): void {
  if (status !== wanted) throw new Error(`${status} instead of ${wanted}`)
}

describe('signed objects', () => {
  let server: TestServer
  let tried = 0
  const asked: string[] = []
  const clients = new Map<Pair, TestClient>()
  const pairs = [newPair('RS256', 'rsa'), newPair('ES256', 'ec')] as const
  const ownPairs = {
    id: [newPair('RS256', 'id-rsa'), newPair('ES256', 'id-ec')],
    access: [newPair('RS256', 'at-rsa'), newPair('ES256', 'at-ec')],
  } as const
  const thieves = [newPair('RS256', 'thief'), newPair('ES256', 'thief')] as const
  const facts: Record<string, Record<string, unknown>> = {}
  let credentialToken = ''
  let nonce = ''
  let bearer: TestClient
  let user: TestClient

  const now = () => Math.floor(server.clock() / 1000)
  const unique = () => `jti-${tried}-${Math.random()}`
  const headerOf = ({ alg, kid }: Pair) => ({ alg, kid, typ: 'JWT' })

  beforeAll(async () => {
    server = await startServer('memory', {
      config: ownPages,
      options: {
        outgoing: outgoingTo(undefined, asked),
      },
    })
    for (const [set, own] of [
      ['hydra.openid.id-token', ownPairs.id],
      ['hydra.jwt.access-token', ownPairs.access],
    ] as const) {
      const answer = await server.adminFetch(`/admin/keys/${set}`, {
        method: 'PUT',
        body: JSON.stringify({ keys: own.map((pair) => jwkOf(pair, true)) }),
      })
      expectStatus(answer, 200)
    }
    for (const pair of pairs) {
      clients.set(
        pair,
        await createClient(server, {
          token_endpoint_auth_method: 'private_key_jwt',
          token_endpoint_auth_signing_alg: pair.alg,
          request_object_signing_alg: pair.alg,
          jwks: { keys: [jwkOf(pair)] },
        }),
      )
      const answer = await server.adminFetch('/admin/trust/grants/jwt-bearer/issuers', {
        method: 'POST',
        body: JSON.stringify({
          issuer,
          subject: 'svc',
          scope: ['foo'],
          expires_at: '2031-01-01T00:00:00Z',
          jwk: jwkOf(pair),
        }),
      })
      expectStatus(answer, 201)
    }
    bearer = await createClient(server, { grant_types: [jwtBearer] })
    user = await createClient(server, {
      access_token_strategy: 'jwt',
      scope: `offline foo ${credentialScope}`,
    })
    const tokens = await codeFlow(server, user, { scope: 'openid', login: { remember: true } })
    facts['id'] = claimsOf(tokens.id_token)
    facts['access'] = claimsOf(tokens.access_token)
    const credential = (await codeFlow(server, user, {
      scope: credentialScope,
    })) as unknown as Record<string, string>
    credentialToken = credential['access_token'] ?? ''
    nonce = credential['c_nonce_draft_00'] ?? ''
  })
  afterAll(async () => {
    process.stdout.write(`signed objects: ${tried} tried\n`)
    await server.close()
  })

  function clientOf(pair: Pair): TestClient {
    const client = clients.get(pair)
    if (client === undefined) throw new Error('no client')
    return client
  }

  /** What the server itself signs, with its key of the same algorithm. */
  function ownParts({ alg }: Pair, kind: 'id' | 'access'): Parts {
    const own = ownPairs[kind]
    const pair = own.find((each) => each.alg === alg) ?? own[0]
    return { pair, header: headerOf(pair), claims: facts[kind] ?? {} }
  }

  /** The verdict of a status: errors of the server are no refusals. */
  function verdict(status: number, isTaken: boolean): Outcome {
    if (isTaken) return 'taken'
    return status >= 500 ? `broken ${status}` : 'refused'
  }

  async function sendForm(form: Record<string, string>, client?: TestClient): Promise<Outcome> {
    const { status } = await postForm(server.publicFetch, '/oauth2/token', form, client)
    return verdict(status, status < 300)
  }

  const authorization = async (params: Record<string, string>, client: TestClient) => {
    const url = authorizationUrl(client, { scope: 'openid', ...params })
    const { response, status } = await new Browser(server).visit(url)
    return { status, to: new URL(response.headers.get('location') ?? '', 'http://127.0.0.1') }
  }

  const places: readonly Place[] = [
    {
      name: 'a client assertion',
      claim: 'iss',
      judges: ['exp', 'nbf', 'iat', 'aud'],
      texts: ['iss', 'sub', 'jti'],
      kind: 'client-authentication+jwt',
      parts: (pair) => {
        const { client_id } = clientOf(pair)
        const claims = {
          iss: client_id,
          sub: client_id,
          aud: tokenUrl,
          iat: now(),
          exp: now() + 60,
          jti: unique(),
        }
        return { pair, header: headerOf(pair), claims }
      },
      send: async (jws) => {
        const form = { grant_type: 'client_credentials', client_assertion_type: assertionType }
        return sendForm({ ...form, client_assertion: jws })
      },
    },
    {
      name: 'the assertion of a trusted issuer',
      claim: 'iss',
      judges: ['exp', 'nbf', 'iat', 'aud'],
      texts: ['iss', 'sub', 'jti'],
      kind: 'authorization-grant+jwt',
      parts: (pair) => ({
        pair,
        header: headerOf(pair),
        claims: {
          iss: issuer,
          sub: 'svc',
          aud: tokenUrl,
          iat: now(),
          exp: now() + 60,
          jti: unique(),
        },
      }),
      send: (jws) => sendForm({ grant_type: jwtBearer, assertion: jws }, bearer),
    },
    ...pairs.map((own): Place => ({
      name: `a request object under ${own.alg}`,
      claim: 'client_id',
      judges: ['exp', 'nbf', 'iat'],
      texts: ['client_id'],
      kind: 'oauth-authz-req+jwt',
      parts: (pair) => ({
        pair,
        header: headerOf(pair),
        claims: { client_id: clientOf(pair).client_id, scope: 'foo', exp: now() + 60 },
      }),
      async send(jws) {
        const { status, to } = await authorization({ request: jws }, clientOf(own))
        const isRefused = status >= 400 || to.searchParams.has('error')
        return verdict(status, !isRefused)
      },
    })),
    {
      name: 'an id_token_hint at the end of the session',
      claim: 'iss',
      judges: ['nbf', 'iat', 'aud'],
      texts: ['iss', 'sid'],
      parts: (pair) => ownParts(pair, 'id'),
      async send(jws) {
        const query = new URLSearchParams({ id_token_hint: jws })
        const response = await server.publicFetch(`/oauth2/sessions/logout?${query.toString()}`)
        const location = response.headers.get('location') ?? ''
        return verdict(response.status, response.status < 400 && !location.includes('error='))
      },
    },
    {
      name: 'an id_token_hint of an authorization request',
      claim: 'iat',
      judges: ['nbf', 'iat'],
      // The issuer is not judged here: our keys alone verify, and the Ory API looks no further.
      texts: ['sub'],
      parts: (pair) => ownParts(pair, 'id'),
      async send(jws) {
        const { status, to } = await authorization({ prompt: 'none', id_token_hint: jws }, user)
        return verdict(status, to.searchParams.get('error') === 'login_required')
      },
    },
    {
      name: 'an access token at introspection',
      claim: 'iss',
      judges: ['exp', 'iat'],
      texts: ['iss', 'sub', 'jti'],
      parts: (pair) => ownParts(pair, 'access'),
      async send(jws) {
        return (await introspect(server, jws))['active'] === true ? 'taken' : 'refused'
      },
    },
    {
      name: 'an access token at userinfo',
      claim: 'iss',
      judges: ['exp', 'iat'],
      texts: ['iss', 'sub', 'jti'],
      parts: (pair) => ownParts(pair, 'access'),
      async send(jws) {
        const { status } = await server.publicFetch('/userinfo', {
          method: 'POST',
          body: new URLSearchParams({ access_token: jws }),
        })
        return verdict(status, status === 200)
      },
    },
    {
      name: 'the proof of a credential',
      claim: 'nonce',
      judges: ['exp', 'nbf', 'iat'],
      texts: ['nonce'],
      kind: 'openid4vci-proof+jwt',
      takesEmbeddedKeys: true,
      parts: (pair) => ({
        pair,
        header: { ...headerOf(pair), jwk: jwkOf(pair) },
        claims: { nonce, iat: now(), exp: now() + 60 },
      }),
      async send(jws) {
        const { status } = await server.publicFetch('/credentials', {
          method: 'POST',
          headers: {
            authorization: `Bearer ${credentialToken}`,
            'content-type': 'application/json',
          },
          body: JSON.stringify({
            format: 'jwt_vc_json',
            types: ['VerifiableCredential', 'UserInfoCredential'],
            proof: { proof_type: 'jwt', jwt: jws },
          }),
        })
        return verdict(status, status === 200)
      },
    },
  ]

  /** The pairs that a place knows: a client registers one algorithm. */
  const pairsOf = ({ name }: Place) =>
    pairs.filter(({ alg }) => !/under/u.test(name) || name.endsWith(alg))

  /** What was not refused of the attempts at a place, with each of its keys; a sound object must pass before and after. */
  async function passed(
    place: Place,
    attempts: (parts: Parts) => readonly Broken[],
  ): Promise<readonly string[]> {
    const wrong: string[] = []
    for (const pair of pairsOf(place)) {
      const sound = async () => mint(await place.parts(pair))
      expect([place.name, pair.alg, await place.send(await sound())]).toEqual([
        place.name,
        pair.alg,
        'taken',
      ])
      for (const { what, jws } of attempts(await place.parts(pair))) {
        tried += 1
        const outcome = await place.send(jws)
        if (outcome !== 'refused') wrong.push(`${pair.alg}: ${what}: ${outcome}`)
      }
      expect([place.name, pair.alg, await place.send(await sound())]).toEqual([
        place.name,
        pair.alg,
        'taken',
      ])
    }
    return wrong
  }

  for (const place of places) {
    it(`RFC 8725 §2.1, RFC 8725 §3.2, attack 28: ${place.name} is not taken unsigned`, async () =>
      expect(await passed(place, unsigned)).toEqual([]))

    it(`RFC 8725 §2.1, RFC 8725 §2.2, RFC 8725 §3.1: ${place.name} is not taken with a public key as the secret of an HMAC`, async () =>
      expect(await passed(place, symmetric)).toEqual([]))

    it(`RFC 8725 §3.1: ${place.name} is not taken under another algorithm than that of the key`, async () =>
      expect(await passed(place, confused)).toEqual([]))

    it(`RFC 8725 §2.9, RFC 8725 §3.8, RFC 8725 §3.10: ${place.name} brings no key along and names none but its own`, async () => {
      asked.length = 0
      for (const thief of thieves) {
        const attempts = (parts: Parts) =>
          foreignKeys(parts, thief).filter(
            ({ what }) => place.takesEmbeddedKeys !== true || !what.startsWith('jwk,'),
          )
        expect(await passed(place, attempts)).toEqual([])
      }
      expect(asked).toEqual([])
    })

    it(`RFC 8725 §3.3: ${place.name} is not taken with an extension that must be understood`, async () =>
      expect(await passed(place, critical)).toEqual([]))

    it(`RFC 7515 §4, RFC 7519 §4: ${place.name} with a member twice is what its last one says`, async () =>
      expect(
        await passed(place, (parts) =>
          repeated(parts, place.claim).filter(
            ({ what }) => place.takesEmbeddedKeys !== true || !what.includes('kid'),
          ),
        ),
      ).toEqual([]))

    it(`RFC 8725 §2.6: ${place.name} is not taken in other characters than an encoder writes`, async () =>
      expect(await passed(place, encodings)).toEqual([]))

    it(`RFC 8725 §3.7, attack 39: ${place.name} is not taken in another serialization, or without claims`, async () =>
      expect(await passed(place, shapes)).toEqual([]))

    it(`RFC 8725 §3.3, RFC 8725 §3.4: ${place.name} is not taken with a signature cut, padded or out of range`, async () =>
      expect(await passed(place, signatures)).toEqual([]))

    it(`attack 24: ${place.name} is not taken at another time, nor with times of a wrong type`, async () => {
      const attempts = (parts: Parts) =>
        times(parts, now()).filter(({ what }) => place.judges.some((name) => what.startsWith(name)))
      expect(await passed(place, attempts)).toEqual([])
    })

    it(`attack 39: ${place.name} is not taken with a claim of another type than text`, async () =>
      expect(await passed(place, (parts) => mistyped(parts, place.texts))).toEqual([]))

    it(`RFC 8725 §3.11: ${place.name} is not taken under the typ of another kind`, async () => {
      const kinds = ['dpop+jwt', 'logout+jwt', 'secevent+jwt', 'application/entity-statement+jwt']
      const others = places.flatMap(({ kind }) => (kind === undefined ? [] : [kind]))
      const foreign = [...kinds, ...others].filter((kind) => kind !== place.kind)
      const attempts = (parts: Parts) =>
        [...foreign, ...foreign.map((kind) => kind.toUpperCase()), 1, null, ['JWT']].map((typ) => ({
          what: `typ ${JSON.stringify(typ)}`,
          jws: mint(parts, { typ }),
        }))
      expect(await passed(place, attempts)).toEqual([])
      for (const typ of [undefined, 'JWT', 'jwt', 'JOSE', place.kind])
        for (const pair of pairsOf(place))
          expect([typ, await place.send(mint(await place.parts(pair), { typ }))]).toEqual([
            typ,
            'taken',
          ])
    })

    if (place.judges.includes('aud'))
      it(`RFC 8725 §2.7, RFC 8725 §3.9, attack 24, attack 37: ${place.name} is not taken when it was made for others`, async () =>
        expect(await passed(place, audiences)).toEqual([]))
  }

  it('RFC 8725 §3.8: a proof shows the key that it carries, and no other key', async () => {
    const place = places.at(-1)
    if (place === undefined) throw new Error('no place')
    for (const thief of thieves)
      for (const pair of pairs) {
        const parts = await place.parts(pair)
        const headers = [
          { jwk: jwkOf({ ...thief, kid: pair.kid }) },
          { jwk: undefined, kid: pair.kid },
          { jwk: undefined, x5c: [encode('x')], jku: 'https://evil.example/keys' },
          { jwk: { ...jwkOf(pair), d: 'AA' } },
          { jwk: jwkOf(pair, true) },
          { jwk: { kty: 'oct', k: encode('secret') }, alg: 'HS256' },
          { jwk: [jwkOf(pair)] },
          { jwk: JSON.stringify(jwkOf(pair)) },
        ]
        for (const header of headers) {
          tried += 1
          expect([header, await place.send(mint(parts, header))]).toEqual([header, 'refused'])
        }
      }
  })

  it('RFC 8725 §3.5: keys that are too weak verify nothing, whoever has registered them', async () => {
    const weak = newPair('RS256', 'weak', 1024)
    const trust = await server.adminFetch('/admin/trust/grants/jwt-bearer/issuers', {
      method: 'POST',
      body: JSON.stringify({
        issuer: 'https://weak.example',
        subject: 'svc',
        scope: ['foo'],
        expires_at: '2031-01-01T00:00:00Z',
        jwk: jwkOf(weak),
      }),
    })
    expect(trust.status).toBe(400)
    const proof = places.at(-1)
    if (proof === undefined) throw new Error('no place')
    expect(await proof.send(mint(await proof.parts(weak)))).toBe('refused')
    const response = await server.adminFetch('/admin/clients', {
      method: 'POST',
      body: JSON.stringify({
        token_endpoint_auth_method: 'private_key_jwt',
        grant_types: ['client_credentials'],
        jwks: { keys: [jwkOf(weak)] },
      }),
    })
    if (response.status === 201) {
      const { client_id } = (await response.json()) as TestClient
      const claims = {
        iss: client_id,
        sub: client_id,
        aud: tokenUrl,
        exp: now() + 60,
        jti: unique(),
      }
      const jws = mint({ pair: weak, header: headerOf(weak), claims })
      expect(await places[0]?.send(jws)).toBe('refused')
    } else expect(response.status).toBe(400)
  })

  it('RFC 8725 §2.8, RFC 8725 §3.12: a JWT of one kind is of no use where another is wanted', async () => {
    const tokens = await codeFlow(server, user, { scope: 'openid' })
    const [own] = ownPairs.id
    const others = new Map([
      ['an ID token', tokens.id_token],
      ['an access token', tokens.access_token],
      [
        'a logout token',
        signParts(
          own,
          encode(headerOf(own)),
          encode({
            iss: server.issuer,
            aud: [user.client_id],
            iat: now(),
            jti: unique(),
            events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
            sid: facts['id']?.['sid'],
          }),
        ),
      ],
    ])
    for (const place of places)
      others.set(place.name, mint(await place.parts(pairsOf(place)[0] ?? pairs[0])))
    /** What a client signs with its own key, and without `typ`, is a request without parameters. */
    const isRequest = (name: string) => /request object/u.test(name)
    const alike = (one: string, other: string) =>
      one === other ||
      (/hint|ID token/u.test(one) && /hint/u.test(other)) ||
      (/access token/u.test(one) && /access token/u.test(other)) ||
      (isRequest(other) && (isRequest(one) || /assertion|proof/u.test(one)))
    for (const place of places)
      for (const [what, jws] of others) {
        if (alike(what, place.name)) continue
        tried += 1
        expect([what, place.name, await place.send(jws)]).toEqual([what, place.name, 'refused'])
      }
  })

  it('attack 24: an assertion without times, or for longer than anybody needs, proves nothing', async () => {
    const absurd = ['1e999', '1e308', '4102444800', '99999999999999999999', '253402300800000']
    for (const place of places.slice(0, 2))
      for (const pair of pairs) {
        const { header, claims } = await place.parts(pair)
        const { exp: _exp, ...endless } = claims
        for (const json of absurd) {
          tried += 1
          const payload = `${JSON.stringify(endless).slice(0, -1)},"exp":${json}}`
          const jws = signParts(pair, encode(header), encode(payload))
          expect([place.name, json, await place.send(jws)]).toEqual([place.name, json, 'refused'])
        }
        const bare = mint({ pair, header, claims: endless })
        expect([place.name, await place.send(bare)]).toEqual([place.name, 'refused'])
      }
  })

  it('attack 36: a hint of another issuer, or for no client of ours, ends no session, however old a right one may be', async () => {
    const place = places.find(({ name }) => name === 'an id_token_hint at the end of the session')
    if (place === undefined) throw new Error('no place')
    for (const pair of pairsOf(place)) {
      const parts = await place.parts(pair)
      const send = (claims: Record<string, unknown>) =>
        place.send(mint({ ...parts, claims: { ...parts.claims, ...claims } }))
      const own = String(parts.claims['iss'])
      expect(await send({})).toBe('taken')
      expect(await send({ exp: now() - 86_400 })).toBe('taken')
      for (const iss of [
        'https://evil.example',
        `${own}/`,
        own.toUpperCase(),
        `${own}.evil.example`,
        '',
      ])
        expect([iss, await send({ iss })]).toEqual([iss, 'refused'])
      for (const aud of ['nobody', [], ['nobody'], ''])
        expect([aud, await send({ aud })]).toEqual([aud, 'refused'])
    }
  })

  it('an object of a million characters is refused before it is looked at', async () => {
    for (const place of places.slice(0, 2)) {
      const [pair] = pairs
      const { claims, header } = await place.parts(pair)
      const jws = mint({ pair, header, claims: { ...claims, x: 'a'.repeat(1_000_000) } })
      expect(await place.send(jws)).toBe('refused')
    }
  })
})
