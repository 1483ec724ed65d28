/** Signing keys change while clients are at work: nobody may notice. */

import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload } from 'jose'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { accessTokenKeySet, idTokenKeySet } from '../../src/keys/key-ring.ts'
import {
  authorizationUrl,
  Browser,
  createClient,
  exchangeCode,
  introspect,
  refresh,
  type TestClient,
} from '../support/browser-flow.ts'
import { describeEachEngine } from '../support/engines.ts'
import { startLiveServer, type LiveServer } from '../support/live-server.ts'

const rotations = ['ES256', 'EdDSA', 'PS256', 'ES384', 'ES256'] as const
const workers = 6

describeEachEngine('oidcc-server-rotate-keys under load', (engine) => {
  let live: LiveServer
  let client: TestClient
  let chosen: TestClient
  beforeAll(async () => {
    live = await startLiveServer(engine)
    client = await createClient(live.server, { access_token_strategy: 'jwt' })
    chosen = await createClient(live.server, {
      access_token_strategy: 'jwt',
      id_token_signed_response_alg: 'RS256',
    })
  })
  afterAll(() => live.close())

  async function publishedKids(): Promise<readonly string[]> {
    const response = await live.server.publicFetch('/.well-known/jwks.json')
    const { keys } = (await response.json()) as { keys: { kid: string }[] }
    return keys.map(({ kid }) => kid)
  }

  async function addKey(set: string, alg: string): Promise<string> {
    const response = await live.server.adminFetch(`/admin/keys/${set}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ alg, use: 'sig', kid: '' }),
    })
    expect(response.status).toBe(201)
    const { keys } = (await response.json()) as { keys: { kid: string }[] }
    return keys[0]?.kid ?? ''
  }

  /** A client that keeps the key set and reads it again for an unknown `kid` only. */
  function verifier() {
    const keys = createRemoteJWKSet(new URL(`${live.publicUrl}/.well-known/jwks.json`), {
      cooldownDuration: 0,
    })
    return async (jwt: unknown): Promise<JWTPayload> => {
      const options = { issuer: live.publicUrl, clockTolerance: 5 }
      try {
        return (await jwtVerify(String(jwt), keys, options)).payload
      } catch (error) {
        // A fetch that was under way when the key was added, and that two verifications share, lacks it.
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error
        return (await jwtVerify(String(jwt), keys, options)).payload
      }
    }
  }

  it('fails no flow, refresh, introspection or verification while keys are added', async () => {
    const before = await publishedKids()
    const verify = verifier()
    const kids = new Set<string>()
    const rotation = new AbortController()
    let flows = 0

    async function flow(app: TestClient): Promise<void> {
      const callback = await new Browser(live.server).authorize(authorizationUrl(app))
      const first = await exchangeCode(live.server, app, callback)
      expect([first.status, first.body['error']]).toEqual([200, undefined])
      expect(await introspect(live.server, first.body['access_token'])).toMatchObject({
        active: true,
      })
      const second = await refresh(live.server, app, first.body['refresh_token'])
      expect([second.status, second.body['error']]).toEqual([200, undefined])
      const [idToken, accessToken] = [second.body['id_token'], second.body['access_token']]
      for (const jwt of [first.body['id_token'], idToken, accessToken]) {
        expect(await verify(jwt)).toMatchObject({ sub: 'user-1' })
        const [header = ''] = String(jwt).split('.')
        kids.add((JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid: string }).kid)
      }
      expect(await introspect(live.server, accessToken)).toMatchObject({ active: true })
      const hinted = await new Browser(live.server).loginChallenge(
        authorizationUrl(app, { id_token_hint: String(first.body['id_token']) }),
      )
      expect(hinted).not.toBe('')
      flows += 1
    }

    async function work(app: TestClient): Promise<void> {
      // Bounded, should the rotations ever hang.
      for (let round = 0; round < 500 && !rotation.signal.aborted; round += 1) await flow(app)
      await flow(app)
    }

    async function rotate(): Promise<readonly string[]> {
      const added: string[] = []
      try {
        for (const alg of rotations) {
          const seen = flows
          const pair = [await addKey(idTokenKeySet, alg), await addKey(accessTokenKeySet, alg)]
          added.push(...pair)
          // A few flows begin and end under each pair of keys.
          const isUsed = () => flows >= seen + workers && pair.every((kid) => kids.has(kid))
          for (let waits = 0; waits < 2000 && !isUsed(); waits += 1)
            await new Promise((resolve) => setTimeout(resolve, 5))
        }
      } finally {
        rotation.abort()
      }
      return added
    }

    const apps = Array.from({ length: workers }, (_, index) => (index % 3 === 0 ? chosen : client))
    const [added] = await Promise.all([rotate(), ...apps.map(work)])
    expect(flows).toBeGreaterThanOrEqual(rotations.length * workers)
    const published = await publishedKids()
    for (const kid of [...before, ...added]) expect(published).toContain(kid)
    // Every new key was used at least once, not only published.
    for (const kid of added) expect(kids).toContain(kid)
  }, 60_000)

  it('keeps the algorithm of a client that chose one, with its newest key', async () => {
    const verify = verifier()
    const kid = await addKey(idTokenKeySet, 'RS256')
    await addKey(idTokenKeySet, 'ES512')
    const callback = await new Browser(live.server).authorize(authorizationUrl(chosen))
    const { body } = await exchangeCode(live.server, chosen, callback)
    const [header = ''] = String(body['id_token']).split('.')
    expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toMatchObject({
      alg: 'RS256',
      kid,
    })
    await verify(body['id_token'])
  })
})
