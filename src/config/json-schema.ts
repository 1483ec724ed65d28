/** The JSON Schema of the configuration and the list of its keys, both made from the Zod schema. */

import { z } from 'zod'
import { configSchema } from './schema.ts'

/** The parts of a JSON Schema that are read here. */
export interface SchemaNode {
  readonly type?: string
  readonly title?: string
  readonly description?: string
  readonly examples?: readonly unknown[]
  readonly default?: unknown
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly format?: string
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly properties?: Readonly<Record<string, SchemaNode>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | SchemaNode
  readonly items?: SchemaNode
  readonly anyOf?: readonly SchemaNode[]
  readonly writeOnly?: boolean
}

let built: SchemaNode | undefined

/** The JSON Schema (2020-12) of what may be written in a file. Secrets are `writeOnly`. */
export function jsonSchema(): SchemaNode {
  built ??= z.toJSONSchema(configSchema, {
    io: 'input',
    unrepresentable: 'any',
    // Zod drops examples of values that it transforms; ours are examples of what is written in a file.
    override: ({ zodSchema, jsonSchema }) => {
      const examples = z.globalRegistry.get(zodSchema as unknown as z.ZodType)?.['examples']
      if (Array.isArray(examples)) jsonSchema.examples = examples as unknown[]
    },
  }) as SchemaNode
  return built
}

/** One key, with the path of names that leads to it. */
export interface KeyNode {
  readonly path: readonly string[]
  readonly schema: SchemaNode
}

/** Every key of a schema, parents before their children, in the order of declaration. */
export function keysOf(schema: SchemaNode, path: readonly string[] = []): readonly KeyNode[] {
  return Object.entries(objectOf(schema)?.properties ?? {}).flatMap(([name, child]) => {
    const here = [...path, name]
    return [{ path: here, schema: child }, ...keysOf(child, here)]
  })
}

/** The object form of a key: itself, or the variant of a union that is an object. */
export function objectOf(schema: SchemaNode): SchemaNode | undefined {
  return [schema, ...(schema.anyOf ?? [])].find((each) => each.properties !== undefined)
}

/**
 * Whether what stands at `path` may hold a secret, so that its value must not be printed.
 * True for secrets, for what lies inside them or around them, and for unknown keys (a misspelt secret is one).
 */
export function holdsSecret(path: readonly PropertyKey[]): boolean {
  let node = jsonSchema()
  for (const step of path) {
    if (node.writeOnly === true) return true
    const next = typeof step === 'number' ? node.items : childOf(node, String(step))
    if (next === undefined) return true
    node = next
  }
  return node.writeOnly === true || keysOf(node).some(({ schema }) => schema.writeOnly === true)
}

/** The schema of one key of a section; `undefined` for an unknown one. */
export function childOf(schema: SchemaNode, name: string): SchemaNode | undefined {
  const properties = objectOf(schema)?.properties ?? {}
  return Object.hasOwn(properties, name) ? properties[name] : undefined
}
