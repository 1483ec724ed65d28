/** The reference of the client: one page for each operation, and an index. */

import { readFile } from 'node:fs/promises'
import { isRepeatable, parametersType } from './client-source.ts'
import { examples } from './examples.ts'
import {
  apiDocument,
  operations,
  resolve,
  schemas,
  type JsonSchema,
  type Operation,
} from './operations.ts'
import { typeName, typeOf } from './typescript.ts'
import type { OpenApiDocument } from '../../src/http/openapi.ts'

const banner = '<!-- Generated from the endpoints of the server by npm run fix. Do not edit. -->'

export interface Page {
  /** Path from the project's root. */
  readonly file: string
  readonly content: () => Promise<string>
}

/** Every page of docs/client. */
export function clientPages(): readonly Page[] {
  const document = apiDocument()
  const all = operations(document)
  return [
    { file: 'docs/client/README.md', content: async () => renderIndex(document, all) },
    ...all.map((operation) => ({
      file: `docs/client/${operation.name}.md`,
      content: () => renderPage(document, operation),
    })),
  ]
}

const groups: Readonly<Record<string, string>> = {
  oAuth2: 'OAuth 2.0',
  oidc: 'OpenID Connect',
  jwk: 'JSON Web Keys',
  wellknown: 'Well-known URLs',
  metadata: 'Health and version',
}

function renderIndex(document: OpenApiDocument, all: readonly Operation[]): string {
  const tables = Object.entries(groups).map(([tag, title]) => {
    const rows = all
      .filter((each) => each.tag === tag)
      .map(({ name, method, path, summary }) => {
        return `| [${name}](${name}.md) | \`${method} ${path}\` | ${summary} |`
      })
    return `## ${title}\n\n| method | request | what it does |\n|---|---|---|\n${rows.join('\n')}\n`
  })
  const models = Object.entries(schemas(document)).map(([name, schema]) =>
    renderModel(name, schema),
  )
  return `# The client

${banner}

\`firebrand/client\` is the typed client of the API. It needs nothing but \`fetch\`, and works in Node.js, Bun and browsers, with Firebrand and with
every server that speaks the Ory OAuth2 API.

\`\`\`ts
import { createFirebrandClient, FirebrandError } from 'firebrand/client'

const client = createFirebrandClient({
  publicUrl: 'https://auth.example.org',
  adminUrl: 'http://127.0.0.1:4445', // or baseUrl, where one origin serves both
  accessToken: () => readToken(), // of the admin API: a value or a function
})

try {
  const { redirect_to } = await client.acceptOAuth2LoginRequest({
    login_challenge: challenge,
    body: { subject: 'ada' },
  })
} catch (error) {
  if (error instanceof FirebrandError) console.error(error.status, error.code, error.description)
}
\`\`\`

- A method takes one object, path and query parameters under their names on the wire and \`body\`, and then options for this call:
  \`signal\`, \`accessToken\`, \`credentials\`, \`headers\`, \`query\`, \`timeoutMilliseconds\`, \`retries\`.
- \`client.raw.getOAuth2Client({ id })\` answers with \`{ data, status, headers }\`.
- \`for await (const item of client.items.listOAuth2Clients())\` walks all pages of a list.
- A refusal throws \`FirebrandError\`: \`status\`, \`code\`, \`description\`, \`body\`, \`response\`. No answer throws \`FirebrandConnectionError\`.
- A request that changes nothing on a second arrival is sent again, twice at most: after a connection that failed, and after 429 and 503 that name
  a time. Each page says whether its operation is one.
- Redirects are not followed. The endpoints that answer with one belong to a browser.

${tables.join('\n')}
## Types

Members are optional unless marked.

${models.join('\n')}`
}

function renderModel(name: string, schema: JsonSchema): string {
  const heading = `### ${typeName(name)}\n`
  if (schema.properties === undefined) return `${heading}\n\`${typeOf(schema)}\`\n`
  return `${heading}\n${memberTable(schema)}\n`
}

function memberTable({ properties = {}, required = [] }: JsonSchema): string {
  const rows = Object.entries(properties).map(([name, schema]) => {
    const mark = required.includes(name) ? ' (required)' : ''
    return `| \`${name}\`${mark} | ${cell(shortType(schema))} | ${schema.description ?? ''} |`
  })
  return `| member | type | |\n|---|---|---|\n${rows.join('\n')}`
}

/** On one line: objects within objects are named, not spelled out. */
function shortType(schema: JsonSchema): string {
  return typeOf(schema).replaceAll('readonly ', '').replaceAll(/\s+/gu, ' ')
}

function cell(type: string): string {
  return `\`${type.replaceAll('|', '\\|')}\``
}

async function renderPage(document: OpenApiDocument, operation: Operation): Promise<string> {
  const { name, summary, method, path, result } = operation
  const type = result === undefined ? 'nothing' : linked(typeOf(result))
  const example = await exampleSource(name)
  return [
    `# ${name}\n\n${banner}\n\n${summary}: \`${method} ${path}\`, ${placeOf(operation)}.\n`,
    parametersOf(operation),
    bodyOf(document, operation),
    `## Answer\n\n${type}${result === undefined ? '' : `, with status ${successes(operation)}`}.\n`,
    `## Errors\n\n${errorsOf(operation)}\n`,
    `## Example\n\n\`\`\`ts\n${example}\`\`\`\n`,
  ]
    .filter((part) => part !== '')
    .join('\n')
}

function placeOf(operation: Operation): string {
  const credentials = {
    none: 'without credentials',
    basic: 'with `credentials` of a client',
    bearer: 'with an `accessToken`',
  }[operation.credentials]
  const again = isRepeatable(operation) ? 'may be sent again' : 'is sent once'
  return `of the ${operation.listener} API, ${credentials}; ${again}`
}

function successes({ responses }: Operation): string {
  return Object.keys(responses)
    .filter((status) => Number(status) < 400)
    .join(' or ')
}

function parametersOf(operation: Operation): string {
  if (parametersType(operation) === undefined) return ''
  const rows = operation.parameters.map(({ name, in: place, required, description, schema }) => {
    const mark = required === true ? ' (required)' : ''
    return `| \`${name}\`${mark} | ${place} | ${cell(shortType(schema))} | ${description ?? ''} |`
  })
  if (operation.body !== undefined) {
    const mark = operation.body.required ? ' (required)' : ''
    rows.push(
      `| \`body\`${mark} | ${operation.body.contentType} | ${linked(typeOf(operation.body.schema))} | |`,
    )
  }
  return `## Parameters\n\n| name | in | type | |\n|---|---|---|---|\n${rows.join('\n')}\n`
}

function bodyOf(document: OpenApiDocument, { body }: Operation): string {
  if (body === undefined) return ''
  const schema = resolve(document, body.schema)
  return schema.properties === undefined ? '' : `## Body\n\n${memberTable(schema)}\n`
}

function errorsOf({ responses }: Operation): string {
  const rows = Object.entries(responses)
    .filter(([status]) => Number(status) >= 400)
    .map(([status, { description }]) => `| ${status} | ${description} |`)
  return rows.length === 0 ? 'None of its own.' : `| status | why |\n|---|---|\n${rows.join('\n')}`
}

/** A named type leads to its description in the index. */
function linked(type: string): string {
  return /^\w+$/u.test(type) && /^[A-Z]/u.test(type)
    ? `[${type}](README.md#${type.toLowerCase()})`
    : cell(type)
}

/** The body of the example's function, with what it is given in the first line. */
async function exampleSource(name: string): Promise<string> {
  if (!(name in examples)) return '// no example yet\n'
  const source = await readFile(new URL('./examples.ts', import.meta.url), 'utf8')
  const pattern = new RegExp(`^ {2}async ${name}\\(([^)]*)\\) \\{\\n([^]*?)^ {2}\\},$`, 'mu')
  const [, given = '', body = ''] = pattern.exec(source) ?? []
  const names = /\{([^}]*)\}/u.exec(given)?.[1]?.trim().replace(/,$/u, '')
  const comment = names === undefined ? '' : `// given: ${names.replaceAll(/\s+/gu, ' ')}\n`
  return comment + body.replaceAll(/^ {4}/gmu, '')
}
