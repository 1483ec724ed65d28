import type { RelyingParty } from '../relying-party.ts'
/** Modules by name. */
export const sessionModules = {
  async 'oidcc-session-management-rp-initiated-logout'(_party: RelyingParty) {
    throw new Error('not built')
  },
}
