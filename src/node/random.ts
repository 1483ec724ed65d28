import { randomBytes, randomFillSync, randomUUID } from 'node:crypto'
import { instant } from '../brand.ts'
import type { Clock, Random } from '../context.ts'

/** The operating system's clock. */
export const systemClock: Clock = () => instant(Date.now())

/** The generator of node:crypto. */
export const systemRandom: Random = {
  bytes: (n) => randomFillSync(new Uint8Array(n)),
  hex: (n) => randomBytes(n).toString('hex'),
  uuid: () => randomUUID(),
}
