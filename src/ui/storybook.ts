/** Every page from canned data, for screenshots, accessibility checks and tests of the markup. */

import { languages } from '../protocol/language.ts'
import { messages } from './messages/messages.ts'
import { renderDemoResult } from './pages/demo-result.ts'
import { renderStart } from './pages/start.ts'
import { form, peopleStories, variantStories } from './storybook-people.ts'
import type { Frame } from './pages/layout.ts'
import type { Story } from './story.ts'

const pretty = (value: unknown) => JSON.stringify(value, null, 2)

/** The pages for people in every other language; their names end in the tag. */
const translations: readonly Story[] = languages
  .filter((lang) => lang !== 'en')
  .flatMap((lang) =>
    peopleStories.map((story) => ({
      name: `${story.name}-${lang}`,
      render: (frame: Frame) => story.render({ ...frame, lang, words: messages[lang] }),
    })),
  )

/** All pages and the states of them that look different. */
export const stories: readonly Story[] = [
  ...peopleStories,
  ...variantStories,
  ...translations,
  {
    name: 'start',
    render: (frame) =>
      renderStart(frame, {
        facts: [
          { label: 'Issuer', value: 'http://127.0.0.1:4444/', note: '', state: 'good' },
          { label: 'Database', value: 'SQLite', note: 'firebrand.sqlite', state: 'good' },
          { label: 'Schema', value: 'Up to date', note: '', state: 'good' },
          { label: 'Signing keys', value: '1 key', note: 'RS256', state: 'good' },
          { label: 'Clients', value: '1', note: '', state: 'plain' },
          { label: 'Version', value: '0.1.0', note: 'Node.js 26.10.0', state: 'plain' },
        ],
        demo: {
          startUrl: '/ui/demo/start',
          clientId: 'firebrand-demo',
          redirectUri: 'http://127.0.0.1:4444/ui/demo/callback',
          email: 'foo@bar.com',
          password: 'foobar',
        },
        endpoints: [
          {
            name: 'Discovery',
            url: 'http://127.0.0.1:4444/.well-known/openid-configuration',
            linked: true,
          },
          { name: 'Keys', url: 'http://127.0.0.1:4444/.well-known/jwks.json', linked: true },
          { name: 'Authorization', url: 'http://127.0.0.1:4444/oauth2/auth', linked: false },
          { name: 'Token', url: 'http://127.0.0.1:4444/oauth2/token', linked: false },
        ],
        snippets: [
          {
            title: 'Create a client of your own',
            text: 'The admin API is open in development mode.',
            code: 'curl -s http://127.0.0.1:4445/admin/clients \\\n  -H \'content-type: application/json\' \\\n  -d \'{"client_name":"My app"}\'',
          },
          { title: 'Ask for a token', text: 'With the client from before.', code: 'curl …' },
        ],
      }),
  },
  {
    name: 'demo-result',
    render: (frame) =>
      renderDemoResult(frame, {
        subject: 'foo@bar.com',
        checks: [
          { label: 'State', passed: true, detail: 'The answer belongs to the request.' },
          { label: 'Code exchange', passed: true, detail: 'With the PKCE verifier (S256).' },
          {
            label: 'ID token signature',
            passed: true,
            detail: 'RS256, key 4f0d2c6f-6a52-4b6e-9d0b-1f0d8a3f2b11 of the published set.',
          },
          { label: 'Nonce', passed: false, detail: 'Not the one of the request.' },
        ],
        idToken: {
          raw: 'eyJhbGciOiJSUzI1NiIs.eyJzdWIiOiJhIn0.c2lnbmF0dXJl'.repeat(6),
          header: pretty({ alg: 'RS256', kid: '4f0d2c6f-6a52-4b6e-9d0b-1f0d8a3f2b11', typ: 'JWT' }),
          claims: pretty({
            iss: 'http://127.0.0.1:4444/',
            sub: '0b1c6c2e-5a2e-4f0e-9a3d-0a4a1b0c9d11',
            aud: ['firebrand-demo'],
            email: 'foo@bar.com',
            exp: 1_790_000_000,
          }),
        },
        accessToken: {
          raw: `ory_at_${'x'.repeat(120)}`,
          expires: 'Valid for 60 minutes',
          scope: 'openid email',
        },
        introspection: pretty({ active: true, client_id: 'firebrand-demo', scope: 'openid email' }),
        userinfo: pretty({ sub: '0b1c6c2e-5a2e-4f0e-9a3d-0a4a1b0c9d11', email: 'foo@bar.com' }),
        refresh: { form, count: 1 },
        runAgainUrl: '/ui/demo/start',
        signOutUrl: '/oauth2/sessions/logout',
        snippets: [{ title: 'Call userinfo yourself', text: 'With curl.', code: 'curl …' }],
      }),
  },
]
