/** Gathers what the result page shows: every token looked at from all sides. */

import type { Services } from '../../context.ts'
import type { FormBinding } from '../pages/form-parts.ts'
import type { Check, DemoResultPage } from '../pages/demo-result.ts'
import type { Self } from '../self.ts'
import { waitText } from '../wait-text.ts'
import { introspect, userinfo } from './client.ts'
import type { TokenMemory } from './memory.ts'
import { resultSnippets } from './snippets.ts'
import type { VerifiedIdToken } from './verify.ts'

/** View model of the result. `refreshForm` binds the button that uses the refresh token. */
export async function demoResult(
  services: Services,
  self: Self,
  tokens: TokenMemory,
  refreshForm: FormBinding,
): Promise<DemoResultPage> {
  const { accessToken, idToken, refreshToken } = tokens
  // The whole of jose is needed here only, and starting must be quick.
  const { verifyIdToken: verify } = await import('./verify.ts')
  const verified =
    idToken === undefined ? undefined : await verify(services, self, { ...tokens, idToken })
  const [introspection, claims] = await Promise.all([
    introspect(self, accessToken),
    verified === undefined ? undefined : userinfo(self, accessToken),
  ])
  const { publicUrl } = services.settings
  return {
    subject: subjectOf(verified, introspection),
    checks: [
      ...requestChecks(tokens),
      ...(verified?.checks ?? []),
      {
        label: 'Introspection',
        passed: member(introspection, 'active') === true,
        detail: 'The server says that the access token is active.',
      },
      ...userinfoCheck(claims, verified),
    ],
    idToken:
      verified === undefined
        ? undefined
        : { raw: idToken ?? '', header: pretty(verified.header), claims: pretty(verified.claims) },
    accessToken: { raw: accessToken, expires: lifetime(services, tokens), scope: tokens.scope },
    introspection: pretty(introspection),
    userinfo: claims === undefined ? undefined : pretty(claims),
    refresh:
      refreshToken === undefined ? undefined : { form: refreshForm, count: tokens.refreshes },
    runAgainUrl: `${publicUrl}/ui/demo/start`,
    signOutUrl: signOutUrl(publicUrl, idToken),
    snippets: resultSnippets(publicUrl, self.adminUrl, accessToken),
  }
}

function requestChecks({ refreshes }: TokenMemory): readonly Check[] {
  return [
    { label: 'State', passed: true, detail: 'The answer belonged to the request of this browser.' },
    { label: 'Code exchange', passed: true, detail: 'With the PKCE verifier (S256).' },
    ...(refreshes === 0
      ? []
      : [{ label: 'Refresh', passed: true, detail: 'New tokens; the former ones have ended.' }]),
  ]
}

/** OpenID Connect Core §5.3.2: the subjects must be the same. */
function userinfoCheck(claims: unknown, verified: VerifiedIdToken | undefined): readonly Check[] {
  if (verified === undefined) return []
  return [
    {
      label: 'Userinfo',
      passed: member(claims, 'sub') === verified.claims.sub,
      detail: 'The access token opens it, and the subject is that of the ID token.',
    },
  ]
}

function subjectOf(verified: VerifiedIdToken | undefined, introspection: unknown): string {
  const candidates = [verified?.claims['email'], verified?.claims.sub, member(introspection, 'sub')]
  return candidates.find((each) => typeof each === 'string') ?? 'an unknown subject'
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? new Map<string, unknown>(Object.entries(value)).get(name)
    : undefined
}

function lifetime({ clock }: Services, { expiresAt }: TokenMemory): string {
  const seconds = Math.floor((expiresAt - clock()) / 1000)
  return seconds > 0 ? `Valid for ${waitText(seconds)}` : 'Expired'
}

function pretty(value: unknown): string {
  return JSON.stringify(value, null, 2)
}

function signOutUrl(publicUrl: string, idToken: string | undefined): string {
  const endpoint = `${publicUrl}/oauth2/sessions/logout`
  if (idToken === undefined) return endpoint
  const params = new URLSearchParams({
    id_token_hint: idToken,
    post_logout_redirect_uri: `${publicUrl}/`,
  })
  return `${endpoint}?${params.toString()}`
}
