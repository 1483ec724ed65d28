import { assert, asyncModelRun, asyncProperty, commands } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { describeEachEngine } from '../support/engines.ts'
import { testScale } from '../support/scale.ts'
import { startServer } from '../support/server.ts'
import { tokenCommands } from './token-commands.ts'
import type { TokenModel } from './token-model.ts'
import { TokenWorld } from './token-world.ts'

describeEachEngine('the token machine', (engine) => {
  describe.each(['opaque', 'jwt'])('with %s access tokens', (strategy) => {
    it(
      'does what its model does, whatever clients, thieves and operators try in whatever order',
      async () => {
        const server = await startServer(engine, {
          config: {
            strategies: { access_token: strategy },
            signing: { access_token: { algorithm: 'ES256' }, id_token: { algorithm: 'ES256' } },
          },
        })
        const world = new TokenWorld(server)
        await assert(
          asyncProperty(
            commands(tokenCommands, { maxCommands: 40, size: 'max' }),
            async (steps) => {
              const model: TokenModel = {
                clients: [await world.newClient(), await world.newClient()],
                grants: [],
                clientTokens: [],
              }
              await asyncModelRun(() => ({ model, real: world }), steps)
              for (const { id } of model.clients)
                await world.admin('DELETE', `/admin/clients/${id}`)
            },
          ),
          { numRuns: 30 * testScale },
        )
        expect(world.sent).toBeGreaterThan(500)
        await server.close()
      },
      60_000 * testScale,
    )
  })
})
