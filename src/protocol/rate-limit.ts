/**
 * Limits of requests over time, by the generic cell rate algorithm: a full allowance may be used at once, and comes back evenly.
 * One number is kept for each caller: the moment at which the whole allowance will be there again.
 *
 * @see RFC 6585 §4, draft-ietf-httpapi-ratelimit-headers
 */

/** An allowance: so many requests in so many milliseconds. 0 requests means that there is no limit. */
export interface RatePolicy {
  readonly requests: number
  readonly perMilliseconds: number
}

/** Why a request was refused: which limit, and how long to wait. */
export interface RateLimited {
  /** Name of the limit in the configuration. */
  readonly limit: string
  readonly policy: RatePolicy
  readonly retryAfterSeconds: number
}

/** What is left of an allowance after a request that was let through. */
export interface RateAllowance {
  /** Name of the limit in the configuration. */
  readonly limit: string
  readonly policy: RatePolicy
  /** Requests that could follow at once. */
  readonly remaining: number
  /** Until the whole allowance is there again. */
  readonly resetSeconds: number
}

/** Told of the allowance of a request that a limit let through. */
export type NoteAllowance = (allowance: RateAllowance) => void

/** What a request did to the state of its caller. */
export type Taken =
  | { readonly allowed: true; readonly fullAt: number }
  | { readonly allowed: false; readonly waitMilliseconds: number }

/** Takes one request out of the allowance. @param fullAt state of the caller, `undefined` for a new one. */
export function takeOne(policy: RatePolicy, fullAt: number | undefined, now: number): Taken {
  const { perMilliseconds } = policy
  // A clock that was set back must not lock anybody out for longer than a whole allowance takes.
  const owed = Math.min(Math.max((fullAt ?? now) - now, 0), perMilliseconds)
  const next = owed + perMilliseconds / policy.requests
  // Sums of fractions may be off by their last digits.
  if (next > perMilliseconds + 1e-3)
    return { allowed: false, waitMilliseconds: next - perMilliseconds }
  return { allowed: true, fullAt: now + next }
}

/** Puts one request back. */
export function giveOneBack(policy: RatePolicy, fullAt: number): number {
  return fullAt - policy.perMilliseconds / policy.requests
}

/** What is left of the allowance of a caller whose state is `fullAt`. */
export function allowanceOf(
  limit: string,
  policy: RatePolicy,
  { fullAt, now }: { readonly fullAt: number; readonly now: number },
): RateAllowance {
  const { requests, perMilliseconds } = policy
  const owed = Math.max(fullAt - now, 0)
  // Sums of fractions may be off by their last digits.
  const remaining = Math.floor(((perMilliseconds - owed) / perMilliseconds) * requests + 1e-6)
  return { limit, policy, remaining, resetSeconds: Math.ceil(owed / 1000) }
}

function policyField(limit: string, { requests, perMilliseconds }: RatePolicy): string {
  return `"${limit}";q=${requests};w=${Math.ceil(perMilliseconds / 1000)}`
}

/** `Retry-After` and the fields of the IETF draft, for a refusal. */
export function rateLimitHeaders(refusal: RateLimited): Readonly<Record<string, string>> {
  const { limit, policy, retryAfterSeconds } = refusal
  return {
    'retry-after': String(retryAfterSeconds),
    'ratelimit-policy': policyField(limit, policy),
    ratelimit: `"${limit}";r=0;t=${retryAfterSeconds}`,
  }
}

/** The fields of the IETF draft, for a request that was let through. */
export function allowanceHeaders(allowance: RateAllowance): Readonly<Record<string, string>> {
  const { limit, policy, remaining, resetSeconds } = allowance
  return {
    'ratelimit-policy': policyField(limit, policy),
    ratelimit: `"${limit}";r=${remaining};t=${resetSeconds}`,
  }
}
