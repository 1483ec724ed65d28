/** Refuses a request that a rate limit does not let through, before its endpoint sees it. */

import { rateLimitHeaders, type RateLimited } from '../protocol/rate-limit.ts'
import { tooManyRequests } from '../protocol/too-many-requests.ts'
import { oauthErrorResponse } from './errors.ts'
import { page } from './security-headers.ts'

/** 429: a page for browsers, JSON for programs. */
export function tooManyRequestsResponse(request: Request, refusal: RateLimited): Response {
  if (!(request.headers.get('accept') ?? '').includes('text/html'))
    return oauthErrorResponse(tooManyRequests(refusal))
  const headers = { ...rateLimitHeaders(refusal), 'cache-control': 'no-store' }
  return page(429, html(refusal.retryAfterSeconds), { formAction: 'nowhere' }, headers)
}

const html = (seconds: number) => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Too many requests</title></head>
<body><h1>Too many requests</h1><p>Too many requests come from your network. Wait ${seconds} seconds, then try again.</p></body>
</html>
`
