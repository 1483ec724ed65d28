/** Claims by scope, and by the parameter `claims` (OpenID Connect Core §5.4 and §5.5). */

import { expect } from 'vitest'
import { scopeClaims, standardClaims, type Claims, type ClaimScope } from '../checks/claims.ts'
import type { Login, RelyingParty } from '../relying-party.ts'
import type { Module } from './module.ts'

/** Where the claims of a scope come back: UserInfo, and the ID Token only when there is no access token. */
function claimSets(party: RelyingParty, { userInfos, idTokens }: Login): readonly Claims[] {
  return party.issuesAccessToken ? userInfos : idTokens.map(({ claims }) => claims)
}

function standardClaimsIn(claims: Claims): readonly string[] {
  return Object.keys(claims)
    .filter((name) => standardClaims.includes(name))
    .sort()
}

/** Exactly the claims of the scopes, each of its type (the shared checks see to that), and none in vain places. */
function withScopes(scopes: readonly ClaimScope[], order = ['openid', ...scopes]): Module {
  return async (party) => {
    const { scopes_supported: supported } = await party.provider.metadata()
    expect(supported).toEqual(expect.arrayContaining(['openid', ...scopes]))
    const login = await party.login(await party.client(), {
      params: { scope: order.join(' ') },
      reversed: order[0] !== 'openid',
    })
    const wanted = scopes.flatMap((scope) => scopeClaims[scope] as readonly string[]).sort()
    for (const claims of claimSets(party, login)) expect(standardClaimsIn(claims)).toEqual(wanted)
    if (!party.issuesAccessToken) return
    for (const { claims } of login.idTokens) expect(standardClaimsIn(claims)).toEqual([])
  }
}

async function essentialName(party: RelyingParty): Promise<void> {
  const place = party.issuesAccessToken ? 'userinfo' : 'id_token'
  const claims = JSON.stringify({ [place]: { name: { essential: true } } })
  const login = await party.login(await party.client(), { params: { claims } })
  for (const found of claimSets(party, login)) expect(standardClaimsIn(found)).toEqual(['name'])
  if (!party.issuesAccessToken) return
  for (const idToken of login.idTokens) expect(idToken.claims).not.toHaveProperty('name')
}

/** Modules by name. */
export const scopeModules = {
  'oidcc-scope-profile': withScopes(['profile']),
  'oidcc-scope-email': withScopes(['email']),
  'oidcc-scope-address': withScopes(['address']),
  'oidcc-scope-phone': withScopes(['phone']),
  'oidcc-scope-all': withScopes(['email', 'phone', 'address', 'profile']),
  'oidcc-alternate-happy-flow': withScopes(['email'], ['email', 'openid']),
  'oidcc-claims-essential': essentialName,
}
