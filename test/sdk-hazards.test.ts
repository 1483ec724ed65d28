import { describe, expect, it } from 'vitest'
import { sdkHazards } from './support/sdk-hazards.ts'

const client = { client_id: 'x', token_endpoint_auth_method: 'none' }
const key = { kty: 'EC', alg: 'ES256', use: 'sig', kid: 'k' }

/** What the rules that every response of the test servers is held to must find. */
const cases = [
  ['S1', { contacts: null }],
  ['S1', [{ client: { ...client, skip_logout_consent: null } }]],
  ['S2', { keys: [{ ...key, use: undefined }] }],
  ['S3', { keys: [{ ...key, key_ops: ['sign'] }] }],
  ['S4', { ...client, own_member: 1 }],
  ['S5', { implicit_grant_access_token_lifespan: '1h0m0s' }],
  ['S8', { created_at: '2030-01-01T00:00:00+01:00' }],
] as const

describe('the rules that protect SDKs', () => {
  it.each(cases)('find %s', (rule, body) => {
    const text = JSON.stringify(body)
    expect(sdkHazards(Response.json(body), text).join()).toContain(rule)
  })

  it('find S7 and S10', () => {
    const mixed = { error: 'x', message: 'y' }
    const response = Response.json(mixed, { status: 400 })
    expect(sdkHazards(response, JSON.stringify(mixed)).join()).toContain('S7')
    const typed = new Response(null, { status: 204, headers: { 'content-type': 'text/plain' } })
    expect(sdkHazards(typed, '').join()).toContain('S10')
  })

  it('leave values of others alone (S11), and what is right', () => {
    const body = { ...client, metadata: { any: null, kty: 'x', made_at: 'noon' }, contacts: [] }
    expect(sdkHazards(Response.json(body), JSON.stringify(body))).toEqual([])
    expect(sdkHazards(Response.json({ keys: [key] }), JSON.stringify({ keys: [key] }))).toEqual([])
  })
})
