/** Every operation through the official SDKs and through our own client, by the examples of docs/client. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { examples, type Example } from '../../scripts/api/examples.ts'
import { listen, type Listener } from '../../src/node/listen.ts'
import {
  createFirebrandClient,
  type Api,
  type ApiResponse,
  type FirebrandClient,
} from '../../src/sdk/client.ts'
import { operations } from '../../src/sdk/operations.generated.ts'
import type { FlowServer } from '../support/browser-flow.ts'
import { describeEachEngine } from '../support/engines.ts'
import { prepareGiven } from '../support/given.ts'
import { startLiveServer, type LiveServer } from '../support/live-server.ts'
import { officialOperations } from '../support/official-api.ts'
import { differencesFrom } from '../support/official-shape.ts'
import { isKnown, oryClient, type Seen } from '../support/ory-client.ts'
import type { TestServer } from '../support/server.ts'

const official = officialOperations()
const names = Object.keys(operations) as (keyof Api)[]
const exampleOf: Partial<Record<keyof Api, Example>> = examples
const adminToken = 'the-admin-token-of-this-suite-is-long'

/** What a suite drives the server with. */
interface Driver {
  readonly name: string
  readonly operations: readonly (keyof Api)[]
  connect(at: Places, seen: (answer: Seen) => void): FirebrandClient
}

interface Places {
  readonly publicUrl: string
  readonly adminUrl: string
  readonly oneOrigin: string
}

const drivers: readonly Driver[] = [
  {
    name: '@ory/hydra-client on two ports',
    operations: names.filter((name) => isKnown('hydra-client', name)),
    connect: (at, seen) => oryClient({ sdk: 'hydra-client', ...at, accessToken: adminToken, seen }),
  },
  {
    name: '@ory/client on one origin, with a bearer token',
    operations: names.filter((name) => isKnown('client', name)),
    connect: ({ oneOrigin }, seen) => {
      const places = { publicUrl: oneOrigin, adminUrl: oneOrigin }
      return oryClient({ sdk: 'client', ...places, accessToken: adminToken, seen })
    },
  },
  {
    name: 'firebrand/client on two ports',
    operations: names,
    connect: ({ publicUrl, adminUrl }, seen) =>
      recorded(createFirebrandClient({ publicUrl, adminUrl, accessToken: adminToken }), seen),
  },
  {
    name: 'firebrand/client on one origin, with a function that gives the token',
    operations: names,
    connect: ({ oneOrigin }, seen) =>
      recorded(
        createFirebrandClient({ baseUrl: oneOrigin, accessToken: async () => adminToken }),
        seen,
      ),
  },
]

/** The server for those who hold its token. */
function authorized(server: TestServer): FlowServer {
  return {
    publicFetch: server.publicFetch,
    adminFetch(path, init) {
      const headers = new Headers(init?.headers)
      headers.set('authorization', `Bearer ${adminToken}`)
      return server.adminFetch(path, { ...init, headers })
    },
  }
}

/** A method without its types, which differ from operation to operation. */
function callOf(method: unknown): (...args: unknown[]) => Promise<ApiResponse<unknown>> {
  return method as (...args: unknown[]) => Promise<ApiResponse<unknown>>
}

/** Our client, telling what it saw. */
function recorded(client: FirebrandClient, seen: (answer: Seen) => void): FirebrandClient {
  const raw = Object.fromEntries(
    names.map((operation) => [
      operation,
      async (...args: unknown[]) => {
        const answer = await callOf(client.raw[operation])(...args)
        seen({ operation, status: answer.status, data: answer.data })
        return answer
      },
    ]),
  ) as unknown as FirebrandClient['raw']
  const plain = Object.fromEntries(
    names.map((operation) => [
      operation,
      async (...args: unknown[]) => (await callOf(raw[operation])(...args)).data,
    ]),
  )
  return { ...plain, raw, items: client.items } as unknown as FirebrandClient
}

describeEachEngine('every operation', (engine) => {
  let live: LiveServer
  let oneOrigin: Listener
  let places: Places
  beforeAll(async () => {
    live = await startLiveServer(engine, {
      config: {
        urls: {
          login: 'http://127.0.0.1:3000/login',
          consent: 'http://127.0.0.1:3000/consent',
          logout: 'http://127.0.0.1:3000/logout',
        },
        admin: { access: 'token', tokens: [adminToken] },
        oidc: { dynamic_client_registration: { enabled: true } },
        // With them, members that the SDK does not declare would come along.
        webfinger: { oidc_discovery: { extensions: false } },
      },
    })
    oneOrigin = await listen(live.server.firebrand.oneOrigin, { host: '127.0.0.1', port: 0 })
    places = { publicUrl: live.publicUrl, adminUrl: live.adminUrl, oneOrigin: oneOrigin.url }
  })
  afterAll(async () => {
    await oneOrigin.close(0)
    await live.close()
  })

  describe.each(drivers)('$name', (driver) => {
    it.each(driver.operations)('%s', async (name) => {
      const answers: Seen[] = []
      const client = driver.connect(places, (answer) => answers.push(answer))
      const example = exampleOf[name]
      if (example === undefined)
        throw new Error(`${name} has no example in scripts/api/examples.ts`)
      await example(client, await prepareGiven(authorized(live.server)))
      expect(answers.map(({ operation }) => operation)).toContain(name)
      for (const { operation, status, data } of answers) {
        expect(operations[operation].answers).toContain(status)
        const result = official.get(operation)?.result ?? 'void'
        const isShown = result !== 'void' && data !== undefined
        expect(isShown ? differencesFrom(result, data, operation) : []).toEqual([])
      }
    })
  })
})
