/** Assertions that were used before, and web services that hear of them. */

import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { expect, it } from 'vitest'
import { createClient, postForm } from '../support/code-flow.ts'
import { describeEachEngine } from '../support/engines.ts'
import { startServer } from '../support/server.ts'

const grantType = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

describeEachEngine('a token hook', (engine) => {
  it('attack 28: does not hear of an assertion that was used before', async () => {
    const heard: string[] = []
    const server = await startServer(engine, {
      config: { oauth2: { token_hook: 'https://hook.example/' } },
      options: {
        outgoing: {
          async fetch({ url }) {
            heard.push(url)
            return { ok: true, value: { status: 204, headers: {}, text: '' } }
          },
          mayConnect: async () => true,
        },
      },
    })
    try {
      const { publicKey, privateKey } = await generateKeyPair('ES256')
      await server.adminFetch('/admin/trust/grants/jwt-bearer/issuers', {
        method: 'POST',
        body: JSON.stringify({
          issuer: 'https://partner.example',
          subject: 'svc',
          scope: ['foo'],
          expires_at: '2031-01-01T00:00:00Z',
          jwk: { ...(await exportJWK(publicKey)), kid: 'k', use: 'sig', alg: 'ES256' },
        }),
      })
      const client = await createClient(server, { grant_types: [grantType] })
      const now = Math.floor(server.clock() / 1000)
      const assertion = await new SignJWT({ jti: 'one', iat: now, exp: now + 60 })
        .setProtectedHeader({ alg: 'ES256', kid: 'k' })
        .setIssuer('https://partner.example')
        .setSubject('svc')
        .setAudience(`${server.issuer}/oauth2/token`)
        .sign(privateKey)
      const ask = () =>
        postForm(server.publicFetch, '/oauth2/token', { grant_type: grantType, assertion }, client)
      expect((await ask()).status).toBe(200)
      const again = await ask()
      expect(await again.json()).toMatchObject({ error: 'jti_known' })
      expect(heard).toEqual(['https://hook.example/'])
    } finally {
      await server.close()
    }
  })
})
