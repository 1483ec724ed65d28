/** Consent sessions: grants as operators and end users see them. */

import type { Services } from '../context.ts'
import type { Client } from '../protocol/client.ts'
import type { Grant } from '../protocol/grant.ts'
import { openGrantSession, type GrantSession } from '../tokens/grant-session.ts'

/** A grant with what its session says and the client as it is today. */
export interface ConsentSession {
  readonly grant: Grant
  readonly session: GrantSession
  readonly client: Client
}

/** Opens grants for display; one whose client was deleted in the meantime is left out. */
export async function openConsentSessions(
  services: Pick<Services, 'storage' | 'sealer'>,
  grants: readonly Grant[],
): Promise<readonly ConsentSession[]> {
  const sessions: ConsentSession[] = []
  for (const grant of grants) {
    const record = await services.storage.clients.find(grant.clientId)
    if (record === undefined) continue
    sessions.push({
      grant,
      client: record.client,
      session: openGrantSession(services.sealer, grant.session),
    })
  }
  return sessions
}
