/** Builds responses with the content types of the API. */

import { plainParts, plainResponse } from './plain-response.ts'

/** Headers of a response; pairs when a name repeats, as `set-cookie` may. */
export type HeaderFields =
  | Readonly<Record<string, string>>
  | readonly (readonly [name: string, value: string])[]

/** A JSON body with `application/json; charset=utf-8`. `headers` are added and may replace the content type. */
export function json(status: number, body: unknown, headers?: HeaderFields): Response {
  return text(
    status,
    JSON.stringify(body),
    fields({ 'content-type': 'application/json; charset=utf-8' }, headers),
  )
}

/** 204 without a body and without a content type. */
export function noContent(headers?: HeaderFields): Response {
  return plainResponse(204, null, fields({}, headers))
}

/**
 * A redirect without a body: 302 for hops of the server itself, 303 back to a client.
 * Characters that a header cannot carry are percent-encoded, everything else is sent byte for byte.
 */
export function redirect(
  status: 302 | 303 | 307,
  location: string,
  headers?: HeaderFields,
): Response {
  return plainResponse(status, null, fields({ location: headerSafe(location) }, headers))
}

/** A response with a body of text, in memory. */
export function text(
  status: number,
  body: string,
  headers: Record<string, string> | Headers,
): Response {
  return plainResponse(status, body, headers)
}

/** Bytes of the body of a response that is in memory; 0 for others. */
export function sizeOf(response: Response): number {
  return plainParts(response)?.bytes ?? 0
}

/** Merges header fields; names in lower case. One plain record is the cheapest form for the Node listener. */
export function fields(
  base: Readonly<Record<string, string>>,
  more?: HeaderFields,
): Record<string, string> | Headers {
  if (more === undefined) return { ...base }
  if (!isPairs(more)) return { ...base, ...more }
  const headers = new Headers(base)
  const own = new Set<string>()
  for (const [name, value] of more) {
    if (own.has(name)) headers.append(name, value)
    else headers.set(name, value)
    own.add(name)
  }
  return headers
}

/** Header fields as pairs. */
export function pairsOf(more: HeaderFields = {}): readonly (readonly [string, string])[] {
  return isPairs(more) ? more : Object.entries(more)
}

function isPairs(more: HeaderFields): more is readonly (readonly [string, string])[] {
  return Array.isArray(more)
}

function headerSafe(location: string): string {
  return location.replaceAll(/[^\u0021-\u007E]+/gu, (text) => encodeURI(text.toWellFormed()))
}
