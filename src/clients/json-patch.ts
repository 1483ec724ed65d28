/**
 * JSON Patch as the Ory OAuth2 API applies it: more lenient than RFC 6902 where clients came to rely on it.
 *
 * - `replace` of a member that does not exist creates it.
 * - `add` and such a `replace` create missing parents: an array when the next segment is an index, else an object.
 * - A negative index counts from the end.
 *
 * @see RFC 6902 §4, RFC 6901
 */

import { isRawNumber, parseJson } from '../protocol/json.ts'
import { err, ok, type Result } from '../result.ts'
import type { jsonPatch } from './client-schema.ts'
import type { z } from 'zod'

/** One operation. Whether `value` is there at all matters, hence not just its type. */
export type PatchOperation = z.infer<typeof jsonPatch>

type MutableObject = Record<string, unknown>
type Container = unknown[] | MutableObject

/** A new array is filled up with `null` to the index that is set. More than this is no honest wish. */
const maxPadding = 1000

const anyIndex = /^(?:-|-?\d{1,9})$/u

function containerOf(value: unknown): Container | undefined {
  if (Array.isArray(value)) return value as unknown[]
  if (typeof value !== 'object' || value === null || isRawNumber(value)) return undefined
  return value as MutableObject
}

/** Position that a segment means in an array with `slots` places. */
function indexOf(segment: string, slots: number): number | undefined {
  if (!/^-?(?:0|[1-9]\d{0,8})$/u.test(segment)) return undefined
  const index = segment.startsWith('-') ? slots + Number(segment) : Number(segment)
  return index >= 0 && index < slots ? index : undefined
}

function read(container: Container, segment: string): unknown {
  if (!Array.isArray(container))
    return Object.hasOwn(container, segment) ? container[segment] : undefined
  const index = indexOf(segment, container.length)
  return index === undefined ? undefined : container[index]
}

/** A new parent for `segment`, with the places before it filled; `undefined` for an index beyond reason. */
function newContainer(segment: string): Container | undefined {
  if (!anyIndex.test(segment)) return {}
  const padding = Math.max(0, Number(segment === '-' ? 0 : segment))
  return padding > maxPadding ? undefined : Array.from({ length: padding }, () => null)
}

/** The parent of the last segment. With `create`, missing ones come into being on the way. */
function findParent(
  document: Container,
  segments: readonly string[],
  create: boolean,
): Container | undefined {
  let container = document
  for (const [depth, segment] of segments.slice(0, -1).entries()) {
    const value = read(container, segment)
    let next = containerOf(value)
    if (next === undefined && create && !Array.isArray(container)) {
      if (value !== undefined && value !== null) return undefined
      next = newContainer(segments[depth + 1] ?? '')
      if (next !== undefined) container[segment] = next
    }
    if (next === undefined) return undefined
    container = next
  }
  return container
}

function add(parent: Container, segment: string, value: unknown): boolean {
  if (!Array.isArray(parent)) {
    parent[segment] = value
    return true
  }
  const index = segment === '-' ? parent.length : indexOf(segment, parent.length + 1)
  if (index === undefined) return false
  parent.splice(index, 0, value)
  return true
}

function replace(parent: Container, segment: string, value: unknown): boolean {
  if (!Array.isArray(parent)) {
    if (!Object.hasOwn(parent, segment)) return false
    parent[segment] = value
    return true
  }
  const index = indexOf(segment, parent.length)
  if (index === undefined) return false
  parent[index] = value
  return true
}

function remove(parent: Container, segment: string): boolean {
  if (!Array.isArray(parent)) return Object.hasOwn(parent, segment) && delete parent[segment]
  const index = indexOf(segment, parent.length)
  if (index === undefined) return false
  parent.splice(index, 1)
  return true
}

/** Unescapes a JSON pointer (RFC 6901 §4); `undefined` for what is none. */
function parsePointer(path: string): readonly string[] | undefined {
  if (path === '') return []
  if (!path.startsWith('/') || /~(?![01])/u.test(path)) return undefined
  const segments = path
    .slice(1)
    .split('/')
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'))
  // Assigned to an object, this name would not become a member but exchange the prototype.
  return segments.includes('__proto__') ? undefined : segments
}

/** Applies one operation in place; false when it cannot be. */
function applyAt(
  document: Container,
  { op, value }: PatchOperation,
  segments: readonly string[],
): boolean {
  const last = segments.at(-1) ?? ''
  const creates = op === 'add' || (op === 'replace' && !anyIndex.test(last))
  const parent = findParent(document, segments, creates)
  if (parent === undefined) return false
  if (op === 'remove') return remove(parent, last)
  return creates ? add(parent, last, value) : replace(parent, last, value)
}

/** The document with one operation applied, or a sentence on why that is impossible. */
function applyOne(document: unknown, operation: PatchOperation): Result<unknown, string> {
  const { op, path } = operation
  if (!['add', 'remove', 'replace'].includes(op))
    return err(`operation ${JSON.stringify(op)} is not supported`)
  if (op !== 'remove' && !('value' in operation)) return err(`${op} ${path} needs a value`)
  const segments = parsePointer(path)
  // A copy, since later operations may reach into the value, and a patch may be applied again.
  const value: unknown = op === 'remove' ? undefined : parseJson(JSON.stringify(operation.value))
  if (segments?.length === 0 && op !== 'remove') return ok(value)
  const container = containerOf(document)
  if (segments === undefined || segments.length === 0 || container === undefined)
    return err(`${op} ${path} has no usable path`)
  return applyAt(container, { ...operation, value }, segments)
    ? ok(document)
    : err(`${op} ${path} has no target`)
}

/**
 * Applies a patch to a document, which is changed in place.
 *
 * @param document a JSON value of the caller's own.
 * @returns the patched document, or a sentence on the operation that cannot be applied.
 */
export function applyPatch(
  document: unknown,
  patch: readonly PatchOperation[],
): Result<unknown, string> {
  let current = document
  for (const operation of patch) {
    const next = applyOne(current, operation)
    if (!next.ok) return next
    current = next.value
  }
  return ok(current)
}
