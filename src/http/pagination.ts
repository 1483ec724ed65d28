/** Pages of a list: `page_size`, `page_token` and the `Link` header (RFC 8288). */

import { z } from 'zod'
import { after, instant, milliseconds } from '../brand.ts'
import { apiError } from '../protocol/api-error.ts'
import type { OAuthError } from '../protocol/oauth-error.ts'
import { err, ok, type Result } from '../result.ts'
import type { EndpointRequest } from './endpoint.ts'

const defaultSize = 100
const maxSize = 500
const tokenLifetime = milliseconds(3_600_000)

/** Query parameters of a list, for its declaration. */
export const pageQuery = {
  page_size: z
    .int()
    .min(1)
    .max(maxSize)
    .default(defaultSize)
    .describe('How many items a page has at most. Larger values are cut.'),
  page_token: z.string().optional().describe('From the `Link` header of the page before.'),
} as const

/** What a request asks for. */
export interface Page {
  /** Path of the list with its `/admin` prefix; a token of one list is of no use for another. */
  readonly route: string
  /** At most this many items. Read one more to know whether a next page exists. */
  readonly size: number
  /** Key of the last item of the page before, as given to {@link linkHeader}; `undefined` on the first page. */
  readonly after: string | undefined
}

/** Short names, since the token travels in URLs. */
interface TokenPayload {
  readonly r: string
  readonly a: string | null
  readonly e: number
}

/** Of a repeated parameter the first value that is not empty counts. */
function parameter(url: URL, name: string): string {
  return url.searchParams.getAll(name).find((value) => value !== '') ?? ''
}

function parseSize(text: string): Result<number, OAuthError> {
  if (text === '') return ok(defaultSize)
  if (!/^[+-]?\d+$/u.test(text))
    return err(apiError('malformed_request', 'The parameter page_size must be an integer.'))
  const size = Number(text)
  return ok(size <= 0 ? defaultSize : Math.min(size, maxSize))
}

function parseToken(
  { services }: EndpointRequest,
  route: string,
  token: string,
): Result<string | undefined, OAuthError> {
  // SDKs that were generated from older API documents send `1` for the first page on every call.
  if (token === '' || token === '1') return ok(undefined)
  const payload = services.sealer.open('page_token', token)
  if (payload === undefined)
    return err(
      apiError('malformed_request', 'Unable to parse the pagination parameters: invalid token.'),
    )
  // Nobody but this server can have sealed it.
  const { r, a, e } = JSON.parse(payload) as TokenPayload
  if (services.clock() >= instant(e))
    return err(
      apiError(
        'malformed_request',
        'Unable to parse the pagination parameters: the token expired.',
      ),
    )
  return r === route ? ok(a ?? undefined) : err(apiError('invalid_page_token'))
}

/** Reads `page_size` (1–500, 100 when absent or not positive, larger values are cut) and `page_token`. */
export function readPage(input: EndpointRequest, route: string): Result<Page, OAuthError> {
  const size = parseSize(parameter(input.url, 'page_size'))
  if (!size.ok) return size
  const token = parseToken(input, route, parameter(input.url, 'page_token'))
  return token.ok ? ok({ route, size: size.value, after: token.value }) : token
}

/**
 * Writes the `Link` header: relative URLs with the query of the request.
 *
 * @param next key of the last item on this page when more follow it, else `undefined`.
 */
export function linkHeader(input: EndpointRequest, page: Page, next: string | undefined): string {
  const { clock, sealer } = input.services
  const expires = after(clock(), tokenLifetime)
  const link = (relation: string, position: string | null) => {
    const payload: TokenPayload = { r: page.route, a: position, e: expires }
    const query = new URLSearchParams(input.url.searchParams)
    query.set('page_size', String(page.size))
    query.set('page_token', sealer.seal('page_token', JSON.stringify(payload)))
    query.sort()
    return `<${page.route}?${query.toString()}>; rel="${relation}"`
  }
  const links = [link('first', null), ...(next === undefined ? [] : [link('next', next)])]
  return links.join(',')
}
