/**
 * Claims that an account adds to ID tokens and userinfo.
 *
 * @see OpenID Connect Core §5.1, §5.4 and §5.5
 */

import { openProfile } from '../accounts/profile.ts'
import { epochSeconds } from '../brand.ts'
import type { Services } from '../context.ts'
import type { ClaimsRequest } from '../protocol/claims-request.ts'
import type { JsonObject } from '../protocol/json.ts'
import { claimsOfScope, standardClaims } from '../protocol/standard-claims.ts'
import type { Account } from '../storage/storage.ts'

/** What a client asked for, and where it will look. */
export interface AskedClaims {
  readonly requestedScope: readonly string[]
  readonly claims: ClaimsRequest
  /** Without one there is no userinfo, so everything goes into the ID token (§5.4). */
  readonly hasAccessToken: boolean
}

/**
 * Claims that were asked for one by one and stand behind none of the requested scopes: consent names them apart. Those that do stand
 * behind one are granted and refused with it.
 */
export function singleClaims({ requestedScope, claims }: AskedClaims): readonly string[] {
  const covered = claimsOf(requestedScope)
  const asked = new Set([...claims.userinfo.keys(), ...claims.id_token.keys()])
  return standardClaims.filter((name) => asked.has(name) && !covered.includes(name))
}

function claimsOf(scopes: readonly string[]): readonly string[] {
  return scopes.flatMap((scope) =>
    Object.hasOwn(claimsOfScope, scope) ? (claimsOfScope[scope] ?? []) : [],
  )
}

/** Everything that is known of an account, by claim. */
function knownClaims(services: Pick<Services, 'sealer'>, account: Account): JsonObject {
  const profile = openProfile(services, account)
  return {
    ...(account.name === '' ? {} : { name: account.name }),
    ...profile,
    email: account.email,
    // Nobody proved to us that the address is theirs, unless the operator says so.
    email_verified: profile['email_verified'] === true,
    ...(profile['phone_number'] === undefined
      ? {}
      : { phone_number_verified: profile['phone_number_verified'] === true }),
    updated_at: epochSeconds(account.updatedAt),
  }
}

/**
 * The claims that were granted, for userinfo and for the ID token; nothing is told that was not granted. Claims of scopes go to
 * userinfo alone while there is an access token, single ones where they were asked for.
 *
 * @param granted scopes, and whether the end user agreed to what {@link singleClaims} named.
 */
export function accountClaims(
  services: Pick<Services, 'sealer'>,
  account: Account,
  asked: AskedClaims,
  granted: { readonly scope: readonly string[]; readonly single: boolean },
): { readonly userinfo: JsonObject; readonly id_token: JsonObject } {
  const known = knownClaims(services, account)
  const ofScopes = claimsOf(granted.scope)
  const mayTell = new Set([...ofScopes, ...(granted.single ? singleClaims(asked) : [])])
  const pick = (names: Iterable<string>): JsonObject =>
    Object.fromEntries(
      [...names].flatMap((name) =>
        mayTell.has(name) && Object.hasOwn(known, name) ? [[name, known[name]] as const] : [],
      ),
    )
  const forUserinfo = [...ofScopes, ...asked.claims.userinfo.keys()]
  const forIdToken = asked.claims.id_token.keys()
  return asked.hasAccessToken
    ? { userinfo: pick(forUserinfo), id_token: pick(forIdToken) }
    : { userinfo: {}, id_token: pick([...forUserinfo, ...forIdToken]) }
}
