/** Writes to the storage named by its argument until it is killed, and prints each id after its write was acknowledged. */

import { randomUUID } from 'node:crypto'
import { asProjectId, asTokenId, instant } from '../../src/brand.ts'
import { openStorage } from '../../src/storage/sql/open.ts'

const [dsn = ''] = process.argv.slice(2)
const log = { info() {}, warn() {} }
const storage = await openStorage({ dsn, projectId: asProjectId('writer'), log, migrate: true })

async function writeForEver(): Promise<never> {
  for (;;) {
    const id = randomUUID()
    await storage.tokens.revoke(asTokenId(id), instant(Date.now()))
    process.stdout.write(`${id}\n`)
  }
}

await Promise.all(Array.from({ length: 32 }, writeForEver))
