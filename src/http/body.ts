/** Reads request bodies within a limit. */

import { parseJson } from '../protocol/json.ts'
import { apiError } from '../protocol/api-error.ts'
import { err, ok, type Result } from '../result.ts'
import { oauthErrorResponse } from './errors.ts'

/** How many bytes a body may have. */
export interface BodyLimits {
  readonly maxBodyBytes: number
}

/** The same, and how deep JSON may nest. */
export interface JsonLimits extends BodyLimits {
  readonly maxJsonDepth: number
}

/**
 * Reads the body as UTF-8 text. A body beyond the limit is not read to its end.
 *
 * A body that states its length is read in one piece, since the HTTP parser delivers no more than was stated.
 */
export async function readText(
  request: Request,
  limits: BodyLimits,
): Promise<Result<string, 'too_large'>> {
  const stated = request.headers.get('content-length')
  if (stated !== null) {
    if (!(Number(stated) <= limits.maxBodyBytes)) return err('too_large')
    const text = await request.text()
    return text.length <= limits.maxBodyBytes ? ok(text) : err('too_large')
  }
  const bytes = await readStream(request, limits)
  return bytes.ok ? ok(new TextDecoder().decode(bytes.value)) : bytes
}

/** Reads the body as bytes. A body beyond the limit is not read to its end. */
export async function readBytes(
  request: Request,
  limits: BodyLimits,
): Promise<Result<Uint8Array<ArrayBuffer>, 'too_large'>> {
  const stated = request.headers.get('content-length')
  if (stated !== null && !(Number(stated) <= limits.maxBodyBytes)) return err('too_large')
  return readStream(request, limits)
}

async function readStream(
  request: Request,
  { maxBodyBytes }: BodyLimits,
): Promise<Result<Uint8Array<ArrayBuffer>, 'too_large'>> {
  const chunks: Uint8Array[] = []
  let size = 0
  const body = request.body as ReadableStream<Uint8Array> | null
  const reader = body?.getReader()
  for (;;) {
    const { done = true, value } = (await reader?.read()) ?? {}
    if (done || value === undefined) break
    size += value.byteLength
    if (size > maxBodyBytes) {
      await reader?.cancel()
      return err('too_large')
    }
    chunks.push(value)
  }
  const bytes = new Uint8Array(size)
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.byteLength
  }
  return ok(bytes)
}

/**
 * Reads the body as one JSON value, whatever the content type says; bytes behind the value are ignored.
 *
 * @param failure what a body that cannot be decoded is answered with.
 * @returns the response to send: 400 for an empty or undecodable body or one nested too deeply, 413 for one
 *   beyond the limit.
 */
export async function readJson(
  request: Request,
  limits: JsonLimits,
  failure: 'malformed_request' | 'undecodable' = 'malformed_request',
): Promise<Result<unknown, Response>> {
  const malformed = (reason: string) =>
    err(oauthErrorResponse(apiError(failure, `Unable to decode the request body: ${reason}.`)))
  const text = await readText(request, limits)
  if (!text.ok) return err(tooLarge())
  if (text.value.trim() === '') return malformed('unexpected end of input')
  const end = endOfValue(text.value, limits.maxJsonDepth)
  if (end === 'too_deep') return malformed('the value is nested too deeply')
  try {
    return ok(parseJson(end === undefined ? text.value : text.value.slice(0, end)))
  } catch (error) {
    if (error instanceof SyntaxError) return malformed('it is not valid JSON')
    throw error
  }
}

/** The response to a body beyond the limit. */
export function tooLarge(): Response {
  return oauthErrorResponse(apiError('too_large'))
}

/** Whether JSON text nests deeper than anything this API has, so that walking it might exhaust the stack. */
export function nestsTooDeep(
  text: string,
  { maxJsonDepth }: Pick<JsonLimits, 'maxJsonDepth'>,
): boolean {
  return endOfValue(text, maxJsonDepth) === 'too_deep'
}

/** Index behind the object or array that the text starts with; `undefined` for other or unfinished values. */
function endOfValue(text: string, maxDepth: number): number | 'too_deep' | undefined {
  let depth = 0
  let inString = false
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at)
    if (inString) {
      if (character === '\\') at += 1
      else if (character === '"') inString = false
      continue
    }
    depth += depthChange(character)
    if (depth > maxDepth) return 'too_deep'
    if (character === '"') inString = true
    if (depth === 0) {
      if (character === '}' || character === ']') return at + 1
      if (!/\s/u.test(character)) return undefined
    }
  }
  return undefined
}

function depthChange(character: string): number {
  if (character === '{' || character === '[') return 1
  return character === '}' || character === ']' ? -1 : 0
}
