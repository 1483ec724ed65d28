/** Writes the generated part of the client: the types of the API and one line for each operation. */

import { apiDocument, operations, schemas, type JsonSchema, type Operation } from './operations.ts'
import { membersOf, typeName, typeOf } from './typescript.ts'

const banner = '// Generated from the endpoints of the server by npm run fix. Do not edit.\n'

/** Content of src/sdk/models.generated.ts. */
export async function renderClientModels(): Promise<string> {
  const models = Object.entries(schemas(apiDocument())).map(([name, schema]) =>
    modelOf(name, schema),
  )
  return `${banner}\n${models.join('\n')}`
}

/** Content of src/sdk/client.ts, the entry point. */
export async function renderClientEntry(): Promise<string> {
  const names = Object.keys(schemas(apiDocument())).map((name) => `  ${typeName(name)},\n`)
  return `/**
 * \`firebrand/client\`: the client of the API, without dependencies. It works with every server that speaks the Ory OAuth2 API.
 */
${banner}
export { createFirebrandClient } from './create-client.ts'
export type {
  ClientLocation,
  ClientOptions,
  ClientSettings,
  FirebrandClient,
  RawApi,
} from './create-client.ts'
export { FirebrandConnectionError, FirebrandError } from './errors.ts'
export type {
  ApiResponse,
  CallOptions,
  ClientCredentials,
  FormFields,
  Provided,
} from './operation.ts'
export type { Api, Items } from './operations.generated.ts'
export type {
${names.join('')}} from './models.generated.ts'
`
}

function modelOf(name: string, schema: JsonSchema): string {
  const comment = `/** ${schema.title ?? schema.description ?? `\`${name}\` of the API document.`} */\n`
  return schema.type === 'object' && schema.properties !== undefined
    ? `${comment}export interface ${typeName(name)} {\n${membersOf(schema)}}\n`
    : `${comment}export type ${typeName(name)} = ${typeOf(schema)}\n`
}

/** Content of src/sdk/operations.generated.ts. */
export async function renderClientOperations(): Promise<string> {
  const all = operations(apiDocument())
  const models = [...new Set(all.flatMap(modelsIn))].sort()
  return [
    banner,
    `import type {\n${models.map((name) => `  ${name},\n`).join('')}} from './models.generated.ts'`,
    `import type { CallOptions, FormFields, OperationTable } from './operation.ts'\n`,
    '/** The operations of the API. Each answers with the body, and throws `FirebrandError` for a refusal. */',
    `export interface Api {\n${all.map(methodOf).join('\n')}}\n`,
    '/** The lists of the API, item by item over all pages. */',
    `export interface Items {\n${all
      .filter(({ item }) => item !== undefined)
      .map(itemsOf)
      .join('\n')}}\n`,
    '/** How each operation travels. */',
    `export const operations: OperationTable<keyof Api> = {\n${all.map(rowOf).join('')}}\n`,
  ].join('\n')
}

function modelsIn(operation: Operation): readonly string[] {
  const names = [
    ...operation.parameters.map(({ schema }) => schema),
    ...[operation.body?.schema, operation.result, operation.item].filter(
      (schema) => schema !== undefined,
    ),
  ]
  return [
    ...names
      .map(typeOf)
      .join(' ')
      .matchAll(/\b[A-Z]\w+/gu),
  ]
    .map(([name]) => name)
    .filter((name) => name !== 'Readonly' && name !== 'Record')
}

/** The type of an operation's first argument; `undefined` when it takes none. */
export function parametersType({ parameters, body }: Operation): string | undefined {
  const members = parameters.map(({ name, required = false, description, schema }) => {
    const comment = description === undefined ? '' : `/** ${description} */ `
    const type = typeOf(schema)
    return `${comment}readonly ${name}${required ? `: ${type}` : `?: ${type} | undefined`}`
  })
  if (body !== undefined) {
    const isForm = body.contentType === 'application/x-www-form-urlencoded'
    const type = isForm ? `${typeOf(body.schema)} & FormFields` : typeOf(body.schema)
    members.push(`readonly body${body.required ? `: ${type}` : `?: ${type} | undefined`}`)
  }
  return members.length === 0 ? undefined : `{ ${members.join('; ')} }`
}

function signature(operation: Operation): string {
  const type = parametersType(operation)
  if (type === undefined) return 'options?: CallOptions'
  const needed =
    operation.body?.required === true ||
    operation.parameters.some(({ required }) => required === true)
  return `parameters${needed ? '' : '?'}: ${type}, options?: CallOptions`
}

function methodOf(operation: Operation): string {
  const { name, summary, method, path, result } = operation
  const type = result === undefined ? 'undefined' : typeOf(result)
  return `  /** ${summary}: \`${method} ${path}\`. */\n  ${name}(${signature(operation)}): Promise<${type}>\n`
}

function itemsOf(operation: Operation): string {
  const { name, summary, item = {} } = operation
  return `  /** ${summary}, page after page. */\n  ${name}(${signature(operation)}): AsyncIterable<${typeOf(item)}>\n`
}

function rowOf(operation: Operation): string {
  const { name, method, path, listener, credentials, parameters, body, responses } = operation
  const row = {
    method,
    path,
    listener,
    credentials,
    takesParameters: parametersType(operation) !== undefined,
    query: parameters.filter((each) => each.in === 'query').map((each) => each.name),
    ...(body === undefined ? {} : { contentType: body.contentType }),
    answers: Object.keys(responses)
      .map(Number)
      .filter((status) => status < 400),
    repeatable: isRepeatable(operation),
  }
  return `  ${name}: ${JSON.stringify(row)},\n`
}

/** Operations whose second arrival changes something, although their method says otherwise, and probes, which want to know now. */
const neverRepeated = new Set(['setOidcDynamicClient', 'isAlive', 'isReady'])

/** Operations that change nothing on a second arrival, although they are POSTs. */
const repeatedPosts = new Set(['introspectOAuth2Token', 'revokeOAuth2Token'])

/** Whether a request may be sent again when nobody knows whether it arrived (RFC 9110 §9.2.2). */
export function isRepeatable({ name, method }: Operation): boolean {
  if (neverRepeated.has(name)) return false
  return ['GET', 'PUT', 'DELETE'].includes(method) || repeatedPosts.has(name)
}
