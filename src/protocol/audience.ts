/**
 * The `audience` parameter: who the access token is meant for.
 *
 * Values are matched as URLs: same scheme and host, and a path equal to the allowed one or below it.
 *
 * @see RFC 8693 §2.1 for the parameter, the Ory OAuth2 API for its rules
 */

/** One occurrence is split on spaces, several are taken whole; empties are dropped. */
export function parseAudience(values: readonly string[]): readonly string[] {
  const [only, ...others] = values
  const parts = only !== undefined && others.length === 0 ? only.split(' ') : values
  return parts.filter((part) => part !== '')
}

interface Place {
  readonly origin: string
  readonly path: string
}

function place(value: string): Place {
  const match = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)([^?#]*)/iu.exec(value)
  if (match === null) return { origin: '', path: trimSlashes(value) }
  const [, scheme = '', host = '', path = ''] = match
  return { origin: `${scheme.toLowerCase()}://${host}`, path: trimSlashes(path) }
}

function trimSlashes(path: string): string {
  return path.replace(/\/+$/u, '')
}

function covers(allowed: Place, requested: Place): boolean {
  if (allowed.origin !== requested.origin) return false
  // A dot segment would let `/users/../admin` pass for something below `/users`.
  if (requested.path.split('/').some((segment) => /^(?:\.|%2e){1,2}$/iu.test(segment))) return false
  return requested.path === allowed.path || requested.path.startsWith(`${allowed.path}/`)
}

/** The first requested audience that the client may not ask for, `undefined` when all are allowed. */
export function findForbiddenAudience(
  allowed: readonly string[],
  requested: readonly string[],
): string | undefined {
  if (requested.length === 0) return undefined
  const places = allowed.map(place)
  return requested.find((value) => {
    const wanted = place(value)
    return !places.some((candidate) => covers(candidate, wanted))
  })
}
