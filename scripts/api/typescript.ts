/** TypeScript types of JSON Schemas. */

import { componentOf, type JsonSchema } from './operations.ts'

/** `OAuth2Client` of the component `oAuth2Client`: the names that official SDKs use. */
export function typeName(component: string): string {
  return component.charAt(0).toUpperCase() + component.slice(1)
}

/** The type of a schema, on one line unless it is an object with members. */
export function typeOf(schema: JsonSchema): string {
  if (schema.$ref !== undefined) return typeName(componentOf(schema.$ref))
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum !== undefined) return schema.enum.map((each) => JSON.stringify(each)).join(' | ')
  const alternatives = schema.anyOf ?? schema.oneOf
  if (alternatives !== undefined) return unionOf(alternatives.map(typeOf))
  if (Array.isArray(schema.type)) {
    return unionOf((schema.type as readonly string[]).map((type) => typeOf({ ...schema, type })))
  }
  return plainType(schema)
}

const plainTypes: Readonly<Record<string, (schema: JsonSchema) => string>> = {
  string: () => 'string',
  boolean: () => 'boolean',
  null: () => 'null',
  integer: () => 'number',
  number: () => 'number',
  array: ({ items = {} }) => `readonly ${parenthesized(typeOf(items))}[]`,
  object: objectType,
}

function plainType(schema: JsonSchema): string {
  return typeof schema.type === 'string'
    ? (plainTypes[schema.type]?.(schema) ?? 'unknown')
    : 'unknown'
}

function objectType(schema: JsonSchema): string {
  if (schema.properties !== undefined) return `{\n${membersOf(schema)}}`
  const { additionalProperties } = schema
  const value = typeof additionalProperties === 'object' ? typeOf(additionalProperties) : 'unknown'
  return `Readonly<Record<string, ${value}>>`
}

/** The members of an object, with what the schema says about them. */
export function membersOf({ properties = {}, required = [] }: JsonSchema): string {
  return Object.entries(properties)
    .map(([name, schema]) => {
      const comment = schema.description === undefined ? '' : `  /** ${schema.description} */\n`
      const type = typeOf(schema)
      return required.includes(name)
        ? `${comment}  readonly ${name}: ${type}\n`
        : `${comment}  readonly ${name}?: ${unionOf([type, 'undefined'])}\n`
    })
    .join('')
}

function unionOf(types: readonly string[]): string {
  return types.includes('unknown') ? 'unknown' : [...new Set(types)].join(' | ')
}

function parenthesized(type: string): string {
  return type.includes('|') || type.startsWith('readonly ') ? `(${type})` : type
}
