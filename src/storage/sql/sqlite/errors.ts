import { StorageUnavailable } from '../../storage.ts'
import { UniqueViolation } from '../engine.ts'

/** Result codes of SQLite (https://sqlite.org/rescode.html); the low byte is the primary code. */
const primary = {
  busy: 5,
  locked: 6,
  noMemory: 7,
  readOnly: 8,
  ioError: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  protocol: 15,
} as const

const uniqueCodes: ReadonlySet<number> = new Set([1555, 2067, 2579])

const outages: ReadonlySet<number> = new Set(Object.values(primary))

function resultCode(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number'
    ? error.errcode
    : undefined
}

/** Another connection holds a lock; the same statement succeeds later. */
export function isBusy(error: unknown): boolean {
  const code = resultCode(error)
  return code !== undefined && ((code & 0xff) === primary.busy || (code & 0xff) === primary.locked)
}

/** The disk, the file or the memory fails; nothing that shares the transaction can succeed. */
export function isOutage(error: unknown): boolean {
  const code = resultCode(error)
  return code !== undefined && outages.has(code & 0xff)
}

/** The error that stores see in place of the driver's, with that as `cause`. */
export function translate(error: unknown): unknown {
  if (isOutage(error))
    return new StorageUnavailable(`SQLite: ${(error as Error).message}`, { cause: error })
  if (uniqueCodes.has(resultCode(error) ?? 0))
    return new UniqueViolation('The key exists already.', { cause: error })
  return error
}
