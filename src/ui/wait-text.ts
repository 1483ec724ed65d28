/** Spans of time in words. */

/** Rounds up: `40 seconds`, `1 minute`, `12 minutes`. */
export function waitText(seconds: number): string {
  if (seconds < 60) return count(seconds, 'second')
  return count(Math.ceil(seconds / 60), 'minute')
}

function count(amount: number, unit: string): string {
  return amount === 1 ? `1 ${unit}` : `${amount} ${unit}s`
}
