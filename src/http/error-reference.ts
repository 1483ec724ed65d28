/** The text of docs/errors.md, made from the two tables of failures. */

import { apiErrors } from '../protocol/api-error.ts'
import { oauthErrorCodes } from '../protocol/oauth-error.ts'

/** Markdown that lists every `error` that the server writes, with its HTTP status, its specification and its meaning. */
export function renderErrorReference(): string {
  const oauth = Object.entries(oauthErrorCodes).map(([code, { status, spec, description }]) =>
    row(`\`${code}\``, String(status), spec, description),
  )
  const api = Object.values(apiErrors).map(({ code, status, meaning }) =>
    row(`\`${code}\``, String(status), meaning),
  )
  return `${introduction}
## Codes of OAuth 2.0 and OpenID Connect

${row('`error`', 'Status', 'Defined in', '`error_description` begins with')}
${row('---', '---', '---', '---')}
${oauth.join('\n')}

## Failures of the management API

${row('`error`', 'Status', 'When')}
${row('---', '---', '---')}
${api.join('\n')}
`
}

const introduction = `# Errors

<!-- Generated from src/protocol/oauth-error.ts and src/protocol/api-error.ts by npm run fix. Do not edit. -->

Failures are JSON, \`{"error": "…", "error_description": "…"}\` (RFC 6749 §5.2), or parameters of the redirect URI where the
authorization endpoint may redirect (RFC 6749 §4.1.2.1). The status is that of the JSON form. A description may go on with a
hint for the client's developer. A login or consent app may reject a request with codes of its own.
`

function row(...cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}
