/** When a request is sent again, and how long that waits. */

import { FirebrandConnectionError, FirebrandError } from './errors.ts'

/** Longer than this is waited by nobody: the caller is told instead. */
const longestMilliseconds = 10_000
const firstMilliseconds = 200

/**
 * How long to wait before the next attempt; `undefined` when there is no use in one. Only connections that failed and
 * refusals that name a time are worth it: 429 and 503 with `Retry-After` (RFC 9110 §10.2.3).
 *
 * @param attempt 0 after the first failure.
 */
export function retryDelay(failure: unknown, attempt: number): number | undefined {
  if (failure instanceof FirebrandConnectionError) return jitter(firstMilliseconds * 2 ** attempt)
  if (!(failure instanceof FirebrandError)) return undefined
  if (failure.status !== 429 && failure.status !== 503) return undefined
  const asked = retryAfter(failure.response.headers.get('retry-after'))
  return asked === undefined || asked > longestMilliseconds
    ? undefined
    : asked + jitter(firstMilliseconds)
}

/** Milliseconds; the field holds seconds or a date. */
function retryAfter(field: string | null): number | undefined {
  if (field === null || field === '') return undefined
  const milliseconds = /^\d+$/u.test(field) ? Number(field) * 1000 : Date.parse(field) - Date.now()
  return Number.isNaN(milliseconds) ? undefined : Math.max(milliseconds, 0)
}

/** Between half and all of it, so that many clients do not come back at once. */
function jitter(milliseconds: number): number {
  return Math.min(milliseconds, longestMilliseconds) * (0.5 + Math.random() / 2)
}

/** Waits. Rejects with the signal's reason when that aborts first. */
export function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer)
      reject(reasonOf(signal))
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort)
      resolve()
    }, milliseconds)
    signal?.addEventListener('abort', abort, { once: true })
  })
}

function reasonOf(signal: AbortSignal | undefined): Error {
  return signal?.reason as Error
}
