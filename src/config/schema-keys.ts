/** Every key of the configuration and how its environment variable is parsed. Read from Zod itself: starting must be quick. */

import { z } from 'zod'
import { configSchema } from './schema.ts'

/** `list`: of texts. `json`: maps, and unions with one. */
export type ValueKind = 'text' | 'boolean' | 'number' | 'list' | 'json'

/** A key of the configuration and the kind of its value. */
export interface ConfigKey {
  readonly path: readonly string[]
  readonly kind: ValueKind
}

/** All keys, parents before their children. */
export function configKeys(): readonly ConfigKey[] {
  return keysBelow(configSchema, [])
}

function keysBelow(object: z.ZodObject, path: readonly string[]): readonly ConfigKey[] {
  return Object.entries(object.shape as z.core.$ZodShape).flatMap(([name, child]) => {
    const here = [...path, name]
    const type = written(child)
    const inner = objectIn(type)
    const below = inner === undefined ? [] : keysBelow(inner, here)
    return [{ path: here, kind: kindOf(type, inner !== undefined) }, ...below]
  })
}

/** What may be written for a type, without what is done to it: defaults, optionality and transforms. */
function written(type: z.core.$ZodType): z.core.$ZodType {
  if (type instanceof z.ZodPipe) return written(type.in)
  const wraps =
    type instanceof z.ZodOptional || type instanceof z.ZodDefault || type instanceof z.ZodPrefault
  return wraps ? written(type.unwrap()) : type
}

/** The map that a type is or allows. */
function objectIn(type: z.core.$ZodType): z.ZodObject | undefined {
  const options = type instanceof z.ZodUnion ? type.options : [type]
  return options.map(written).find((option) => option instanceof z.ZodObject)
}

function kindOf(type: z.core.$ZodType, hasObject: boolean): ValueKind {
  if (hasObject || type instanceof z.ZodRecord) return 'json'
  if (type instanceof z.ZodBoolean) return 'boolean'
  if (type instanceof z.ZodNumber) return 'number'
  return type instanceof z.ZodArray ? 'list' : 'text'
}
