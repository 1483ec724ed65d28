import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import {
  createClient,
  introspect,
  postToken,
  refresh,
  type TestClient,
} from '../support/browser-flow.ts'
import { authorize, codeFlow, ownPages } from '../support/code-flow.ts'
import { describeEachEngine } from '../support/engines.ts'
import { startServer, type TestServer } from '../support/server.ts'

const hour = 3_600_000
const day = 24 * hour

describeEachEngine('a clock that is set', (engine) => {
  let server: TestServer
  let client: TestClient

  beforeAll(async () => {
    server = await startServer(engine, { config: ownPages })
    server.firebrand.startJanitor({ intervalMilliseconds: 10, batch: 500 })
  })
  afterAll(() => server.close())
  beforeEach(async () => {
    client = await createClient(server)
    // A client's tokens are dead before it was made, also those of a clock that went back there.
    server.clock.advance(2 * hour)
  })

  async function isActive(token: unknown): Promise<boolean> {
    return (await introspect(server, token))['active'] === true
  }

  /** Lets the janitor go its rounds. */
  async function purge(): Promise<void> {
    await delay(100)
  }

  it('makes no token immortal when it goes back an hour, and the janitor spares what lives', async () => {
    const before = await codeFlow(server, client)
    server.clock.advance(-hour)
    await purge()
    const answer = await postToken(server, client, { grant_type: 'client_credentials' })
    expect(answer.status).toBe(200)
    const next = await refresh(server, client, before.refresh_token)
    expect(next.status).toBe(200)
    expect(await isActive(next.body['access_token'])).toBe(true)
    // Two hours and a little after it was issued the first one is over, whatever the clock did in between.
    server.clock.advance(2 * hour + 1000)
    await purge()
    expect(await isActive(before.access_token)).toBe(false)
    expect(await isActive(next.body['access_token'])).toBe(false)
    expect(await isActive(answer.body['access_token'])).toBe(false)
    expect((await refresh(server, client, next.body['refresh_token'])).status).toBe(200)
  })

  it('ends what a day ends when it goes forward a day, and nothing else', async () => {
    const tokens = await codeFlow(server, client)
    const code = await authorize(server, client)
    server.clock.advance(day)
    await purge()
    expect(await isActive(tokens.access_token)).toBe(false)
    const form = { grant_type: 'authorization_code', code, redirect_uri: client.redirect_uri }
    expect((await postToken(server, client, form)).body).toMatchObject({ error: 'invalid_grant' })
    const next = await refresh(server, client, tokens.refresh_token)
    expect(next.status).toBe(200)
    server.clock.advance(-day)
    await purge()
    expect((await refresh(server, client, next.body['refresh_token'])).status).toBe(200)
  })

  it('keeps revoked what was revoked, wherever it goes', async () => {
    const { body } = await postToken(server, client, { grant_type: 'client_credentials' })
    const revoked = await server.publicFetch('/oauth2/revoke', {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${client.client_id}:${client.client_secret}`).toString('base64')}`,
      },
      body: new URLSearchParams({ token: String(body['access_token']) }),
    })
    expect(revoked.status).toBe(200)
    for (const step of [-hour, 2 * hour, -hour, day, -day]) {
      server.clock.advance(step)
      await purge()
      expect(await isActive(body['access_token'])).toBe(false)
    }
  })

  it('gives a client no live tokens from before it was made, so that a deleted one does not come back', async () => {
    const made = await createClient(server)
    server.clock.advance(-hour)
    const { body } = await postToken(server, made, { grant_type: 'client_credentials' })
    expect(await isActive(body['access_token'])).toBe(false)
    server.clock.advance(hour + 1000)
    const later = await postToken(server, made, { grant_type: 'client_credentials' })
    expect(await isActive(later.body['access_token'])).toBe(true)
  })

  it('sees changes of clients and keys at once, since leases do not use it', async () => {
    for (const step of [-hour, day, -day]) {
      server.clock.advance(step)
      const made = await createClient(server)
      const { status } = await server.adminFetch(`/admin/clients/${made.client_id}`, {
        method: 'DELETE',
      })
      expect(status).toBe(204)
      const answer = await postToken(server, made, { grant_type: 'client_credentials' })
      expect(answer.status).toBe(401)
    }
  })
})
