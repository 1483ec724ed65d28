import { assert, asyncModelRun, asyncProperty, commands } from 'fast-check'
import { expect, it } from 'vitest'
import { describeEachEngine } from '../support/engines.ts'
import { ownPages } from '../support/code-flow.ts'
import { testScale } from '../support/scale.ts'
import { startServer } from '../support/server.ts'
import { authorizeCommands } from './authorize-commands.ts'
import { AuthorizeWorld } from './authorize-world.ts'

describeEachEngine('the authorization machine', (engine) => {
  it(
    'leads to a code only in its own browser, once, after two answers of yes, in time, for what was agreed to',
    async () => {
      const server = await startServer(engine, {
        config: { ...ownPages, signing: { id_token: { algorithm: 'ES256' } } },
      })
      const world = await AuthorizeWorld.open(server)
      let codes = 0
      await assert(
        asyncProperty(
          commands(authorizeCommands, { maxCommands: 40, size: 'max' }),
          async (steps) => {
            const model = world.newModel()
            await asyncModelRun(() => ({ model, real: world }), steps)
            codes += model.codes
          },
        ),
        { numRuns: 60 * testScale },
      )
      expect(codes).toBeGreaterThan(10)
      await server.close()
    },
    60_000 * testScale,
  )
})
