/** Lists that come in pages. */

import type { ApiResponse } from './operation.ts'
import type { Parameters } from './request.ts'

/** Yields the items of one page after another, following the `Link` header (RFC 8288). */
export async function* itemsOf(
  parameters: Parameters,
  page: (parameters: Parameters) => Promise<ApiResponse<unknown>>,
): AsyncGenerator<unknown, void, undefined> {
  let asked = parameters
  for (;;) {
    const { data, headers } = await page(asked)
    yield* Array.isArray(data) ? (data as readonly unknown[]) : []
    const next = nextPageToken(headers)
    if (next === undefined || next === asked['page_token']) return
    asked = { ...asked, page_token: next }
  }
}

/** `page_token` of the link to the next page; `undefined` on the last one. */
export function nextPageToken(headers: Headers): string | undefined {
  for (const link of (headers.get('link') ?? '').split(/,\s*(?=<)/u)) {
    const target = /^<([^>]*)>.*;\s*rel="?next"?/u.exec(link)?.[1]
    if (target === undefined) continue
    return new URL(target, 'http://server').searchParams.get('page_token') ?? undefined
  }
  return undefined
}
