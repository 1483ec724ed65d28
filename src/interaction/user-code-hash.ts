/** User codes as the database knows them. */

import { createHmac } from 'node:crypto'
import type { Random } from '../context.ts'
import { normalizeUserCode } from '../protocol/user-code.ts'
import type { Settings } from '../settings.ts'

/**
 * Keyed hashes of a code, one for each of `secrets.system`: the first is stored, any may be found. A user code is short enough to
 * be guessed from a hash without a key.
 */
export function userCodeHashes(
  { secrets }: Pick<Settings, 'secrets'>,
  userCode: string,
): readonly string[] {
  const code = normalizeUserCode(userCode)
  return secrets.system.map((secret) => {
    const key = createHmac('sha256', secret.reveal()).update('user code').digest()
    return createHmac('sha256', key).update(code).digest('base64url')
  })
}

/** A uniformly distributed whole number below `limit`, at most 65536. */
export function drawBelow(random: Random, limit: number): number {
  const uniform = 65_536 - (65_536 % limit)
  for (;;) {
    const [high = 0, low = 0] = random.bytes(2)
    const value = high * 256 + low
    if (value < uniform) return value % limit
  }
}
