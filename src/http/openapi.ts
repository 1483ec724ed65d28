/**
 * The API document, made from the endpoints that are served.
 *
 * @see OpenAPI Specification 3.1.0
 */

import { z } from 'zod'
import type { Endpoint, RequestBodyDeclaration, ResponseDeclaration } from './endpoint.ts'
import { json } from './respond.ts'
import { firebrandVersion } from './version.ts'

type JsonSchema = Readonly<Record<string, unknown>>

/** An OpenAPI document as plain data. */
export interface OpenApiDocument {
  readonly openapi: string
  readonly info: JsonSchema
  readonly tags: readonly JsonSchema[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, JsonSchema>>>>
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonSchema>>
    readonly securitySchemes: JsonSchema
  }
}

const tags = [
  { name: 'oAuth2', description: 'OAuth 2.0' },
  { name: 'oidc', description: 'OpenID Connect' },
  { name: 'jwk', description: 'JSON Web Keys' },
  { name: 'wellknown', description: 'Well-known URLs' },
  { name: 'metadata', description: 'Health and version' },
]

const securitySchemes = {
  basic: { type: 'http', scheme: 'basic' },
  bearer: { type: 'http', scheme: 'bearer' },
  oauth2: {
    type: 'oauth2',
    flows: {
      authorizationCode: {
        authorizationUrl: '/oauth2/auth',
        tokenUrl: '/oauth2/token',
        scopes: {
          offline: 'A scope required when requesting refresh tokens (alias for `offline_access`)',
          offline_access: 'A scope required when requesting refresh tokens',
          openid: 'Request an OpenID Connect ID Token',
        },
      },
    },
  },
  oryAccessToken: {
    type: 'http',
    scheme: 'bearer',
    description: 'One of `admin.tokens`, where the server asks for it.',
  },
} as const

/** Requirements by path; paths below `/admin` accept a token of the admin API. */
const security: Readonly<Record<string, readonly JsonSchema[]>> = {
  '/oauth2/register/{id}': [{ bearer: [] }],
  '/oauth2/token': [{ basic: [] }, { oauth2: [] }],
  '/oauth2/revoke': [{ basic: [] }, { oauth2: [] }],
  '/userinfo': [{ oauth2: [] }],
}

/**
 * Builds the document. Endpoints without `operationId` are left out; of several with one `operationId` the first counts.
 * Throws when two different schemas claim one component name.
 */
export function openApiDocument(endpoints: readonly Endpoint[]): OpenApiDocument {
  const components = new Components()
  const paths: Record<string, Record<string, JsonSchema>> = {}
  const seen = new Set<string>()
  for (const endpoint of endpoints) {
    const { operationId } = endpoint
    if (operationId === undefined || seen.has(operationId)) continue
    seen.add(operationId)
    const path = documentedPath(endpoint)
    paths[path] = {
      ...paths[path],
      [endpoint.method.toLowerCase()]: operation(endpoint, operationId, components),
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Firebrand',
      description: 'OAuth 2.0 and OpenID Connect.',
      version: firebrandVersion,
      license: { name: 'Apache 2.0', identifier: 'Apache-2.0' },
    },
    tags,
    paths: sorted(paths),
    components: { schemas: sorted(components.schemas), securitySchemes },
  }
}

/** SDKs ask for health and version at the root. */
function documentedPath({ path, tag }: Endpoint): string {
  return tag === 'metadata' ? path.replace(/^\/admin/u, '') : path
}

function operation(endpoint: Endpoint, operationId: string, components: Components): JsonSchema {
  const parameters = [...pathParameters(endpoint.path), ...queryParameters(endpoint, components)]
  const required =
    security[endpoint.path] ??
    (endpoint.path.startsWith('/admin/') && !endpoint.path.startsWith('/admin/health/')
      ? [{ oryAccessToken: [] }, {}]
      : undefined)
  return {
    operationId,
    summary: endpoint.summary,
    ...(endpoint.tag === undefined ? {} : { tags: [endpoint.tag] }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(endpoint.body === undefined ? {} : { requestBody: requestBody(endpoint.body, components) }),
    responses: Object.fromEntries(
      Object.entries(endpoint.responses).map(([status, each]) => [
        status,
        response(each, components),
      ]),
    ) as unknown,
    ...(required === undefined ? {} : { security: required }),
  }
}

function pathParameters(path: string): readonly JsonSchema[] {
  return [...path.matchAll(/\{(\w+)\}/gu)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
}

function queryParameters({ query }: Endpoint, components: Components): readonly JsonSchema[] {
  if (query === undefined) return []
  return Object.entries(query.shape as Readonly<Record<string, z.ZodType>>).map(
    ([name, schema]) => {
      const { description, ...rest } = components.convert(schema)
      return {
        name,
        in: 'query',
        ...(description === undefined ? {} : { description }),
        ...(schema.safeParse(undefined).success ? {} : { required: true }),
        schema: rest,
      }
    },
  )
}

function requestBody(body: RequestBodyDeclaration, components: Components): JsonSchema {
  return {
    required: body.required,
    content: { [body.contentType]: { schema: components.convert(body.schema) } },
  }
}

function response(
  { description, schema, contentType = 'application/json' }: ResponseDeclaration,
  components: Components,
): JsonSchema {
  return schema === undefined
    ? { description }
    : { description, content: { [contentType]: { schema: components.convert(schema) } } }
}

/** Collects the named schemas that the converted ones refer to. */
class Components {
  readonly schemas: Record<string, JsonSchema> = {}

  /**
   * Converts a schema; every part that carries an `id` becomes a component. Schemas are taken as a sender sees them, so
   * that a member with a default is optional and unknown members are allowed.
   */
  convert(schema: z.ZodType): JsonSchema {
    const { $defs, properties } = z.toJSONSchema(z.object({ root: schema }), {
      target: 'draft-2020-12',
      io: 'input',
      unrepresentable: 'any',
    })
    for (const [name, definition] of Object.entries($defs ?? {})) {
      this.#add(name, withComponentRefs(definition))
    }
    return withComponentRefs(properties?.['root'])
  }

  #add(name: string, named: JsonSchema): void {
    const definition = Object.fromEntries(Object.entries(named).filter(([key]) => key !== 'id'))
    const known = this.schemas[name]
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(definition)) {
      throw new Error(`Two different schemas are named ${name}.`)
    }
    this.schemas[name] = definition
  }
}

function withComponentRefs(schema: unknown): JsonSchema {
  const text = JSON.stringify(schema ?? {}).replaceAll('"#/$defs/', '"#/components/schemas/')
  return JSON.parse(text) as JsonSchema
}

function sorted<T>(record: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** `GET /openapi.json`: the document of everything that is served. */
export function openApiEndpoint(prefix: '' | '/admin', endpoints: readonly Endpoint[]): Endpoint {
  let document: OpenApiDocument | undefined
  return {
    method: 'GET',
    path: `${prefix}/openapi.json`,
    summary: 'The API document',
    responses: { 200: { description: 'An OpenAPI 3.1 document.' } },
    async handle() {
      document ??= openApiDocument(endpoints)
      return json(200, document)
    },
  }
}
