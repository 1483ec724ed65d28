import { describe, expect, it } from 'vitest'
import type { Outgoing, OutgoingRequest } from '../src/context.ts'
import { err, ok } from '../src/result.ts'
import { startClientApi } from './support/client-api.ts'

const sector = 'https://sector.example/uris.json'
const redirect_uris = ['https://a.example/cb', 'https://b.example/cb']

/** A network of documents; every request is noted. */
function network(documents: Record<string, string>): Outgoing & { asked: OutgoingRequest[] } {
  const asked: OutgoingRequest[] = []
  return {
    asked,
    async fetch(request) {
      asked.push(request)
      const text = documents[request.url]
      return text === undefined
        ? err('the host cannot be reached')
        : ok({ status: 200, headers: {}, text })
    },
    mayConnect: async (url) => new URL(url).hostname.endsWith('.public.example'),
  }
}

describe('sector_identifier_uri', () => {
  const documents: Record<string, string> = { [sector]: JSON.stringify(redirect_uris) }

  it('attack 10: must lead to a document that lists every redirect URI', async () => {
    const outgoing = network({
      ...documents,
      'https://sector.example/empty': '[]',
      'https://sector.example/object': '{}',
      'https://sector.example/numbers': '["https://a.example/cb",1]',
      'https://sector.example/text': 'https://a.example/cb',
    })
    const api = await startClientApi('memory', { options: { outgoing } })
    const post = (sector_identifier_uri: string, uris = redirect_uris) =>
      api.callAdmin('POST', '/admin/clients', { sector_identifier_uri, redirect_uris: uris })
    expect(await post(sector)).toMatchObject({
      status: 201,
      body: { sector_identifier_uri: sector },
    })
    expect(outgoing.asked[0]).toMatchObject({ url: sector, maxBytes: 5_242_880, timeout: 30_000 })
    const refused = [
      await post(sector, ['https://a.example/cb', 'https://c.example/cb']),
      await post('http://sector.example/uris.json'),
      await post('nonsense'),
      await post('https://sector.example/missing'),
      await post('https://sector.example/empty'),
      await post('https://sector.example/object'),
      await post('https://sector.example/numbers'),
      await post('https://sector.example/text'),
    ]
    for (const answer of refused)
      expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_client_metadata' } })
    expect(refused[3]?.body.error_description).toContain('the host cannot be reached')
    await api.close()
  })

  it('is read again only when it or the redirect URIs change', async () => {
    const outgoing = network(documents)
    const api = await startClientApi('memory', { options: { outgoing } })
    const client = { sector_identifier_uri: sector, redirect_uris }
    const { body } = await api.callAdmin('POST', '/admin/clients', client)
    const path = `/admin/clients/${body.client_id}`
    await api.callAdmin('PUT', path, { ...client, client_name: 'new' })
    await api.callAdmin('PATCH', path, [{ op: 'replace', path: '/owner', value: 'me' }])
    await api.callAdmin('PUT', `${path}/lifespans`, {})
    await api.callAdmin('POST', `${path}/secrets/rotate`)
    expect(outgoing.asked).toHaveLength(1)
    const added = [{ op: 'add', path: '/redirect_uris/-', value: 'https://evil.example/' }]
    expect((await api.callAdmin('PATCH', path, added)).status).toBe(400)
    expect(outgoing.asked).toHaveLength(2)
    await api.close()
  })
})

describe('clients.http.disallow_private_ip_ranges', () => {
  it('keeps URLs of private hosts out of what the server will request', async () => {
    const outgoing = network({ 'https://s.public.example/': '["https://a/"]' })
    const http = { disallow_private_ip_ranges: true }
    const api = await startClientApi('memory', {
      options: { outgoing },
      config: { clients: { http } },
    })
    const members = (host: string) => [
      { jwks_uri: `https://${host}/` },
      { backchannel_logout_uri: `https://${host}/` },
      { sector_identifier_uri: `https://${host}/` },
      { request_uris: ['https://r.public.example/', `https://${host}/`] },
    ]
    for (const member of members('inside.example')) {
      const answer = await api.callAdmin('POST', '/admin/clients', member)
      expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_client_metadata' } })
      expect(answer.body.error_description).toContain(Object.keys(member)[0])
    }
    for (const member of members('s.public.example'))
      expect((await api.callAdmin('POST', '/admin/clients', member)).status).toBe(201)
    await api.close()
  })
})

describe('oidc.subject_identifiers', () => {
  const oidc = {
    subject_identifiers: { supported_types: ['pairwise'], pairwise: { salt: 'long enough salt' } },
  }

  it('makes the first enabled type the default', async () => {
    const api = await startClientApi('memory', { config: { oidc } })
    const { body } = await api.callAdmin('POST', '/admin/clients', {})
    expect(body.subject_type).toBe('pairwise')
    const jwt = { access_token_strategy: 'jwt' }
    expect((await api.callAdmin('POST', '/admin/clients', jwt)).body.subject_type).toBe('public')
    const refused = await api.callAdmin('POST', '/admin/clients', {
      ...jwt,
      subject_type: 'pairwise',
    })
    expect(refused).toMatchObject({ status: 400, body: { error: 'invalid_client_metadata' } })
    await api.close()
  })
})

describe('oauth2.hashers', () => {
  it('attack 7: refuses secrets that bcrypt would cut, and takes those of 72 bytes', async () => {
    const hashers = { algorithm: 'bcrypt', bcrypt: { cost: 4 } }
    const api = await startClientApi('memory', { config: { oauth2: { hashers } } })
    const post = (client_secret: string) =>
      api.callAdmin('POST', '/admin/clients', {
        client_secret,
        grant_types: ['client_credentials'],
      })
    expect(await post('x'.repeat(73))).toMatchObject({
      status: 400,
      body: { error: 'invalid_client_metadata' },
    })
    const { body } = await post('x'.repeat(72))
    expect((await api.clientCredentials(body.client_id, 'x'.repeat(72))).status).toBe(200)
    expect((await api.clientCredentials(body.client_id, 'x'.repeat(73))).status).toBe(401)
    await api.close()
  })
})
