/** Refuses a request that a rate limit does not let through, before its endpoint sees it. */

import { rateLimitHeaders, type RateLimited } from '../protocol/rate-limit.ts'
import { tooManyRequests } from '../protocol/too-many-requests.ts'
import { oauthErrorResponse } from './errors.ts'
import { spokenBy, type Spoken } from './page-words.ts'
import { page } from './security-headers.ts'

/** 429: a page for browsers, JSON for programs. */
export function tooManyRequestsResponse(request: Request, refusal: RateLimited): Response {
  if (!(request.headers.get('accept') ?? '').includes('text/html'))
    return oauthErrorResponse(tooManyRequests(refusal))
  const headers = { ...rateLimitHeaders(refusal), 'cache-control': 'no-store' }
  return page(
    429,
    html(spokenBy(request, queryOf(request)), refusal),
    { formAction: 'nowhere' },
    headers,
  )
}

function html({ lang, words }: Spoken, { retryAfterSeconds }: RateLimited): string {
  return `<!doctype html>
<html lang="${lang}">
<head><meta charset="utf-8"><title>${words.tooMany}</title></head>
<body><h1>${words.tooMany}</h1><p>${words.tooManyAdvice(retryAfterSeconds)}</p></body>
</html>
`
}

/** Without parsing the rest of the address, which may have a `Host` that is none. */
function queryOf({ url }: Request): URLSearchParams {
  const start = url.indexOf('?')
  return new URLSearchParams(start < 0 ? '' : url.slice(start))
}
