/** Device codes: the sealed id of a device request (RFC 8628 §3.2). */

import { asGrantId, type GrantId } from '../brand.ts'
import type { Services } from '../context.ts'

/** `grant_type` of RFC 8628 §3.4. */
export const deviceCodeGrantType = 'urn:ietf:params:oauth:grant-type:device_code'

type SealServices = Pick<Services, 'sealer'>

/** Makes the `device_code` of a request. */
export function mintDeviceCode({ sealer }: SealServices, id: GrantId): string {
  return sealer.seal('device_code', id)
}

/** Opens a device code; `undefined` when this server did not make it. */
export function openDeviceCode({ sealer }: SealServices, value: string): GrantId | undefined {
  const id = sealer.open('device_code', value)
  return id === undefined ? undefined : asGrantId(id)
}
