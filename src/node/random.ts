import { randomFillSync, randomUUID } from 'node:crypto'
import { instant } from '../brand.ts'
import type { Clock, Random } from '../context.ts'

/** The operating system's clock. */
export const systemClock: Clock = () => instant(Date.now())

const pool = new Uint8Array(4096)
let used = pool.length

/** Random bytes by the piece cost ten times more than from a pool. A piece is wiped from the pool when it is handed out. */
function bytes(n: number): Uint8Array<ArrayBuffer> {
  if (n > pool.length / 8) return randomFillSync(new Uint8Array(n))
  if (used + n > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  const piece = pool.slice(used, used + n)
  pool.fill(0, used, used + n)
  used += n
  return piece
}

/** The generator of node:crypto. */
export const systemRandom: Random = {
  bytes,
  hex: (n) => Buffer.from(bytes(n).buffer).toString('hex'),
  uuid: () => randomUUID(),
}
