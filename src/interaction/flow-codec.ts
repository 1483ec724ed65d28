/** Seals flow states into challenges and verifiers, and opens them within their time. */

import { after, type Instant } from '../brand.ts'
import type { Services } from '../context.ts'
import { err, ok, type Result } from '../result.ts'
import { decodeFlow, encodeFlow } from './flow-encoding.ts'
import type { FlowKind, FlowStates } from './flow.ts'

/** Longest value that goes into a URL as it is; proxies cut off longer ones. */
const longestInUrl = 1500

/** Marks a value that names a stored row instead of carrying the state. */
const parkedMark = '*'

/** Why a challenge or verifier did not open. */
export type FlowUnavailable = 'unknown' | 'expired'

type FlowServices = Pick<Services, 'sealer' | 'storage' | 'settings' | 'clock' | 'random'>

/** When a flow that started at `requestedAt` runs out: the same clock for login and consent together. */
export function flowExpiry(services: Pick<Services, 'settings'>, requestedAt: Instant): Instant {
  return after(requestedAt, services.settings.ttl.loginConsentRequest)
}

/**
 * Seals a state as a value of its kind. One that would not fit into a URL is stored, sealed, for the lifetime of the flow,
 * and the value is a sealed reference to it.
 */
export async function sealFlow<Kind extends FlowKind>(
  services: FlowServices,
  kind: Kind,
  state: FlowStates[Kind],
): Promise<string> {
  const text = encodeFlow(kind, state)
  const value = services.sealer.seal(kind, text)
  if (value.length <= longestInUrl) return value
  const id = services.random.hex(16)
  const expiresAt = flowExpiry(services, state.start.requestedAt)
  await services.storage.flows.park(id, services.sealer.seal('parked_flow', text), expiresAt)
  return services.sealer.seal(kind, parkedMark + id)
}

/**
 * Opens a value of its kind.
 *
 * @returns `unknown` when it was not sealed by this server as this kind, `expired` when its flow ran out.
 */
export async function openFlow<Kind extends FlowKind>(
  services: FlowServices,
  kind: Kind,
  value: string,
): Promise<Result<FlowStates[Kind], FlowUnavailable>> {
  const opened = services.sealer.open(kind, value)
  if (opened === undefined) return err('unknown')
  const text = opened.startsWith(parkedMark)
    ? await openParked(services, opened.slice(parkedMark.length))
    : opened
  if (text === undefined) return err('expired')
  const state = decodeFlow(kind, text)
  return flowExpiry(services, state.start.requestedAt) < services.clock()
    ? err('expired')
    : ok(state)
}

/**
 * The state behind a value, whatever its age: for telling people how to begin again, never for going on.
 * `undefined` for what this server did not seal, and for stored states, which end with their time.
 */
export function peekFlow<Kind extends FlowKind>(
  services: Pick<FlowServices, 'sealer'>,
  kind: Kind,
  value: string,
): FlowStates[Kind] | undefined {
  const opened = services.sealer.open(kind, value)
  if (opened === undefined || opened.startsWith(parkedMark)) return undefined
  return decodeFlow(kind, opened)
}

async function openParked(services: FlowServices, id: string): Promise<string | undefined> {
  const sealed = await services.storage.flows.findParked(id, services.clock())
  return sealed === undefined ? undefined : services.sealer.open('parked_flow', sealed)
}
