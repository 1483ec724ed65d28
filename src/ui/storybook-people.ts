/** The pages that people see, in the language of the frame that they are given. */

import type { Messages } from './messages/en.ts'
import { clientIdentity, type ClientIdentity } from './pages/client-identity.ts'
import { renderConsent, type ConsentPage } from './pages/consent.ts'
import { renderDevice } from './pages/device.ts'
import { renderError } from './pages/error.ts'
import {
  renderDeviceDone,
  renderFallback,
  renderLanding,
  renderNotFound,
} from './pages/fallback.ts'
import type { Frame } from './pages/layout.ts'
import { scopeWords } from './pages/scope-words.ts'
import { renderSignIn, type SignInPage } from './pages/sign-in.ts'
import { renderSignOut, renderSignedOut, renderStillSignedIn } from './pages/sign-out.ts'
import type { Story } from './story.ts'

const client: ClientIdentity = clientIdentity({
  client_id: 'tidepool' as never,
  client_name: 'Tidepool Notes',
  logo_uri: '',
  client_uri: 'https://tidepool.example/',
  policy_uri: 'https://tidepool.example/privacy',
  tos_uri: 'https://tidepool.example/terms',
})

/** Binds the forms of the stories to nothing. */
export const form = { action: '/ui/story', challenge: 'challenge', csrf: 'csrf' }

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

function consent(frame: Frame, changes: Partial<ConsentPage> = {}): ReturnType<Story['render']> {
  return renderConsent(frame, { ...consentPage, scopes: choices(frame.words), ...changes })
}

const consentPage: ConsentPage = {
  form,
  client,
  destination: 'app.tidepool.example',
  signedInAs: 'ada@example.com',
  switchAccountUrl: '/oauth2/auth?prompt=login',
  scopes: [],
  claims: [],
  audience: [],
  remember: false,
  problem: undefined,
}

const noDetails = { error: '', description: '', hint: '', debug: '' }

const signedInAs = 'ada@example.com'

/** Every page for people; shown in each language. */
export const peopleStories: readonly Story[] = [
  { name: 'sign-in', render: (frame) => renderSignIn(frame, signIn) },
  {
    name: 'sign-in-error',
    render: (frame) =>
      renderSignIn(frame, {
        ...signIn,
        email: signedInAs,
        remember: true,
        problem: {
          title: frame.words.signIn.wrong,
          text: frame.words.signIn.wrongText,
          field: 'password',
        },
      }),
  },
  { name: 'consent', render: (frame) => consent(frame) },
  {
    name: 'consent-long',
    render: (frame) =>
      consent(frame, {
        client: clientIdentity({
          client_id: '5a1c' as never,
          client_name: 'The Extraordinarily Well Named Reporting Suite for Regional Offices',
          logo_uri: 'https://logo.invalid/broken.png',
          client_uri: '',
          policy_uri: '',
          tos_uri: '',
        }),
        signedInAs: 'a.very.long.address.of.somebody@department.of.a.long.example.org',
        destination: `com.example.reporting.suite.mobile: (${frame.words.consent.appHere})`,
        scopes: choices(
          frame.words,
          'openid',
          'reports.read',
          'reports.write',
          'https://api.example.com/auth/regional-offices.readonly',
        ),
        claims: ['phone_number', 'birthdate'],
        audience: ['https://api.example.com/reports'],
        problem: { ...frame.words.formLost, field: undefined },
      }),
  },
  {
    name: 'sign-out',
    render: (frame) => renderSignOut(frame, { form, client, signedInAs, problem: undefined }),
  },
  {
    name: 'still-signed-in',
    render: (frame) => renderStillSignedIn(frame, { client, signedInAs }),
  },
  { name: 'signed-out', render: renderSignedOut },
  {
    name: 'error',
    render: (frame) =>
      renderError(frame, {
        ...frame.words.otherError,
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
        ...frame.words.trouble.expired,
        restartUrl: '/oauth2/auth',
        details: noDetails,
      }),
  },
  {
    name: 'fallback',
    render: (frame) =>
      renderFallback(frame, {
        missing: 'login',
        configurationKey: 'urls.login',
        environmentName: 'URLS_LOGIN',
        example: 'https://accounts.example.com/login',
      }),
  },
  {
    name: 'device',
    render: (frame) => renderDevice(frame, { form, userCode: '', problem: undefined }),
  },
  { name: 'device-done', render: renderDeviceDone },
  { name: 'not-found', render: renderNotFound },
  { name: 'landing', render: renderLanding },
]

/** States of the same pages that differ from them in a part, so one language is enough. */
export const variantStories: readonly Story[] = [
  {
    name: 'sign-in-demo',
    render: (frame) =>
      renderSignIn(frame, {
        ...signIn,
        demoAccount: { email: 'foo@bar.com', password: 'foobar' },
      }),
  },
  {
    name: 'sign-in-throttled',
    render: (frame) =>
      renderSignIn(frame, {
        ...signIn,
        email: signedInAs,
        problem: {
          title: frame.words.signIn.throttled,
          text: frame.words.signIn.throttledText(frame.words.wait(720)),
          field: undefined,
        },
      }),
  },
  {
    name: 'sign-in-popup',
    render: (frame) => renderSignIn({ ...frame, isPopup: true }, signIn),
  },
  { name: 'consent-popup', render: (frame) => consent({ ...frame, isPopup: true }) },
  { name: 'consent-device', render: (frame) => consent(frame, { destination: undefined }) },
  {
    name: 'sign-out-alone',
    render: (frame) =>
      renderSignOut(frame, { form, client: undefined, signedInAs, problem: undefined }),
  },
  {
    name: 'device-wrong-code',
    render: (frame) =>
      renderDevice(frame, {
        form,
        userCode: 'wdjb-mjht',
        problem: {
          title: frame.words.device.wrong,
          text: frame.words.device.wrongText,
          field: 'user_code',
        },
      }),
  },
]
