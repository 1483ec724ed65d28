/** Clients that register themselves: what they name is neither run, nor fetched from inside the network. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createOutgoing } from '../../src/node/outgoing.ts'
import { startClientApi, type ClientApi } from '../support/client-api.ts'

describe('a client that registers itself', () => {
  let api: ClientApi
  const resolved: string[] = []
  beforeAll(async () => {
    api = await startClientApi('memory', {
      config: {
        oidc: { dynamic_client_registration: { enabled: true } },
        clients: { http: { disallow_private_ip_ranges: true } },
      },
      options: {
        outgoing: createOutgoing({
          rules: { disallowPrivateIpRanges: true, privateIpExceptionUrls: [] },
          resolve: async (name) => {
            resolved.push(name)
            return [{ address: '10.0.0.1', family: 4 }]
          },
        }),
      },
    })
  })
  afterAll(() => api.close())

  it('attack 29, attack 28: registers no redirect URI that a browser would run', async () => {
    for (const uri of [
      'javascript:alert(1)',
      'JavaScript:alert(1)',
      'data:text/html,x',
      'vbscript:x',
    ])
      for (const member of ['redirect_uris', 'post_logout_redirect_uris']) {
        const answer = await api.callPublic('POST', '/oauth2/register', { [member]: [uri] })
        expect([uri, member, answer.status]).toEqual([uri, member, 400])
      }
  })

  it('attack 29, attack 10: has the server fetch nothing from a private address', async () => {
    const hosts = [
      'inside.example',
      '127.0.0.1',
      '[::1]',
      '169.254.169.254',
      '0x7f.1',
      '[::ffff:a00:1]',
    ]
    for (const host of hosts)
      for (const member of ['jwks_uri', 'sector_identifier_uri', 'backchannel_logout_uri']) {
        const answer = await api.callPublic('POST', '/oauth2/register', {
          [member]: `https://${host}/x`,
        })
        expect([host, member, answer.status]).toEqual([host, member, 400])
      }
    expect(resolved).toContain('inside.example')
  })

  it('attack 10: has the server fetch no logo, policy or terms, which are links for people', async () => {
    resolved.length = 0
    const members = ['logo_uri', 'policy_uri', 'tos_uri', 'client_uri']
    const links = Object.fromEntries(members.map((name) => [name, 'https://inside.example/x']))
    expect((await api.callPublic('POST', '/oauth2/register', links)).status).toBe(201)
    expect(resolved).toEqual([])
  })
})
