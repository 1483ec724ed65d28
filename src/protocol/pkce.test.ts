import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Result } from '../result.ts'
import type { OAuthError } from './oauth-error.ts'
import { checkCodeChallenge, checkCodeVerifier } from './pkce.ts'

const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
const outcome = (result: Result<unknown, OAuthError>) => (result.ok ? 'ok' : result.error.code)
const s256 = (text: string) => createHash('sha256').update(text).digest('base64url')
const isS256 = (challenge: string, text: string) => s256(text) === challenge

describe('checkCodeVerifier', () => {
  const cases = [
    { it: 'accepts the pair of RFC 7636 Appendix B', challenge, verifier, expect: 'ok' },
    { it: 'rejects a missing verifier', challenge, verifier: undefined, expect: 'invalid_grant' },
    {
      it: 'rejects a verifier nobody asked for',
      challenge: undefined,
      verifier,
      expect: 'invalid_grant',
    },
    {
      it: 'asks for nothing without a challenge',
      challenge: undefined,
      verifier: undefined,
      expect: 'ok',
    },
    {
      it: 'rejects a verifier of 42 characters',
      challenge: s256('a'.repeat(42)),
      verifier: 'a'.repeat(42),
      expect: 'invalid_grant',
    },
    {
      it: 'accepts a verifier of 43 characters',
      challenge: s256('a'.repeat(43)),
      verifier: 'a'.repeat(43),
      expect: 'ok',
    },
    {
      it: 'accepts a verifier of 128 characters',
      challenge: s256('a'.repeat(128)),
      verifier: 'a'.repeat(128),
      expect: 'ok',
    },
    {
      it: 'rejects a verifier of 129 characters',
      challenge: s256('a'.repeat(129)),
      verifier: 'a'.repeat(129),
      expect: 'invalid_grant',
    },
    {
      it: 'rejects other characters',
      challenge: s256(`${verifier}!`),
      verifier: `${verifier}!`,
      expect: 'invalid_grant',
    },
    {
      it: 'rejects the challenge itself as verifier',
      challenge,
      verifier: challenge,
      expect: 'invalid_grant',
    },
  ] as const
  for (const c of cases)
    it(c.it, () =>
      expect(outcome(checkCodeVerifier(c.challenge, c.verifier, isS256))).toBe(c.expect),
    )
})

describe('checkCodeChallenge', () => {
  const off = { enforced: false, enforcedForPublicClients: false }
  const cases = [
    { it: 'accepts S256', challenge, method: 'S256', isPublic: true, policy: off, expect: 'ok' },
    {
      it: 'refuses plain',
      challenge,
      method: 'plain',
      isPublic: true,
      policy: off,
      expect: 'invalid_request',
    },
    {
      it: 'refuses an absent method, which means plain',
      challenge,
      method: undefined,
      isPublic: true,
      policy: off,
      expect: 'invalid_request',
    },
    {
      it: 'refuses an unknown method',
      challenge,
      method: 's256',
      isPublic: true,
      policy: off,
      expect: 'invalid_request',
    },
    {
      it: 'refuses a challenge that no SHA-256 has',
      challenge: `${challenge}=`,
      method: 'S256',
      isPublic: true,
      policy: off,
      expect: 'invalid_request',
    },
    {
      it: 'refuses a method without a challenge',
      challenge: undefined,
      method: 'S256',
      isPublic: false,
      policy: off,
      expect: 'invalid_request',
    },
    {
      it: 'asks nothing unless enforced',
      challenge: undefined,
      method: undefined,
      isPublic: true,
      policy: off,
      expect: 'ok',
    },
    {
      it: 'enforces for all',
      challenge: undefined,
      method: undefined,
      isPublic: false,
      policy: { ...off, enforced: true },
      expect: 'invalid_request',
    },
    {
      it: 'enforces for public clients',
      challenge: undefined,
      method: undefined,
      isPublic: true,
      policy: { ...off, enforcedForPublicClients: true },
      expect: 'invalid_request',
    },
    {
      it: 'spares confidential clients',
      challenge: undefined,
      method: undefined,
      isPublic: false,
      policy: { ...off, enforcedForPublicClients: true },
      expect: 'ok',
    },
  ] as const
  for (const c of cases) {
    it(c.it, () =>
      expect(
        outcome(checkCodeChallenge(c.challenge, c.method, { isPublic: c.isPublic }, c.policy)),
      ).toBe(c.expect),
    )
  }
})
