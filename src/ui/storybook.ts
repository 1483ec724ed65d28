/** Every page from canned data, for screenshots, accessibility checks and tests of the markup. */

import { en, type Messages } from './messages/en.ts'
import { clientIdentity, type ClientIdentity } from './pages/client-identity.ts'
import { renderConsent, type ConsentPage } from './pages/consent.ts'
import { renderDemoResult } from './pages/demo-result.ts'
import { renderDevice } from './pages/device.ts'
import { renderError } from './pages/error.ts'
import {
  renderDeviceDone,
  renderFallback,
  renderLanding,
  renderNotFound,
} from './pages/fallback.ts'
import { scopeWords } from './pages/scope-words.ts'
import { renderSignIn, type SignInPage } from './pages/sign-in.ts'
import { renderSignOut, renderSignedOut, renderStillSignedIn } from './pages/sign-out.ts'
import { renderStart } from './pages/start.ts'
import { languageStories } from './storybook-languages.ts'
import type { Story } from './story.ts'

const client: ClientIdentity = clientIdentity({
  client_id: 'tidepool' as never,
  client_name: 'Tidepool Notes',
  logo_uri: '',
  client_uri: 'https://tidepool.example/',
  policy_uri: 'https://tidepool.example/privacy',
  tos_uri: 'https://tidepool.example/terms',
})

const form = { action: '/ui/story', challenge: 'challenge', csrf: 'csrf' }

const signIn: SignInPage = {
  form,
  client,
  email: '',
  remember: false,
  problem: undefined,
  demoAccount: undefined,
}

function choices(words: Messages, ...scopes: readonly string[]): ConsentPage['scopes'] {
  const shown = scopes.length === 0 ? ['openid', 'profile', 'email', 'offline_access'] : scopes
  return shown.map((scope) => {
    const { title, description, sensitive } = scopeWords(scope, words)
    return { scope, title, description, checked: !sensitive }
  })
}

const consent: ConsentPage = {
  form,
  client,
  destination: 'app.tidepool.example',
  signedInAs: 'ada@example.com',
  switchAccountUrl: '/oauth2/auth?prompt=login',
  scopes: choices(en),
  claims: [],
  audience: [],
  remember: false,
  problem: undefined,
}

const noDetails = { error: '', description: '', hint: '', debug: '' }

const pretty = (value: unknown) => JSON.stringify(value, null, 2)

/** All pages and the states of them that look different. */
export const stories: readonly Story[] = [
  { name: 'sign-in', render: (frame) => renderSignIn(frame, signIn) },
  {
    name: 'sign-in-demo',
    render: (frame) =>
      renderSignIn(frame, {
        ...signIn,
        demoAccount: { email: 'foo@bar.com', password: 'foobar' },
      }),
  },
  {
    name: 'sign-in-error',
    render: (frame) =>
      renderSignIn(frame, {
        ...signIn,
        email: 'ada@example.com',
        remember: true,
        problem: {
          title: 'Email or password is not correct',
          text: 'Check both and try again.',
          field: 'password',
        },
      }),
  },
  {
    name: 'sign-in-throttled',
    render: (frame) =>
      renderSignIn(frame, {
        ...signIn,
        email: 'ada@example.com',
        problem: {
          title: 'Too many attempts',
          text: 'To protect the account, sign-in is paused. Try again in 12 minutes.',
          field: undefined,
        },
      }),
  },
  { name: 'consent', render: (frame) => renderConsent(frame, consent) },
  {
    name: 'consent-long',
    render: (frame) =>
      renderConsent(frame, {
        ...consent,
        client: clientIdentity({
          client_id: '5a1c' as never,
          client_name: 'The Extraordinarily Well Named Reporting Suite for Regional Offices',
          logo_uri: 'https://logo.invalid/broken.png',
          client_uri: '',
          policy_uri: '',
          tos_uri: '',
        }),
        signedInAs: 'a.very.long.address.of.somebody@department.of.a.long.example.org',
        destination: 'com.example.reporting.suite.mobile: (an app on this device)',
        scopes: choices(
          en,
          'openid',
          'reports.read',
          'reports.write',
          'https://api.example.com/auth/regional-offices.readonly',
        ),
        claims: ['phone_number', 'birthdate'],
        audience: ['https://api.example.com/reports'],
        problem: {
          title: 'That did not reach us in one piece',
          text: 'Please decide once more.',
          field: undefined,
        },
      }),
  },
  ...languageStories({ signIn, consent, choices }),
  {
    name: 'sign-in-popup',
    render: (frame) => renderSignIn({ ...frame, isPopup: true }, signIn),
  },
  {
    name: 'sign-out',
    render: (frame) =>
      renderSignOut(frame, { form, client, signedInAs: 'ada@example.com', problem: undefined }),
  },
  {
    name: 'sign-out-alone',
    render: (frame) =>
      renderSignOut(frame, {
        form,
        client: undefined,
        signedInAs: 'ada@example.com',
        problem: undefined,
      }),
  },
  {
    name: 'still-signed-in',
    render: (frame) => renderStillSignedIn(frame, { client, signedInAs: 'ada@example.com' }),
  },
  { name: 'signed-out', render: renderSignedOut },
  {
    name: 'error',
    render: (frame) =>
      renderError(frame, {
        title: 'The application sent a wrong request',
        text: 'Signing in could not start, because the request of the application is not valid.',
        advice:
          'You did nothing wrong. Go back to the application and try once more; if it happens again, send the lines below to its support.',
        restartUrl: undefined,
        details: {
          error: 'invalid_request',
          description: 'The redirect_uri parameter does not match any of those registered.',
          hint: 'Register <https://app.example/callback> or correct the parameter.',
          debug: '',
        },
      }),
  },
  {
    name: 'expired',
    render: (frame) =>
      renderError(frame, {
        title: 'This sign-in took too long',
        text: 'For your safety it ends after a while, and this one has.',
        advice: 'Nothing was lost. Start it again; it takes a moment.',
        restartUrl: '/oauth2/auth',
        details: noDetails,
      }),
  },
  {
    name: 'fallback',
    render: (frame) =>
      renderFallback(frame, {
        missing: 'sign-in page',
        configurationKey: 'urls.login',
        environmentName: 'URLS_LOGIN',
        example: 'https://accounts.example.com/login',
      }),
  },
  {
    name: 'device',
    render: (frame) => renderDevice(frame, { form, userCode: '', problem: undefined }),
  },
  {
    name: 'device-wrong-code',
    render: (frame) =>
      renderDevice(frame, {
        form,
        userCode: 'wdjb-mjht',
        problem: {
          title: 'This code does not work',
          text: 'Check it against the code on your device.',
          field: 'user_code',
        },
      }),
  },
  {
    name: 'consent-device',
    render: (frame) => renderConsent(frame, { ...consent, destination: undefined }),
  },
  { name: 'device-done', render: renderDeviceDone },
  { name: 'not-found', render: renderNotFound },
  { name: 'landing', render: renderLanding },
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
