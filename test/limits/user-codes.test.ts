import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Browser, challengeOf } from '../support/browser-flow.ts'
import { createDeviceClient, requestCodes } from '../support/device-flow.ts'
import { describeEachEngine } from '../support/engines.ts'
import { startServer, type TestServer } from '../support/server.ts'

const windowMilliseconds = 15 * 60_000

describeEachEngine('wrong user codes from one network', (engine) => {
  let server: TestServer

  beforeAll(async () => {
    server = await startServer(engine)
  })
  afterAll(() => server.close())

  /** A visit of the verification page from an address. */
  async function visit(address: string): Promise<string> {
    const response = await server.firebrand.public(
      new Request('http://127.0.0.1/oauth2/device/verify'),
      { address },
    )
    return challengeOf(new URL(response.headers.get('location') ?? ''), 'device_challenge')
  }

  function enter(challenge: string, userCode: string): Promise<Response> {
    return server.adminFetch(
      `/admin/oauth2/auth/requests/device/accept?device_challenge=${challenge}`,
      {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ user_code: userCode }),
      },
    )
  }

  /** Enters wrong codes all at once, ten in each visit. */
  async function guess(addresses: readonly string[]): Promise<readonly number[]> {
    const challenges = await Promise.all(addresses.map(visit))
    const answers = challenges.flatMap((challenge) =>
      Array.from({ length: 10 }, (_none, index) => enter(challenge, `WRONGXX${index}`)),
    )
    return (await Promise.all(answers)).map(({ status }) => status)
  }

  const count = (statuses: readonly number[], status: number) =>
    statuses.filter((each) => each === status).length

  describe('of a hostile visitor', () => {
    it('attack 25, attack 26: looks at exactly 300 of 400 that come at once from one /64, and at none after', async () => {
      const statuses = await guess(
        Array.from({ length: 40 }, (_none, n) => `2001:db8:7:7::${n + 1}`),
      )
      expect([count(statuses, 400), count(statuses, 429)]).toEqual([300, 100])
      const client = await createDeviceClient(server)
      const { user_code: userCode } = await requestCodes(server, client)
      expect((await enter(await visit('2001:db8:7:7:9::'), userCode)).status).toBe(429)
    })

    it('attack 25, attack 26: lets other networks in meanwhile, and this one when the window has passed', async () => {
      const client = await createDeviceClient(server)
      const { user_code: userCode } = await requestCodes(server, client)
      expect((await enter(await visit('2001:db8:7:8::1'), userCode)).status).toBe(200)
      server.clock.advance(windowMilliseconds)
      const { user_code: later } = await requestCodes(server, client)
      expect((await enter(await visit('2001:db8:7:7::1'), later)).status).toBe(200)
    })

    it('does not count right codes, however many come at once', async () => {
      const client = await createDeviceClient(server)
      const address = '198.51.100.30'
      for (let round = 0; round < 4; round += 1) {
        const { user_code: userCode } = await requestCodes(server, client)
        const challenges = await Promise.all(Array.from({ length: 80 }, () => visit(address)))
        const answers = await Promise.all(challenges.map((each) => enter(each, userCode)))
        expect(answers.every(({ status }) => status === 200)).toBe(true)
      }
      const statuses = await guess(Array.from({ length: 31 }, () => address))
      expect([count(statuses, 400), count(statuses, 429)]).toEqual([300, 10])
    })
  })

  it('keeps a browser with its right code working', async () => {
    const client = await createDeviceClient(server)
    const { user_code: userCode } = await requestCodes(server, client)
    const browser = new Browser(server)
    const location = await browser.location('/oauth2/device/verify')
    expect((await enter(challengeOf(location, 'device_challenge'), userCode)).status).toBe(200)
  })
})
