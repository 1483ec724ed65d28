import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  authorizationUrl,
  Browser,
  createClient,
  exchangeCode,
  refresh,
  type TestClient,
  type TokenAnswer,
} from '../support/browser-flow.ts'
import { describeEachEngine } from '../support/engines.ts'
import { faultServer, type FaultServer } from '../support/fault-server.ts'

describeEachEngine('a thousand uses of one credential at once, over two processes', (engine) => {
  const servers: FaultServer[] = []
  let client: TestClient

  beforeAll(async () => {
    for (let n = 0; n < 2; n += 1) {
      const server = await faultServer(engine.dsn)
      await server.start()
      servers.push(server)
    }
    client = await createClient(anyServer(0))
  })
  afterAll(async () => {
    for (const server of servers) await server.close()
  })
  const anyServer = (n: number) => servers[n % 2] as FaultServer

  function thousand(send: (server: FaultServer) => Promise<TokenAnswer>): Promise<TokenAnswer[]> {
    return Promise.all(Array.from({ length: 1000 }, (_none, n) => send(anyServer(n))))
  }

  /** The tokens of the only winner; everybody else must have been told `invalid_grant`. */
  function winnerOf(answers: readonly TokenAnswer[]): TokenAnswer {
    const winners = answers.filter(({ status }) => status === 200)
    const losers = answers.filter(
      ({ status, body }) => status === 400 && body['error'] === 'invalid_grant',
    )
    expect([winners.length, losers.length]).toEqual([1, 999])
    return winners[0] as TokenAnswer
  }

  it('gives one of a thousand redemptions of a code the tokens', async () => {
    const callback = await new Browser(anyServer(0)).authorize(authorizationUrl(client))
    const { body } = winnerOf(await thousand((server) => exchangeCode(server, client, callback)))
    // RFC 6749 §4.1.2: the code was used more than once, so what it gave is revoked.
    expect((await refresh(anyServer(1), client, body['refresh_token'])).status).toBe(400)
  }, 60_000)

  it('gives one of a thousand refreshes the tokens', async () => {
    const callback = await new Browser(anyServer(1)).authorize(authorizationUrl(client))
    const { body } = await exchangeCode(anyServer(0), client, callback)
    const token = body['refresh_token']
    const winner = winnerOf(await thousand((server) => refresh(server, client, token)))
    // RFC 9700 §4.14.2: attacker and client cannot be told apart.
    expect((await refresh(anyServer(0), client, winner.body['refresh_token'])).status).toBe(400)
  }, 60_000)
})
