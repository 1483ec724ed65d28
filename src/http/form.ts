/**
 * Reads the parameters that an OAuth request carries in its body.
 *
 * @see RFC 6749 Appendix B, WHATWG URL Standard `application/x-www-form-urlencoded`
 */

import { oauthError, type OAuthError } from '../protocol/oauth-error.ts'
import { repeatableParameters, repeatedParameter } from '../protocol/parameters.ts'
import { err, ok, type Result } from '../result.ts'
import { readBytes, readText, type BodyLimits } from './body.ts'

/** Parameters of a form; a name that was not sent is absent. */
export interface Form {
  /** Value of a parameter, the first one where repeating is allowed; `undefined` when it was not sent. */
  get(name: string): string | undefined
  /** Every value of a parameter in the order sent. */
  all(name: string): readonly string[]
  /** Names in the order of first appearance. */
  names(): readonly string[]
}

/** What may be sent: how many bytes and parameters, and which names more than once (`audience` and `resource` if not said). */
export interface FormLimits extends BodyLimits {
  readonly maxFormParameters: number
  readonly repeatable?: ReadonlySet<string>
}

/**
 * Reads an urlencoded or multipart body. Without a content type, or with another one, the form is empty and the body
 * is left alone.
 *
 * @returns `invalid_request` for a body beyond the limit, broken percent-encoding, a raw `;`, broken multipart, or a
 *   parameter sent more than once (RFC 6749 §3.2).
 */
export async function readForm(
  request: Request,
  limits: FormLimits,
): Promise<Result<Form, OAuthError>> {
  const type = mediaType(request.headers.get('content-type'))
  if (type === 'application/x-www-form-urlencoded') {
    const text = await readText(request, limits)
    return text.ok ? parseForm(text.value, limits) : tooLarge()
  }
  if (type === 'multipart/form-data') return readMultipart(request, limits)
  return ok(new ParsedForm())
}

/** Parses an urlencoded body or query under the rules of {@link readForm}. */
export function parseForm(
  text: string,
  { maxFormParameters, repeatable = repeatableParameters }: Omit<FormLimits, 'maxBodyBytes'>,
): Result<Form, OAuthError> {
  if (text.includes(';')) return malformed('it contains a raw semicolon')
  const form = new ParsedForm()
  let count = 0
  for (const pair of text.split('&')) {
    if (pair === '') continue
    count += 1
    if (count > maxFormParameters) return malformed('it has too many parameters')
    const at = pair.indexOf('=')
    const name = decode(at < 0 ? pair : pair.slice(0, at))
    const value = at < 0 ? '' : decode(pair.slice(at + 1))
    if (name === undefined || value === undefined) {
      return malformed('its percent-encoding is broken')
    }
    if (!form.add(name, value, repeatable)) return err(repeatedParameter(name))
  }
  return ok(form)
}

async function readMultipart(
  request: Request,
  limits: FormLimits,
): Promise<Result<Form, OAuthError>> {
  const bytes = await readBytes(request, limits)
  if (!bytes.ok) return tooLarge()
  const entries = await multipartEntries(bytes.value, request.headers.get('content-type') ?? '')
  if (entries === undefined) return malformed('it is not valid multipart/form-data')
  if (entries.length > limits.maxFormParameters) return malformed('it has too many parameters')
  const form = new ParsedForm()
  for (const [name, value] of entries) {
    if (typeof value !== 'string') continue
    if (!form.add(name, value, limits.repeatable ?? repeatableParameters))
      return err(repeatedParameter(name))
  }
  return ok(form)
}

async function multipartEntries(
  bytes: Uint8Array<ArrayBuffer>,
  contentType: string,
): Promise<readonly (readonly [string, unknown])[] | undefined> {
  try {
    const response = new Response(bytes, { headers: { 'content-type': contentType } })
    return [...(await response.formData()).entries()]
  } catch (error) {
    // The Fetch Standard reports an undecodable body as a TypeError.
    if (error instanceof TypeError) return undefined
    throw error
  }
}

class ParsedForm implements Form {
  readonly #values = new Map<string, string[]>()

  get(name: string): string | undefined {
    return this.#values.get(name)?.[0]
  }

  all(name: string): readonly string[] {
    return this.#values.get(name) ?? []
  }

  names(): readonly string[] {
    return [...this.#values.keys()]
  }

  /** False when the name is there already and may not repeat. */
  add(name: string, value: string, repeatable: ReadonlySet<string>): boolean {
    const present = this.#values.get(name)
    if (present === undefined) {
      this.#values.set(name, [value])
      return true
    }
    present.push(value)
    return repeatable.has(name)
  }
}

/** Decodes one name or value; `undefined` when an escape is incomplete or not UTF-8. */
function decode(text: string): string | undefined {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text
  if (!spaced.includes('%')) return spaced
  try {
    return decodeURIComponent(spaced)
  } catch (error) {
    if (error instanceof URIError) return undefined
    throw error
  }
}

/** Type and subtype in lower case, without parameters. */
function mediaType(header: string | null): string {
  if (header === null) return ''
  const at = header.indexOf(';')
  return (at < 0 ? header : header.slice(0, at)).trim().toLowerCase()
}

function tooLarge(): Result<never, OAuthError> {
  return malformed('it is larger than this server accepts')
}

function malformed(reason: string): Result<never, OAuthError> {
  return err(oauthError('invalid_request', `Unable to parse the HTTP body: ${reason}.`))
}
