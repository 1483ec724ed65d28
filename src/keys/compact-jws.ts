/**
 * The one form of a JWS that is taken: compact, in canonical base64url, without extensions.
 *
 * @see RFC 7515 §4.1.11 and §7.1, RFC 4648 §3.5, RFC 7519 §5.1, RFC 8725 §3.11
 */

import { decodeProtectedHeader } from 'jose/decode/protected_header'

/** What a header says about the key and about the kind of JWT. */
export interface JwsHeader {
  readonly alg: string
  readonly kid: string | undefined
  /** Lower-cased, without `application/`; `''` when absent. */
  readonly typ: string
}

const shape = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*$/u

/** Last characters of base64url text whose unused bits are zero, by how many characters the last group has. */
const canonicalEnds: Readonly<Record<number, RegExp>> = {
  0: /$/u,
  2: /[AQgw]$/u,
  3: /[AEIMQUYcgkosw048]$/u,
}

/** Whether text is what an encoder writes: lenient decoders read several texts as the same bytes. */
function isCanonical(text: string): boolean {
  return canonicalEnds[text.length % 4]?.test(text) ?? false
}

/** Encoded, a mark of byte order in front of header or payload: decoders drop it (RFC 8259 §8.1). */
const byteOrderMark = /^(?:[^.]*\.)?77u_/u

/** Whether text consists of three parts in canonical base64url. Payload and signature may be empty. */
function isCompact(text: string): boolean {
  return shape.test(text) && !byteOrderMark.test(text) && text.split('.').every(isCanonical)
}

/**
 * Reads the header of a compact JWS.
 *
 * @returns `undefined` when it is none, when `alg`, `kid` or `typ` is no string, and when it has an extension that must be
 *   understood (`crit`) or a payload that is not encoded (`b64`), since no extension is supported.
 */
export function readJwsHeader(jws: string): JwsHeader | undefined {
  if (!isCompact(jws)) return undefined
  try {
    const { alg, kid, typ, ...rest } = decodeProtectedHeader(jws) as Record<string, unknown>
    if ('crit' in rest || 'b64' in rest) return undefined
    return typeof alg === 'string' && isTextOrAbsent(kid) && isTextOrAbsent(typ)
      ? { alg, kid, typ: (typ ?? '').toLowerCase().replace(/^application\//u, '') }
      : undefined
  } catch {
    return undefined
  }
}

function isTextOrAbsent(value: unknown): value is string | undefined {
  return value === undefined || typeof value === 'string'
}

/**
 * Whether a JWT may be of the kind that is wanted. One that names no kind may, and one with a general type; one that names
 * another kind must not pass for this one.
 *
 * @param kind such as `oauth-authz-req+jwt`; `undefined` where no kind has a name of its own.
 * @see RFC 8725 §3.11 and §3.12
 */
export function mayBeOfKind({ typ }: Pick<JwsHeader, 'typ'>, kind: string | undefined): boolean {
  return !typ.endsWith('+jwt') || typ === kind
}
