/** Parsers for the values of flags. */

import { InvalidArgumentError } from 'commander'

/** Lets a flag be given several times; the values of each add up. */
export function collect<T>(parse: (text: string) => readonly T[]) {
  return (text: string, before: readonly T[] | undefined): readonly T[] => [
    ...(before ?? []),
    ...parse(text),
  ]
}

/** One or more values between commas (RFC 4180 record): quotes protect commas. */
export function parseList(text: string): readonly string[] {
  if (text === '') return []
  return [...text.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"(?=,|$)|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  )
}

/** `Name: value`, split at the first colon. */
export function parseHeader(text: string): readonly [string, string] {
  const [, name, value] = /^\s*([\w!#$%&'*+.^`|~-]+)\s*:\s*(.*?)\s*$/.exec(text) ?? []
  if (name === undefined || value === undefined) {
    throw new InvalidArgumentError('A header looks like "Name: value".')
  }
  return [name.toLowerCase(), value]
}

/** A whole number within bounds. */
export function parseInteger(least: number, most = Number.MAX_SAFE_INTEGER) {
  return (text: string): number => {
    const value = Number(text)
    if (!/^-?\d+$/.test(text) || value < least || value > most) {
      const limit =
        most === Number.MAX_SAFE_INTEGER ? `from ${least}` : `between ${least} and ${most}`
      throw new InvalidArgumentError(`It must be a whole number ${limit}.`)
    }
    return value
  }
}

/** JSON text. */
export function parseJsonFlag(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw new InvalidArgumentError('It must be JSON.')
  }
}
