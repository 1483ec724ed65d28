/** What a model of `oidc-provider` keeps; only these members are indexed. */
export interface Payload {
  readonly [member: string]: unknown
  readonly grantId?: string
  readonly userCode?: string
  readonly uid?: string
  consumed?: number
}

/** The interface that `oidc-provider` documents for its adapters. */
export interface Adapter {
  upsert(id: string, payload: Payload, expiresIn: number | undefined): Promise<void>
  find(id: string): Promise<Payload | undefined>
  findByUid(uid: string): Promise<Payload | undefined>
  findByUserCode(userCode: string): Promise<Payload | undefined>
  consume(id: string): Promise<void>
  destroy(id: string): Promise<void>
  revokeByGrantId(grantId: string): Promise<void>
}

/** Makes the adapter of one model over a shared connection. */
export type AdapterFactory = (model: string) => Adapter

/** Seconds between two removals of expired rows. */
export const cleanupIntervalSeconds = 60

export function epochSeconds(): number {
  return Math.floor(Date.now() / 1000)
}
