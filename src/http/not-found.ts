/** The answer to a path or method without a route: negotiated, since people and programs both end up here. */

import { fields } from './respond.ts'
import { page } from './security-headers.ts'

const text = 'No such route. Check the path, the host name and the port.'

const forms = {
  'text/html': (headers: Record<string, string>) =>
    page(404, html, { formAction: 'nowhere' }, headers),
  'text/plain': (headers: Record<string, string>) =>
    new Response(`404 ${text}\n`, {
      status: 404,
      headers: fields({ 'content-type': 'text/plain; charset=utf-8' }, headers),
    }),
  'application/json': (headers: Record<string, string>) =>
    new Response(
      `${JSON.stringify({ error: { code: 404, message: 'Not Found', reason: text } })}\n`,
      {
        status: 404,
        headers: fields({ 'content-type': 'application/json; charset=utf-8' }, headers),
      },
    ),
} as const

const html = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>404 - Not Found</title></head>
<body><h1>404 - Not Found</h1><p>${text}</p></body>
</html>
`

/** 404 as HTML (also without `Accept`), plain text or JSON. `allow` lists the methods of a path that knows others. */
export function notFound(request: Request, allow?: string): Response {
  const form = forms[preferredForm(request.headers.get('accept'))]
  return form(allow === undefined ? {} : { allow })
}

/** RFC 9110 §12.5.1, for three types: the highest weight wins, and the first named among equals. */
function preferredForm(accept: string | null): keyof typeof forms {
  let best: keyof typeof forms = 'text/html'
  let bestWeight = 0
  for (const range of (accept ?? '').toLowerCase().split(',')) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim())
    const weight = Number(parameters.find((each) => each.startsWith('q='))?.slice(2) ?? 1)
    if (isForm(type) && weight > bestWeight) {
      best = type
      bestWeight = weight
    }
  }
  return best
}

function isForm(type: string): type is keyof typeof forms {
  return Object.hasOwn(forms, type)
}
