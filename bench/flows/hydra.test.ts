import { describe, expect, it } from 'vitest'
import type { Operation } from '../case.ts'
import type { Answer } from '../load/wire.ts'
import { hydraDialect } from './hydra.ts'

const client = { id: 'app', secret: 's e' }
const dialect = hydraDialect(
  { opaque: client, jwt: client, codeFlow: client },
  { adminOrigin: 'admin', adminToken: 'admin-token', clientsPage: undefined },
)

function redirect(location: string, ...cookies: string[]): Answer {
  const lines = [`Location: ${location}`, ...cookies.map((cookie) => `Set-Cookie: ${cookie}`)]
  return { status: 302, head: ['HTTP/1.1 302 Found', ...lines].join('\r\n'), body: '' }
}

function json(body: object): Answer {
  return { status: 200, head: 'HTTP/1.1 200 OK', body: JSON.stringify(body) }
}

const tokens = { access_token: 'a', refresh_token: 'r', id_token: 'i' }

const answers = [
  redirect('https://login.example/login?login_challenge=LC%3D', 'csrf=1; Path=/; Secure'),
  json({ redirect_to: 'https://op.example/oauth2/auth?x=1&login_verifier=LV' }),
  redirect('https://login.example/consent?consent_challenge=CC', 'session=2; Max-Age=9'),
  json({ redirect_to: 'https://op.example/oauth2/auth?x=1&consent_verifier=CV' }),
  redirect('https://rp.example/callback?code=AC&state=x'),
  json(tokens),
]

/** Drives an operation with canned answers; returns what it sent and what it returned. */
function play<T>(operation: Operation<T>, canned: readonly Answer[]): { sent: string[]; value: T } {
  const sent: string[] = []
  let step = operation.next(undefined as never)
  for (const answer of canned) {
    if (step.done === true) throw new Error('it ended early')
    sent.push(`${step.value.origin} ${step.value.request}`)
    step = operation.next(answer)
  }
  if (step.done !== true) throw new Error('it wants more answers')
  return { sent, value: step.value }
}

describe('the code flow of a Hydra-compatible server', () => {
  const { sent, value } = play(dialect.codeFlow(), answers)

  it('takes six requests and returns the tokens', () => {
    expect(sent.map((each) => each.split(/[ ?]/, 3).join(' '))).toEqual([
      'public GET /oauth2/auth',
      'admin PUT /admin/oauth2/auth/requests/login/accept',
      'public GET /oauth2/auth',
      'admin PUT /admin/oauth2/auth/requests/consent/accept',
      'public GET /oauth2/auth',
      'public POST /oauth2/token',
    ])
    expect(value).toEqual(tokens)
  })

  it('hands the challenges and verifiers on as they came', () => {
    expect(sent[1]).toContain('login_challenge=LC%3D ')
    expect(sent[2]).toContain('GET /oauth2/auth?x=1&login_verifier=LV HTTP')
    expect(sent[3]).toContain('consent_challenge=CC ')
    expect(sent[5]).toContain('code=AC&')
  })

  it('keeps the cookies of the browser and the admin token apart', () => {
    expect(sent[2]).toContain('\r\nCookie: csrf=1\r\n')
    expect(sent[4]).toContain('\r\nCookie: csrf=1; session=2\r\n')
    expect(sent[1]).not.toContain('Cookie')
    expect(sent[1]).toContain('\r\nAuthorization: Bearer admin-token\r\n')
  })

  it('form-encodes both halves of the Basic credentials (RFC 6749 section 2.3.1)', () => {
    expect(sent[5]).toContain(`Basic ${btoa('app:s%20e')}`)
  })

  it('fails at an error redirect and at an error page', () => {
    const denied = redirect('https://rp.example/callback?error=access_denied')
    expect(() => play(dialect.codeFlow(), [...answers.slice(0, 4), denied])).toThrow('no code')
    const broken = { status: 500, head: 'HTTP/1.1 500 Error', body: 'boom' }
    expect(() => play(dialect.codeFlow(), [broken])).toThrow('expected a redirect, got 500')
  })
})
