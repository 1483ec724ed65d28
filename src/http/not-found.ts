/** The answer to a path or method without a route: negotiated, since people and programs both end up here. */

import { fields, text } from './respond.ts'
import { page } from './security-headers.ts'

/** Makes the answer for people. @param headers what it must carry. */
export type NotFoundPage = (headers: Readonly<Record<string, string>>, request: Request) => Response

const hint = 'No such route. Check the path, the host name and the port.'

/** For listeners without pages of their own. */
const plainPage: NotFoundPage = (headers) => page(404, html, { formAction: 'nowhere' }, headers)

const forms = {
  'text/plain': (headers) =>
    text(404, `404 ${hint}\n`, fields({ 'content-type': 'text/plain; charset=utf-8' }, headers)),
  'application/json': (headers) =>
    text(
      404,
      `${JSON.stringify({ error: { code: 404, message: 'Not Found', reason: hint } })}\n`,
      fields({ 'content-type': 'application/json; charset=utf-8' }, headers),
    ),
} satisfies Record<string, NotFoundPage>

type Form = 'text/html' | keyof typeof forms

const html = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>404 - Not Found</title></head>
<body><h1>404 - Not Found</h1><p>${hint}</p></body>
</html>
`

/** 404 as HTML (also without `Accept`), plain text or JSON. `allow` lists the methods of a path that knows others. */
export function notFound(
  request: Request,
  showPage: NotFoundPage = plainPage,
  allow?: string,
): Response {
  const form = preferredForm(request.headers.get('accept'))
  const answer = form === 'text/html' ? showPage : forms[form]
  return answer(allow === undefined ? {} : { allow }, request)
}

/** RFC 9110 §12.5.1, for three types: the highest weight wins, and the first named among equals. */
function preferredForm(accept: string | null): Form {
  let best: Form = 'text/html'
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

function isForm(type: string): type is Form {
  return type === 'text/html' || Object.hasOwn(forms, type)
}
