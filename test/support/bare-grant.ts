import { asClientId, asFlowId, asSubject, type GrantId, type Instant } from '../../src/brand.ts'
import type { Grant } from '../../src/protocol/grant.ts'

/** A grant of Alice to `app` that grants nothing, as it is stored before its code is redeemed. It is never purged. */
export function bareGrant(id: GrantId, now: Instant): Grant {
  return {
    id,
    flowId: asFlowId(id),
    clientId: asClientId('app'),
    subject: asSubject('alice'),
    loginSessionId: undefined,
    requestedAt: now,
    handledAt: now,
    skip: false,
    remember: false,
    rememberFor: 0,
    rememberedUntil: undefined,
    requestedScope: [],
    grantedScope: [],
    requestedAudience: [],
    grantedAudience: [],
    session: 'sealed',
    codeExpiresAt: now,
    codeRedeemedAt: undefined,
    tokensRevokedAt: undefined,
    purgeAt: undefined,
  }
}
