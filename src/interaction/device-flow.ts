/** The state of a visit to the verification page, as it travels sealed in its challenge and verifier (RFC 8628 §3.3). */

import { after, type ClientId, type FlowId, type GrantId, type Instant } from '../brand.ts'
import type { Services } from '../context.ts'
import { err, ok, type Result } from '../result.ts'
import type { FlowUnavailable } from './flow-codec.ts'

/** A visit, before it is known which device it is about. */
export interface DeviceChallenge {
  /** Names the visit; it ends in one request at most. */
  readonly id: FlowId
  /** Query of the verification URL, user codes masked. */
  readonly query: string
  readonly requestedAt: Instant
  /** Binds the visit to the browser that began it. */
  readonly csrf: string
  /** Where the visit came from, for counting wrong codes; `''` in embedded use. */
  readonly network: string
}

/** The same with the request whose user code was entered. */
export interface DeviceVerifier {
  readonly challenge: DeviceChallenge
  /** Id of the device request. */
  readonly requestId: GrantId
  readonly clientId: ClientId
}

/** Seals a visit for the verification page. */
export function sealDeviceChallenge(
  { sealer }: Pick<Services, 'sealer'>,
  challenge: DeviceChallenge,
): string {
  return sealer.seal('device_challenge', JSON.stringify(challenge))
}

/** Seals a visit with its device for the way back. */
export function sealDeviceVerifier(
  { sealer }: Pick<Services, 'sealer'>,
  verifier: DeviceVerifier,
): string {
  return sealer.seal('device_verifier', JSON.stringify(verifier))
}

type OpenServices = Pick<Services, 'sealer' | 'settings' | 'clock'>

/** Opens a challenge within its time. */
export function openDeviceChallenge(
  services: OpenServices,
  value: string,
): Result<DeviceChallenge, FlowUnavailable> {
  const text = services.sealer.open('device_challenge', value)
  if (text === undefined) return err('unknown')
  const challenge = JSON.parse(text) as DeviceChallenge
  return ranOut(services, challenge) ? err('expired') : ok(challenge)
}

/** Opens a verifier within the time of its challenge. */
export function openDeviceVerifier(
  services: OpenServices,
  value: string,
): Result<DeviceVerifier, FlowUnavailable> {
  const text = services.sealer.open('device_verifier', value)
  if (text === undefined) return err('unknown')
  const verifier = JSON.parse(text) as DeviceVerifier
  return ranOut(services, verifier.challenge) ? err('expired') : ok(verifier)
}

function ranOut({ settings, clock }: OpenServices, { requestedAt }: DeviceChallenge): boolean {
  return after(requestedAt, settings.ttl.loginConsentRequest) < clock()
}
