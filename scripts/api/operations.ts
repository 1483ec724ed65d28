/** The operations of the API document, taken apart for the generators of the client and of its reference. */

import { adminEndpoints } from '../../src/http/admin/endpoints.ts'
import { openApiDocument, type OpenApiDocument } from '../../src/http/openapi.ts'
import { publicEndpoints } from '../../src/http/public/endpoints.ts'

/** A JSON Schema as the document holds it. */
export interface JsonSchema {
  readonly $ref?: string
  readonly title?: string
  readonly description?: string
  readonly type?: string | readonly string[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
  readonly allOf?: readonly JsonSchema[]
  readonly items?: JsonSchema
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: JsonSchema | boolean
}

export interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query'
  readonly required?: boolean
  readonly description?: string
  readonly schema: JsonSchema
}

interface Content {
  readonly [contentType: string]: { readonly schema: JsonSchema }
}

export interface ResponseObject {
  readonly description: string
  readonly content?: Content
}

interface OperationObject {
  readonly operationId: string
  readonly summary: string
  readonly tags?: readonly string[]
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly required?: boolean; readonly content: Content }
  readonly responses: Readonly<Record<string, ResponseObject>>
  readonly security?: readonly Readonly<Record<string, unknown>>[]
}

/** How the client proves who it is: the names of docs/client. */
export type Credentials = 'none' | 'basic' | 'bearer'

export interface Operation {
  readonly name: string
  readonly summary: string
  readonly tag: string
  readonly method: string
  readonly path: string
  readonly listener: 'public' | 'admin'
  readonly credentials: Credentials
  readonly parameters: readonly Parameter[]
  readonly body:
    | { readonly contentType: string; readonly schema: JsonSchema; readonly required: boolean }
    | undefined
  readonly responses: Readonly<Record<string, ResponseObject>>
  /** Schema of the successful answer; `undefined` when it has no body. */
  readonly result: JsonSchema | undefined
  /** Schema of one item when the answer is a page of a list. */
  readonly item: JsonSchema | undefined
}

/** The document of everything that a server serves. */
export function apiDocument(): OpenApiDocument {
  return openApiDocument([...publicEndpoints, ...adminEndpoints])
}

/** Content of docs/openapi.json. */
export async function renderApiDocument(): Promise<string> {
  return `${JSON.stringify(apiDocument(), null, 2)}\n`
}

/** The component schemas by their names. */
export function schemas(document: OpenApiDocument): Readonly<Record<string, JsonSchema>> {
  return document.components.schemas
}

/** Every operation, by name. */
export function operations(document: OpenApiDocument): readonly Operation[] {
  const ofPublic = new Set(publicEndpoints.map(({ operationId }) => operationId))
  const found = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, each]) => {
      const operation = each as unknown as OperationObject
      const listener = ofPublic.has(operation.operationId) ? 'public' : 'admin'
      return describe(document, operation, { method: method.toUpperCase(), path, listener })
    }),
  )
  return found.sort((a, b) => (a.name < b.name ? -1 : 1))
}

type Place = Pick<Operation, 'method' | 'path' | 'listener'>

function describe(document: OpenApiDocument, object: OperationObject, place: Place): Operation {
  const { operationId, summary, tags = [], parameters = [], responses } = object
  const success = Object.entries(responses).find(([status]) => status.startsWith('2'))
  const result = schemaOf(success?.[1])
  return {
    ...place,
    name: operationId,
    summary: summary.replace(/\.$/u, ''),
    tag: tags[0] ?? '',
    credentials: credentialsOf(object, place),
    parameters,
    body: bodyOf(object),
    responses,
    result,
    item: parameters.some(({ name }) => name === 'page_token')
      ? itemOf(document, result)
      : undefined,
  }
}

function bodyOf({ requestBody }: OperationObject): Operation['body'] {
  const [contentType, content] = Object.entries(requestBody?.content ?? {})[0] ?? []
  return contentType === undefined || content === undefined
    ? undefined
    : { contentType, schema: content.schema, required: requestBody?.required ?? false }
}

function itemOf(document: OpenApiDocument, result: JsonSchema | undefined): JsonSchema | undefined {
  const list = result === undefined ? undefined : resolve(document, result)
  return list?.type === 'array' ? list.items : undefined
}

/** Operations whose credentials the API document does not name, as official ones do not. */
const unnamedCredentials: Readonly<Record<string, Credentials>> = {
  createVerifiableCredential: 'bearer',
  oAuth2DeviceFlow: 'basic',
}

function credentialsOf(
  { operationId, security = [], tags = [] }: OperationObject,
  place: Place,
): Credentials {
  const unnamed = unnamedCredentials[operationId]
  if (unnamed !== undefined) return unnamed
  if (security.some((each) => 'basic' in each)) return 'basic'
  if (security.some((each) => 'bearer' in each || 'oauth2' in each)) return 'bearer'
  const isProbe = tags.includes('metadata') && place.listener === 'public'
  return place.listener === 'admin' && !isProbe ? 'bearer' : 'none'
}

function schemaOf(response: ResponseObject | undefined): JsonSchema | undefined {
  return Object.values(response?.content ?? {})[0]?.schema
}

/** Follows a reference to a component. */
export function resolve(document: OpenApiDocument, schema: JsonSchema): JsonSchema {
  return schema.$ref === undefined
    ? schema
    : (schemas(document)[componentOf(schema.$ref)] ?? schema)
}

/** `oAuth2Client` of `#/components/schemas/oAuth2Client`. */
export function componentOf(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1)
}
