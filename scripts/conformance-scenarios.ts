/** The numbers of the scenarios that the server is held to, in groups, with a word on what each group is about. */

export interface ScenarioGroup {
  readonly prefix: string
  readonly first: number
  readonly last: number
  readonly about: string
}

/** `CY1`, `S001`: flow scenarios are numbered plainly, token scenarios with three digits. */
export function scenarioId(prefix: string, number: number): string {
  return `${prefix}${prefix === 'S' ? String(number).padStart(3, '0') : number}`
}

function group(prefix: string, first: number, last: number, about: string): ScenarioGroup {
  return { prefix, first, last, about }
}

export const scenarioGroups: readonly ScenarioGroup[] = [
  group('CY', 1, 5, 'code flow: which scopes give which tokens'),
  group('CY', 6, 12, 'code flow: errors'),
  group('CY', 13, 13, 'consent sessions'),
  group('CY', 14, 18, 'device flow: which scopes give which tokens'),
  group('CY', 19, 19, 'client credentials'),
  group('CY', 20, 32, 'JWT bearer assertions'),
  group('CY', 33, 34, 'introspection'),
  group('CY', 35, 35, 'JWT access tokens'),
  group('CY', 36, 38, 'refresh tokens'),
  group('CY', 39, 39, 'ID tokens'),
  group('CY', 40, 47, 'dynamic client registration'),
  group('CY', 48, 54, 'logout in the browser'),
  group('CY', 55, 58, 'prompt'),
  group('CY', 59, 61, 'revocation and userinfo'),
  group('CY', 62, 68, 'admin API: clients and trusted issuers'),
  group('ST', 1, 42, 'authorization: login, consent, sessions, prompts, hints'),
  group('ST', 43, 48, 'device flow: sessions and verification'),
  group('LO', 1, 26, 'logout'),
  group('HA', 1, 20, 'admin API of challenges and sessions'),
  group('HE', 1, 6, 'snapshots of clients, pairwise subjects'),
  group('SC', 1, 13, 'storage of sessions and consents'),
  group('FL', 1, 10, 'sealing of flows'),
  group('OA', 1, 22, 'authorization requests: tampering, request objects, errors'),
  group('S', 1, 68, 'code flow: tokens, claims, hooks, refresh'),
  group('S', 69, 80, 'graceful rotation'),
  group('S', 81, 93, 'client credentials'),
  group('S', 94, 131, 'JWT bearer assertions'),
  group('S', 132, 152, 'device flow at the token endpoint'),
  group('S', 153, 163, 'introspection'),
  group('S', 164, 174, 'revocation'),
  group('S', 175, 184, 'userinfo and discovery'),
  group('S', 185, 199, 'claims of access tokens'),
  group('S', 200, 216, 'storage of tokens'),
  group('S', 217, 219, 'password grant'),
  group('S', 220, 239, 'endpoints by the RFCs'),
  group('S', 240, 251, 'races, rotation of secrets and keys, outages'),
  group('C', 1, 20, 'clients'),
  group('C', 21, 26, 'dynamic client registration'),
  group('C', 27, 33, 'trusted issuers, token purge, JSON Web Keys'),
]
