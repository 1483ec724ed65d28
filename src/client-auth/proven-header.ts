/**
 * Remembers which `Authorization` headers proved which client, so that a busy client is not decoded and hashed again for
 * every request. What is kept is a digest under a key of this process, of no use to whoever reads the memory.
 */

import { hash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { asClientId, type ClientId } from '../brand.ts'
import type { Services } from '../context.ts'
import type { ClientRecord, Storage } from '../storage/storage.ts'

interface Proof {
  readonly clientId: ClientId
  /** Hashes of the client when the header proved it; when they changed, the proof is void. */
  readonly secretHash: string
  readonly rotatedSecretHashes: readonly string[]
}

interface Memory {
  readonly key: string
  readonly proofs: LRUCache<string, Proof>
}

const memories = new WeakMap<Storage, Memory>()

function memoryOf({ storage, random }: Pick<Services, 'storage' | 'random'>): Memory {
  const known = memories.get(storage)
  if (known !== undefined) return known
  const memory = { key: random.hex(32), proofs: new LRUCache<string, Proof>({ max: 10_000 }) }
  memories.set(storage, memory)
  return memory
}

/** The client that a header proved before, if its secrets and its method are still the same. */
export async function findProvenClient(
  services: Services,
  authorization: string,
): Promise<ClientRecord | undefined> {
  const { key, proofs } = memoryOf(services)
  const proof = proofs.get(hash('sha256', key + authorization, 'base64'))
  if (proof === undefined) return undefined
  const record = await services.storage.clients.find(proof.clientId)
  const isSame =
    record?.client.token_endpoint_auth_method === 'client_secret_basic' &&
    record.secretHash === proof.secretHash &&
    record.rotatedSecretHashes.length === proof.rotatedSecretHashes.length &&
    record.rotatedSecretHashes.every((text, index) => text === proof.rotatedSecretHashes[index])
  return isSame ? record : undefined
}

/** Notes that a header proved a client with `client_secret_basic`. */
export function rememberProof(
  services: Services,
  authorization: string,
  record: ClientRecord,
): void {
  const { key, proofs } = memoryOf(services)
  const { secretHash, rotatedSecretHashes } = record
  const clientId = asClientId(record.client.client_id)
  proofs.set(hash('sha256', key + authorization, 'base64'), {
    clientId,
    secretHash,
    rotatedSecretHashes,
  })
}
