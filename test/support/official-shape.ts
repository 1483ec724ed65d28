/** Whether a value is what an official SDK declares, member by member. */

import { officialModels } from './official-api.ts'

const models = officialModels()

/** Objects that hold claims of any name. */
const claims: ReadonlySet<string> = new Set(['OidcUserInfo'])

/** `client` of a logout that the user began: no client asked for it, and login apps test for `null`. */
const nullable: ReadonlySet<string> = new Set(['OAuth2LogoutRequest.client'])

/**
 * Complaints about a value, each with its path. The types are those of the SDK's declarations; members of the value that they do
 * not list are complaints too.
 */
export function differencesFrom(type: string, value: unknown, path = ''): readonly string[] {
  const union = type.split(' | ')
  if (union.length > 1) {
    const each = union.map((one) => differencesFrom(one, value, path))
    return each.some((found) => found.length === 0) ? [] : (each[0] ?? [])
  }
  const element = /^Array<(.*)>$/u.exec(type)?.[1]
  if (element !== undefined) {
    return Array.isArray(value)
      ? value.flatMap((each, index) => differencesFrom(element, each, `${path}[${index}]`))
      : [`${path} is no list`]
  }
  const members = models.get(type)
  if (members === undefined) return differsFromPrimitive(type, value, path)
  if (typeof value !== 'object' || value === null) return [`${path} is no ${type}`]
  const listed = new Set(members.map(({ name }) => name))
  return [
    ...Object.keys(value)
      .filter((name) => !listed.has(name) && !claims.has(type))
      .map((name) => `${path}.${name} is not a member of ${type}`),
    ...members.flatMap(({ name, required, type: inner }) => {
      const member = (value as Record<string, unknown>)[name]
      if (member === null && nullable.has(`${type}.${name}`)) return []
      if (member === undefined) return required ? [`${path}.${name} is missing`] : []
      return differencesFrom(inner, member, `${path}.${name}`)
    }),
  ]
}

function differsFromPrimitive(type: string, value: unknown, path: string): readonly string[] {
  if (type === 'any' || type === 'object' || type.startsWith('{')) return []
  if (['string', 'number', 'boolean'].includes(type)) {
    return typeof value === type ? [] : [`${path} is ${JSON.stringify(value)}, no ${type}`]
  }
  if (type === 'null') return value === null ? [] : [`${path} is not null`]
  return [`${path}: the type ${type} is not understood`]
}
