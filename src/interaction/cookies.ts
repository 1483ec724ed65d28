/** Cookies of the browser-facing flows as values; the HTTP layer writes the headers. */

/** One `Set-Cookie` to be. */
export interface CookieChange {
  readonly name: string
  /** `''` with `maxAgeSeconds` 0 deletes the cookie. */
  readonly value: string
  readonly maxAgeSeconds: number
  readonly path: string
  /** The twin for browsers that misread `SameSite=None`: the attribute is left out. */
  readonly withoutSameSite?: boolean
  /** Read by the script of a page that clients frame: not `HttpOnly`, and sent in frames of other sites where that is possible. */
  readonly isForFrames?: boolean
}

/** The cookies a browser sent, by name; of several with one name the first counts (RFC 6265 §5.4). */
export type Cookies = ReadonlyMap<string, string>

/** Parses a `Cookie` header. Values are taken as they are; pairs without a name are passed over. */
export function parseCookies(header: string | null): Cookies {
  const cookies = new Map<string, string>()
  for (const pair of (header ?? '').split(';')) {
    const at = pair.indexOf('=')
    const name = pair.slice(0, Math.max(at, 0)).trim()
    if (name !== '' && !cookies.has(name)) cookies.set(name, pair.slice(at + 1).trim())
  }
  return cookies
}
