/**
 * Scope values and the strategies that match them.
 *
 * @see RFC 6749 §3.3
 */

/** Decides whether one of `allowed` covers the `requested` scope. */
export type ScopeStrategy = (allowed: readonly string[], requested: string) => boolean

/** Splits a space-separated scope; empties are dropped and duplicates removed, the order is kept. */
export function parseScope(text: string): readonly string[] {
  if (text === '') return []
  return [...new Set(text.split(/\s+/u).filter((scope) => scope !== ''))]
}

/** Whether a list holds a scope; `OpenID` counts as `openid`. */
export function hasScope(scopes: readonly string[], wanted: string): boolean {
  return scopes.some((scope) => scope.toLowerCase() === wanted)
}

/** Whether a refresh token was granted: OpenID Connect Core §11 names `offline_access`, the Ory API also `offline`. */
export function grantsOfflineAccess(scopes: readonly string[]): boolean {
  return hasScope(scopes, 'offline') || hasScope(scopes, 'offline_access')
}

function matchesExactly(allowed: readonly string[], requested: string): boolean {
  return allowed.includes(requested)
}

/**
 * `*` stands for exactly one non-empty segment between dots; as the last segment for one or more. `foo*` is literal.
 * `foo.*` covers `foo.bar.baz` but not `foo`.
 */
function matchesWildcard(allowed: readonly string[], requested: string): boolean {
  const needle = requested.split('.')
  return allowed.some(
    (pattern) => pattern === requested || coversSegments(pattern.split('.'), needle),
  )
}

function coversSegments(pattern: readonly string[], needle: readonly string[]): boolean {
  if (pattern.length > needle.length) return false
  const endsOpen = pattern.at(-1) === '*'
  if (pattern.length < needle.length && !endsOpen) return false
  return needle.every((segment, index) => {
    const part = pattern[Math.min(index, pattern.length - 1)]
    return part === '*' ? segment !== '' : part === segment
  })
}

/** The strategies of `strategies.scope`. */
export const scopeStrategies = {
  exact: matchesExactly,
  wildcard: matchesWildcard,
} as const satisfies Record<string, ScopeStrategy>

/** The first of `requested` that nothing in `allowed` covers, `undefined` when all are covered. */
export function findForbiddenScope(
  strategy: ScopeStrategy,
  allowed: readonly string[],
  requested: readonly string[],
): string | undefined {
  return requested.find((scope) => !strategy(allowed, scope))
}
