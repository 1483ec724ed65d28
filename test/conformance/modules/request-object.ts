/** Request objects, by value and by reference (OpenID Connect Core §6). */

import { SignJWT, UnsecuredJWT } from 'jose'
import { expect } from 'vitest'
import { checkErrorResponse, expectErrorPage } from '../checks/authorization.ts'
import { clientOrigin } from '../provider.ts'
import { randomText } from '../random-text.ts'
import type { Client, LoginOptions, RelyingParty } from '../relying-party.ts'

/** Metadata of a client that may refer to documents of its site. */
function withDocument(party: RelyingParty) {
  const path = `/request/${randomText(12)}`
  return { path, metadata: { request_uris: [`${party.provider.site.origin}${path}#digest`] } }
}

/** Claims of an object that holds the whole request. */
function claimsOf(party: RelyingParty, client: Client): Record<string, string> {
  const { params } = party.request(client)
  return Object.fromEntries(params)
}

/** The outer request: what RFC 6749 demands, with values that must lose. */
function outer(claims: Record<string, string>, more: Record<string, string>): LoginOptions {
  const { state, nonce } = claims
  return { params: { ...more, state, nonce } }
}

function unsigned(claims: Record<string, string>): string {
  return new UnsecuredJWT(claims).encode()
}

async function advertisesUnsigned(party: RelyingParty): Promise<boolean> {
  const { request_object_signing_alg_values_supported: algs } = await party.provider.metadata()
  return (algs as readonly string[]).includes('none')
}

/** Processed, with the object's word above the query's; or refused by the name of the thing. */
async function unsignedByValue(party: RelyingParty): Promise<void> {
  const { request_parameter_supported: supported } = await party.provider.metadata()
  const client = await party.client({ client_name: 'Unsigned object' })
  const claims = { ...claimsOf(party, client), state: randomText(20) }
  const options = outer(claims, { request: unsigned(claims) })
  if ((await advertisesUnsigned(party)) && supported === true) {
    await party.login(client, options)
    return
  }
  const { request, stop } = await party.visit(client, options)
  expect(checkErrorResponse(stop, request.expected)).toBe('request_not_supported')
}

async function byReference(
  party: RelyingParty,
  encode: (claims: Record<string, string>, client: Client) => Promise<string> | string,
): Promise<void> {
  const { request_uri_parameter_supported: supported } = await party.provider.metadata()
  expect(supported).not.toBe(false)
  const { path, metadata } = withDocument(party)
  const client = await party.client(metadata)
  const claims = claimsOf(party, client)
  party.provider.site.put(path, 'application/jwt', await encode(claims, client))
  await party.login(client, outer(claims, { request_uri: metadata.request_uris[0] ?? '' }))
}

/** The object names the good address, the query a bad one. */
async function withRedirectUri(party: RelyingParty): Promise<void> {
  const client = await party.client({ client_name: 'Address in the object' })
  const claims = claimsOf(party, client)
  const options = outer(claims, {
    request: unsigned(claims),
    redirect_uri: `${clientOrigin}/not/registered`,
  })
  const { request, stop } = await party.visit(client, options)
  if (stop.kind === 'page') return expectErrorPage(stop, party.provider.issuer, /redirect_uri/u)
  await party.finish(client, request, stop, options)
}

/** Modules by name. */
export const requestObjectModules = {
  'oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported': (
    party: RelyingParty,
  ) => byReference(party, unsigned),
  'oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported': unsignedByValue,
  'oidcc-ensure-request-object-with-redirect-uri': withRedirectUri,
  async 'oidcc-request-uri-unsigned'(party: RelyingParty) {
    expect(await advertisesUnsigned(party)).toBe(true)
    await byReference(party, unsigned)
  },
  async 'oidcc-request-uri-signed-rs256'(party: RelyingParty) {
    const { request_object_signing_alg_values_supported: algs } = await party.provider.metadata()
    expect(algs).toContain('RS256')
    const { privateKey, kid } = party.provider.keys.first
    await byReference(party, (claims, client) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'RS256', kid })
        .setIssuer(client.id)
        .setAudience(party.provider.issuer)
        .sign(privateKey),
    )
  },
}
