/** Writing a client while others may write it too. */

import type { ClientId } from '../brand.ts'
import type { Services } from '../context.ts'
import { apiError } from '../protocol/api-error.ts'
import type { OAuthError } from '../protocol/oauth-error.ts'
import { err, ok, type Result } from '../result.ts'
import { StorageUnavailable, type ClientRecord } from '../storage/storage.ts'

/** What managing clients needs of the server. */
export type ClientServices = Pick<
  Services,
  'settings' | 'storage' | 'sealer' | 'random' | 'clock' | 'outgoing' | 'keys'
>

const maxAttempts = 20

/**
 * Reads a client, lets `decide` make the next record of it, and stores that unless somebody else was faster; then it
 * starts again with what they stored.
 *
 * @param decide may be called several times. It must not change the `version`, and stores nothing itself.
 * @returns the stored record; `unknown_resource` when there is no such client; or the failure of `decide`.
 * @throws StorageUnavailable when others are faster every time.
 */
export async function changeClient<T extends { readonly record: ClientRecord }>(
  { storage }: ClientServices,
  id: ClientId,
  decide: (record: ClientRecord) => Promise<Result<T, OAuthError>>,
): Promise<Result<T, OAuthError>> {
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const current = await storage.clients.find(id)
    if (current === undefined) return err(apiError('unknown_resource'))
    const next = await decide(current)
    if (!next.ok) return next
    const stored = await storage.clients.replace(next.value.record, current.version)
    if (stored.ok) return ok(next.value)
    if (stored.error === 'not_found') return err(apiError('unknown_resource'))
  }
  throw new StorageUnavailable('the client is written by others all the time')
}
