/** What development mode makes ready: an account and a client. */

import { demoAccount, seedDemoAccount } from '../../accounts/demo-account.ts'
import { asClientId } from '../../brand.ts'
import { createClient, setClient } from '../../clients/manage-client.ts'
import { parseClient, type SentClient } from '../../clients/parse-client.ts'
import type { Services } from '../../context.ts'
import type { Settings } from '../../settings.ts'

/** A public client: everybody may know its id, and it has no secret to leak. */
export const demoClientId = asClientId('firebrand-demo')

/** All that the demo asks for. */
export const demoScope = 'openid profile email offline_access'

/** Where the demo client gets its answers. */
export function demoRedirectUri(settings: Pick<Settings, 'publicUrl'>): string {
  return `${settings.publicUrl}/ui/demo/callback`
}

/** What was made ready, for the terminal. */
export interface Demo {
  readonly email: string
  readonly password: string
  readonly clientId: string
}

/**
 * Creates the demo account and the demo client, or corrects the client when the public address changed. Harmless to
 * repeat, also from several processes.
 *
 * @returns `undefined` outside development mode, where it does nothing.
 * @throws when the client is refused, which would be a bug.
 */
export async function seedDemo(services: Services): Promise<Demo | undefined> {
  if (!services.settings.dev) return undefined
  await seedDemoAccount(services)
  await seedDemoClient(services)
  return { email: demoAccount.email, password: demoAccount.password, clientId: demoClientId }
}

async function seedDemoClient(services: Services): Promise<void> {
  const existing = await services.storage.clients.find(demoClientId)
  const redirectUri = demoRedirectUri(services.settings)
  if (existing?.client.redirect_uris.includes(redirectUri) === true) return
  const sent = demoClient(services.settings)
  const written =
    existing === undefined
      ? await createClient(services, sent)
      : await setClient(services, demoClientId, sent)
  // 409: another process was faster.
  if (!written.ok && written.error.status !== 409)
    throw new Error(`the demo client was refused: ${written.error.description}`)
}

function demoClient(settings: Settings): SentClient {
  const parsed = parseClient({
    client_id: demoClientId,
    client_name: 'Firebrand Demo',
    redirect_uris: [demoRedirectUri(settings)],
    post_logout_redirect_uris: [`${settings.publicUrl}/`],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    scope: `${demoScope} offline`,
    token_endpoint_auth_method: 'none',
  })
  if (!parsed.ok) throw new Error(`the demo client cannot be read: ${parsed.error.description}`)
  return parsed.value
}
