/** Runs the modules of a plan: every response type, every way to make clients, every engine. */

import { afterAll, beforeAll, describe, it } from 'vitest'
import { describeEachEngine } from '../support/engines.ts'
import type { Plan } from './list.ts'
import { modules } from './modules/all.ts'
import { startProvider, type Provider } from './provider.ts'
import { RelyingParty } from './relying-party.ts'

/** Declares the tests of a plan; each module is a test of its name. */
export function runPlan(plan: Plan): void {
  describeEachEngine(plan.name, (engine) => {
    let provider: Provider
    beforeAll(async () => {
      provider = await startProvider(engine)
    })
    afterAll(() => provider.close())

    for (const { responseType, modules: names } of plan.parts) {
      for (const registration of plan.registrations) {
        describe(`${responseType}, ${registration}`, () => {
          it.each(names.map((name) => [name] as const))('%s', async (name) => {
            const party = new RelyingParty(provider, { plan, responseType, registration })
            await modules[name](party)
            await party.end()
          })
        })
      }
    }
  })
}
