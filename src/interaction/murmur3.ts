/** MurmurHash3 x86-32, which names the CSRF cookie of a client. Not for security. */

function mix(block: number): number {
  const k = Math.imul(block, 0xcc_9e_2d_51)
  return Math.imul((k << 15) | (k >>> 17), 0x1b_87_35_93)
}

/** Hashes the UTF-8 bytes of `text` with seed 0 to an unsigned 32-bit number. */
export function murmur3(text: string): number {
  const bytes = new TextEncoder().encode(text)
  const view = new DataView(bytes.buffer)
  const blocks = bytes.length >> 2
  let hash = 0
  for (let i = 0; i < blocks; i++) {
    hash ^= mix(view.getInt32(i * 4, true))
    hash = (hash << 13) | (hash >>> 19)
    hash = (Math.imul(hash, 5) + 0xe6_54_6b_64) | 0
  }
  let tail = 0
  for (let i = bytes.length - 1; i >= blocks * 4; i--) tail = (tail << 8) | (bytes[i] ?? 0)
  if (bytes.length % 4 !== 0) hash ^= mix(tail)
  return finish(hash ^ bytes.length)
}

function finish(value: number): number {
  let hash = value
  hash = Math.imul(hash ^ (hash >>> 16), 0x85_eb_ca_6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2_b2_ae_35)
  return (hash ^ (hash >>> 16)) >>> 0
}
