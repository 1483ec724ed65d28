/** Makes commands of a machine. */

import { constantFrom, nat, type Arbitrary, type AsyncCommand } from 'fast-check'
import type { TestServer } from '../support/server.ts'

/** What every machine's commands work on. */
interface World {
  readonly server: TestServer
}

/** What the commands of all machines have in common. */
export interface Machine<Model extends object, Real extends World> {
  /** A command by what it is called, what it does, and when it applies; always if not said. */
  readonly command: (
    name: string,
    run: (model: Model, world: Real) => Promise<unknown>,
    check?: (model: Readonly<Model>) => boolean,
  ) => AsyncCommand<Model, Real>
  /** Lets one of the spans pass, in milliseconds. */
  readonly advance: (...spans: readonly number[]) => Arbitrary<AsyncCommand<Model, Real>>
  /** Removes what has expired. */
  readonly purge: Arbitrary<AsyncCommand<Model, Real>>
}

/** @param compare runs after each command. */
export function machine<Model extends object, Real extends World>(
  compare: (model: Model, world: Real) => Promise<void> = async () => {},
): Machine<Model, Real> {
  const command: Machine<Model, Real>['command'] = (name, run, check = () => true) => ({
    check,
    async run(model, world) {
      await run(model, world)
      await compare(model, world)
    },
    toString: () => name,
  })
  return {
    command,
    advance: (...spans) =>
      constantFrom(...spans).map((milliseconds) =>
        command(`let ${milliseconds} ms pass`, async (_model, { server }) => {
          server.clock.advance(milliseconds)
        }),
      ),
    purge: nat(0).map(() =>
      command('remove what has expired', async (_model, { server }) => {
        while ((await server.storage.purgeExpired(server.clock(), 100)) > 0);
      }),
    ),
  }
}
