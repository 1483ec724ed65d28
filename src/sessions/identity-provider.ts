/** The session behind ours: an Ory Kratos whose session ends together with it. */

import type { Services } from '../context.ts'

/** Ends the session at the identity provider, if there is one. A failure is logged: our own session is over all the same. */
export async function disableIdentityProviderSession(
  { settings, outgoing, log }: Pick<Services, 'settings' | 'outgoing' | 'log'>,
  id: string,
): Promise<void> {
  const provider = settings.identityProvider
  if (provider === undefined || id === '') return
  const response = await outgoing.fetch({
    url: `${provider.url}/admin/sessions/${encodeURIComponent(id)}`,
    method: 'DELETE',
    headers: provider.headers,
    body: undefined,
    ...settings.limits.outgoing.identityProvider,
  })
  const reason = response.ok ? `it answered ${response.value.status}` : response.error
  if (!response.ok || response.value.status >= 300) {
    log.warn({ reason }, 'the session at the identity provider could not be ended')
  }
}
