import type { Outgoing } from '../context.ts'
import type { KeyRing } from '../keys/key-ring.ts'
import type { Client } from '../protocol/client.ts'
import type { Settings } from '../settings.ts'
import type { ClientDraft } from './client-draft.ts'

/** What the rules of client metadata look at. */
export interface Candidate {
  readonly draft: ClientDraft
  /** The client before this write, `undefined` for a new one. */
  readonly before: Client | undefined
  /** A secret that the caller chose; `undefined` when the secret is generated or stays. */
  readonly chosenSecret: string | undefined
  readonly settings: Settings
  readonly outgoing: Outgoing
  readonly keys: Pick<KeyRing, 'signingKey'>
}
