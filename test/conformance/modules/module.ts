import type { RelyingParty } from '../relying-party.ts'

/** One module: throws when the server fails it. */
export type Module = (party: RelyingParty) => Promise<void>

/** The usual client logs in with something special about the request. */
export function loginWith(params: Readonly<Record<string, string | undefined>>): Module {
  return async (party) => {
    await party.login(await party.client(), { params })
  }
}
