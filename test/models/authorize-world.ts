/** The authorization endpoint as browsers, apps and attackers see it, with a record of what each artefact may lead to. */

import { expect } from 'vitest'
import {
  accept,
  authorizationUrl,
  Browser,
  createClient,
  exchangeCode,
  claimsOf,
  getRequest,
  introspect,
  reject,
  type TestClient,
  scopeSet,
} from '../support/browser-flow.ts'
import type { TestServer } from '../support/server.ts'

/** How long a login or consent request lives by default, in milliseconds. */
export const requestLifespan = 30 * 60_000

/** A browser and the user that it must be taken for. */
export interface ModelBrowser {
  readonly real: Browser
  /** Whom the login session remembers; `undefined` when nobody is signed in. */
  remembered: string | undefined
}

/** An authorization request on its way. */
export interface ModelFlow {
  readonly client: TestClient
  readonly browser: ModelBrowser
  readonly scope: readonly string[]
  readonly nonce: string
  readonly startedAt: number
  readonly loginChallenge: string
  /** The subject, when the server said that the login may be skipped. */
  readonly skipped: string | undefined
  /** A flow makes one grant at most. */
  isConsentSpent: boolean
}

/** An address with a verifier: the answer of an app, in the hands of whoever saw it. */
export interface Verifier {
  readonly flow: ModelFlow
  readonly kind: 'login' | 'consent'
  readonly url: string
  readonly isAccepted: boolean
  readonly subject: string
  readonly remember: boolean
  readonly granted: readonly string[]
  /** Each answer to a login leads on once; apps may answer again. */
  isSpent: boolean
}

/** A consent challenge, and who signed in ahead of it. */
export interface ConsentAsk {
  readonly flow: ModelFlow
  readonly challenge: string
  readonly subject: string
}

/** Everything that exists so far. */
export interface AuthorizeModel {
  readonly browsers: readonly ModelBrowser[]
  readonly flows: ModelFlow[]
  readonly verifiers: Verifier[]
  readonly consents: ConsentAsk[]
  /** Codes handed out. */
  codes: number
}

/** Drives the real server. */
export class AuthorizeWorld {
  readonly server: TestServer
  readonly clients: readonly TestClient[]
  sent = 0
  #nonces = 0

  private constructor(server: TestServer, clients: readonly TestClient[]) {
    this.server = server
    this.clients = clients
  }

  static async open(server: TestServer): Promise<AuthorizeWorld> {
    return new AuthorizeWorld(server, [await createClient(server), await createClient(server)])
  }

  newModel(): AuthorizeModel {
    const browser = (): ModelBrowser => ({ real: new Browser(this.server), remembered: undefined })
    return { browsers: [browser(), browser()], flows: [], verifiers: [], consents: [], codes: 0 }
  }

  /** Starts a flow; the server must skip the login exactly when it knows the browser and was not told to ask. */
  async start(
    model: AuthorizeModel,
    browser: ModelBrowser,
    { client, scope, prompt }: { client: TestClient; scope: readonly string[]; prompt: string },
  ): Promise<ModelFlow | undefined> {
    this.sent += 2
    const nonce = `nonce-of-flow-${(this.#nonces += 1)}`
    const known = prompt === 'login' ? undefined : browser.remembered
    const at = await browser.real.location(
      authorizationUrl(client, {
        scope: scope.join(' '),
        nonce,
        prompt: prompt === '' ? undefined : prompt,
      }),
    )
    const challenge = at.searchParams.get('login_challenge')
    if (challenge === null) {
      expect([prompt, known, at.searchParams.get('error')]).toEqual([
        'none',
        undefined,
        'login_required',
      ])
      return undefined
    }
    const { skip, subject } = await getRequest(this.server, 'login', challenge)
    expect([skip, subject]).toEqual([known !== undefined, known ?? ''])
    const flow: ModelFlow = {
      client,
      browser,
      scope,
      nonce,
      startedAt: this.server.clock(),
      loginChallenge: challenge,
      skipped: known,
      isConsentSpent: false,
    }
    model.flows.push(flow)
    return flow
  }

  /** Answers a login; the verifier may be followed by anybody. */
  async answerLogin(
    model: AuthorizeModel,
    flow: ModelFlow,
    { subject, remember, isAccepted }: { subject: string; remember: boolean; isAccepted: boolean },
  ): Promise<Verifier | undefined> {
    if (this.#isExpired(flow)) return undefined
    this.sent += 1
    const who = flow.skipped ?? subject
    const url = isAccepted
      ? await accept(this.server, 'login', flow.loginChallenge, { subject: who, remember })
      : await reject(this.server, 'login', flow.loginChallenge, { error: 'access_denied' })
    const verifier: Verifier = {
      flow,
      kind: 'login',
      url,
      isAccepted,
      subject: who,
      remember,
      granted: [],
      isSpent: false,
    }
    model.verifiers.push(verifier)
    return verifier
  }

  /** Answers a consent. */
  async answerConsent(
    model: AuthorizeModel,
    { flow, challenge, subject }: ConsentAsk,
    { granted, isAccepted }: { granted: readonly string[]; isAccepted: boolean },
  ): Promise<Verifier | undefined> {
    if (this.#isExpired(flow)) return undefined
    this.sent += 1
    const url = isAccepted
      ? await accept(this.server, 'consent', challenge, { grant_scope: granted })
      : await reject(this.server, 'consent', challenge, { error: 'access_denied' })
    const verifier: Verifier = {
      flow,
      kind: 'consent',
      url,
      isAccepted,
      subject,
      remember: false,
      granted,
      isSpent: false,
    }
    model.verifiers.push(verifier)
    return verifier
  }

  /**
   * Follows a verifier, perhaps altered, in some browser. It may only ever lead on in the browser that began, once, after a yes, in time, and unaltered;
   * and what it leads to is what was agreed to.
   */
  async follow(
    model: AuthorizeModel,
    verifier: Verifier,
    { browser, url = verifier.url }: { browser: ModelBrowser; url?: string },
  ): Promise<'led on' | 'stopped'> {
    this.sent += 1
    const { flow, kind } = verifier
    const response = await browser.real.visit(url)
    const location = response.response.headers.get('location')
    const at = location === null ? undefined : new URL(location, 'http://127.0.0.1')
    const challenge = at?.searchParams.get('consent_challenge') ?? null
    const code = at?.searchParams.get('code') ?? null
    if (challenge === null && code === null) return 'stopped'

    const isSpent = kind === 'login' ? verifier.isSpent : flow.isConsentSpent
    expect({
      isAccepted: verifier.isAccepted,
      isSpent,
      isExpired: this.#isExpired(flow),
      isOwnBrowser: browser === flow.browser,
      isUnaltered: url === verifier.url,
      leadsTo: challenge === null ? 'code' : 'consent',
    }).toEqual({
      isAccepted: true,
      isSpent: false,
      isExpired: false,
      isOwnBrowser: true,
      isUnaltered: true,
      leadsTo: kind === 'login' ? 'consent' : 'code',
    })
    if (challenge !== null) {
      verifier.isSpent = true
      if (flow.skipped === undefined)
        browser.remembered = verifier.remember ? verifier.subject : undefined
      model.consents.push({ flow, challenge, subject: verifier.subject })
      return 'led on'
    }
    flow.isConsentSpent = true
    model.codes += 1
    await this.#redeem(verifier, at as URL)
    return 'led on'
  }

  async #redeem({ flow, subject, granted }: Verifier, callback: URL): Promise<void> {
    this.sent += 2
    expect(callback.origin + callback.pathname).toBe(flow.client.redirect_uri)
    const { status, body } = await exchangeCode(this.server, flow.client, callback)
    expect([status, body['error']]).toEqual([200, undefined])
    const facts = await introspect(this.server, body['access_token'])
    expect(facts).toMatchObject({ active: true, sub: subject, client_id: flow.client.client_id })
    expect(scopeSet(facts)).toEqual(new Set(granted))
    if (granted.includes('openid'))
      expect(claimsOf(body['id_token'])).toMatchObject({ sub: subject, nonce: flow.nonce })
  }

  async endSessions(model: AuthorizeModel, subject: string): Promise<void> {
    this.sent += 1
    const path = `/admin/oauth2/auth/sessions/login?subject=${subject}`
    const { status } = await this.server.adminFetch(path, { method: 'DELETE' })
    expect(status).toBe(204)
    for (const browser of model.browsers)
      if (browser.remembered === subject) browser.remembered = undefined
  }

  #isExpired({ startedAt }: ModelFlow): boolean {
    return startedAt + requestLifespan <= this.server.clock()
  }
}
