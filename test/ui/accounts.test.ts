import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  createAccount,
  deleteAccount,
  findUsableAccount,
  listAccounts,
  setDisabled,
  setPassword,
} from '../../src/accounts/accounts.ts'
import { demoAccount, seedDemoAccount } from '../../src/accounts/demo-account.ts'
import { passwordHasher, scryptHasher, type PasswordHasher } from '../../src/accounts/password.ts'
import { checkCredentials, type PasswordWork } from '../../src/accounts/sign-in.ts'
import { createTurnstile } from '../../src/clients/turnstile.ts'
import { asSessionId, instant } from '../../src/brand.ts'
import type { Services } from '../../src/context.ts'
import { describeEachEngine } from '../support/engines.ts'
import { startServer, type TestServer } from '../support/server.ts'

const password = 'correct horse battery'

function countingHasher(): PasswordHasher & { derivations: number } {
  const hasher = {
    ...passwordHasher,
    derivations: 0,
    verify(hashText: string, guess: string) {
      hasher.derivations += 1
      return passwordHasher.verify(hashText, guess)
    },
  }
  return hasher
}

/** Answers in microseconds; only for tests that are not about passwords. */
const cheapHasher: PasswordHasher = {
  ...passwordHasher,
  verify: async (_hash, guess) => guess === password,
}

/** With a hasher, and room for everybody. */
function workWith(hasher: PasswordHasher): PasswordWork {
  return { hasher, turnstile: createTurnstile({ running: 1000, waiting: 0 }) }
}

describeEachEngine('accounts', (engine) => {
  let server: TestServer
  let services: Services

  beforeAll(async () => {
    server = await startServer(engine)
    services = server.firebrand.services
  })
  afterAll(() => server.close())

  const create = (email: string) => createAccount(services, { email, name: 'Ada', password })

  it('are created with a random subject', async () => {
    const created = await create('Ada@Example.com')
    expect(created).toMatchObject({
      ok: true,
      value: { email: 'Ada@Example.com', name: 'Ada', disabledAt: undefined },
    })
    expect(created.ok && created.value.id).toMatch(/^[\da-f-]{36}$/u)
  })

  it('are unique without regard to case', async () => {
    await create('twice@example.com')
    expect(await create('TWICE@example.com')).toMatchObject({
      ok: false,
      error: { reason: 'already_exists' },
    })
  })

  it('need an email address and a long enough password', async () => {
    for (const email of ['', 'x', '@x', 'x@', 'a b@c', 'a@b@c', `${'x'.repeat(250)}@x.yy`])
      expect(await create(email)).toMatchObject({ error: { reason: 'invalid_email' } })
    expect(
      await createAccount(services, { email: 'p@example.com', name: '', password: 'short' }),
    ).toMatchObject({ error: { reason: 'invalid_password' } })
  })

  it('are listed in pages', async () => {
    await create('page-a@example.com')
    await create('page-b@example.com')
    const page = await listAccounts(services, { after: 'page-a@example.com', limit: 1 })
    expect(page.map((account) => account.email)).toEqual(['page-b@example.com'])
  })

  it('lose their remembered sign-ins with a new password, and when they are deleted', async () => {
    const created = await create('session@example.com')
    if (!created.ok) throw new Error(created.error.message)
    const { id } = created.value
    for (const end of [
      () => setPassword(services, 'session@example.com', 'another good one'),
      () => setDisabled(services, 'session@example.com', true),
      () => deleteAccount(services, 'session@example.com'),
    ]) {
      const sessionId = asSessionId(services.random.uuid())
      await services.storage.flows.completeLogin({
        flowId: services.random.hex(16) as never,
        verifierId: services.random.hex(16),
        clientId: 'any' as never,
        subject: id,
        now: services.clock(),
        expiresAt: instant(services.clock() + 60_000),
        session: {
          id: sessionId,
          subject: id,
          authenticatedAt: services.clock(),
          remember: true,
          identityProviderSessionId: '',
          expiresAt: instant(services.clock() + 60_000),
        },
        forcedSubject: undefined,
        endedSessionId: undefined,
      })
      expect(await end()).toMatchObject({ ok: true })
      expect(await services.storage.loginSessions.find(sessionId)).toBeUndefined()
    }
    expect(await findUsableAccount(services, id)).toBeUndefined()
    expect(await deleteAccount(services, 'session@example.com')).toMatchObject({ ok: false })
  })

  it('include the demo account once, whose password is kept', async () => {
    const [first, second] = await Promise.all([
      seedDemoAccount(services),
      seedDemoAccount(services),
    ])
    expect(first?.id).toBe(second?.id)
    const { email } = demoAccount
    const credentials = { email, password: demoAccount.password, address: undefined }
    expect(await checkCredentials(services, credentials)).toMatchObject({ ok: true })
  })

  describe('checkCredentials', () => {
    beforeAll(async () => {
      await create('user@example.com')
      await create('disabled@example.com')
      await setDisabled(services, 'disabled@example.com', true)
    })

    const address = '192.0.2.1'

    it('finds the account whatever the case of its email', async () => {
      const found = await checkCredentials(services, {
        email: ' USER@example.com ',
        password,
        address,
      })
      expect(found).toMatchObject({ ok: true, value: { email: 'user@example.com' } })
    })

    const wrong = [
      { it: 'a wrong password', email: 'user@example.com', guess: 'wrong' },
      { it: 'an unknown email', email: 'nobody@example.com', guess: password },
      { it: 'a disabled account', email: 'disabled@example.com', guess: password },
      { it: 'a megabyte of password', email: 'user@example.com', guess: 'x'.repeat(1_000_000) },
    ] as const
    for (const c of wrong) {
      it(`answers the same for ${c.it}, with one derivation`, async () => {
        const hasher = countingHasher()
        const { email, guess } = c
        expect(
          await checkCredentials(services, { email, password: guess, address }, workWith(hasher)),
        ).toEqual({ ok: false, error: { kind: 'wrong' } })
        expect(hasher.derivations).toBe(1)
      })
    }

    it('hashes anew what was hashed with other parameters, and leaves a new password alone', async () => {
      const created = await create('old@example.com')
      if (!created.ok) throw new Error(created.error.message)
      const { id } = created.value
      const { accounts } = services.storage
      const stored = async () => (await accounts.find(id))?.passwordHash ?? ''
      const credentials = { email: 'old@example.com', password, address: undefined }
      const old = await scryptHasher.hash(password, new Uint8Array(16))
      await accounts.replace({ ...created.value, passwordHash: old })
      expect(await checkCredentials(services, { ...credentials, password: 'x' })).toMatchObject({
        ok: false,
      })
      expect(await stored()).toBe(old)
      expect(await checkCredentials(services, credentials)).toMatchObject({ ok: true })
      expect(passwordHasher.isCurrent(await stored())).toBe(true)
      expect(await passwordHasher.verify(await stored(), password)).toBe(true)

      // Somebody sets a password after the old one was verified and before it is hashed anew.
      await accounts.replace({ ...created.value, passwordHash: old })
      const interrupted: PasswordHasher = {
        ...passwordHasher,
        async hash(text, salt) {
          await setPassword(services, 'old@example.com', 'another good one')
          return passwordHasher.hash(text, salt)
        },
      }
      await checkCredentials(services, credentials, workWith(interrupted))
      expect(await passwordHasher.verify(await stored(), 'another good one')).toBe(true)
    })

    it('turns away at once whom it would keep waiting, without counting the attempt', async () => {
      await create('crowd@example.com')
      const work = { hasher: cheapHasher, turnstile: createTurnstile({ running: 1, waiting: 0 }) }
      const attempt = (guess: string) =>
        checkCredentials(
          services,
          { email: 'crowd@example.com', password: guess, address: '203.0.113.50' },
          work,
        )
      let leave = () => {}
      const inside = work.turnstile.pass(
        () =>
          new Promise<void>((resolve) => {
            leave = resolve
          }),
      )
      for (let index = 0; index < 20; index += 1)
        expect(await attempt('x')).toEqual({ ok: false, error: { kind: 'busy' } })
      leave()
      await inside
      expect(await attempt(password)).toMatchObject({ ok: true })
    })

    it('lets exactly ten of forty concurrent guesses on an account from one network through', async () => {
      const guesses = Array.from({ length: 40 }, (_, index) =>
        checkCredentials(
          services,
          // Every address of one IPv6 /64 counts as one.
          { email: 'victim@example.com', password: 'x', address: `2001:db8::${index + 1}` },
          workWith(cheapHasher),
        ),
      )
      const outcomes = (await Promise.all(guesses)).map((each) =>
        each.ok ? 'ok' : each.error.kind,
      )
      expect(outcomes.filter((kind) => kind === 'wrong')).toHaveLength(10)
      expect(outcomes.filter((kind) => kind === 'throttled')).toHaveLength(30)
    })

    it('says how long to wait, refuses the right password until then, and no longer', async () => {
      await create('locked@example.com')
      const attempt = (guess: string, from = '198.51.100.1') =>
        checkCredentials(
          services,
          { email: 'locked@example.com', password: guess, address: from },
          workWith(cheapHasher),
        )
      for (let guess = 0; guess < 10; guess += 1) await attempt('wrong')
      const refused = await attempt(password)
      if (refused.ok || refused.error.kind !== 'throttled') throw new Error('not throttled')
      const { retryAfterSeconds } = refused.error
      expect(retryAfterSeconds).toBeGreaterThan(0)
      expect(retryAfterSeconds).toBeLessThanOrEqual(900)
      // Somebody else's guesses lock out nobody who comes from elsewhere.
      expect(await attempt(password, '203.0.113.9')).toMatchObject({ ok: true })
      server.clock.advance(retryAfterSeconds * 1000)
      expect(await attempt(password)).toMatchObject({ ok: true })
    })

    it('starts to count anew after a success', async () => {
      await create('forgetful@example.com')
      const attempt = (guess: string) =>
        checkCredentials(
          services,
          { email: 'forgetful@example.com', password: guess, address: '203.0.113.77' },
          workWith(cheapHasher),
        )
      for (let round = 0; round < 3; round += 1) {
        for (let guess = 0; guess < 9; guess += 1) await attempt('wrong')
        expect(await attempt(password)).toMatchObject({ ok: true })
      }
    })

    it('slows down a botnet that guesses for one account', async () => {
      const outcomes: string[] = []
      for (let index = 0; index < 60; index += 1) {
        const attempt = await checkCredentials(
          services,
          { email: 'botnet@example.com', password: 'x', address: `10.0.0.${index}` },
          workWith(cheapHasher),
        )
        outcomes.push(attempt.ok ? 'ok' : attempt.error.kind)
      }
      expect(outcomes.slice(0, 50)).not.toContain('throttled')
      expect(outcomes.slice(50)).not.toContain('wrong')
    })

    it('slows down one network that tries many accounts', async () => {
      const outcomes = await Promise.all(
        Array.from({ length: 310 }, (_, index) =>
          checkCredentials(
            services,
            { email: `spray-${index}@example.com`, password: 'x', address: '192.0.2.200' },
            workWith(cheapHasher),
          ),
        ),
      )
      const throttled = outcomes.filter((each) => !each.ok && each.error.kind === 'throttled')
      expect(throttled).toHaveLength(10)
    })
  })
})
