/** The query part of a DSN, taken apart name by name, so that what nobody took can be reported. */

import { parseGoDuration } from '../../protocol/duration.ts'

/** Reads parameters once each. A value that does not parse is reported and counts as absent. */
export interface Parameters {
  text(name: string): string | undefined
  integer(name: string): number | undefined
  /** A duration as Go writes it (`1h30m`, `500ms`), in milliseconds. */
  duration(name: string): number | undefined
  ignore(names: readonly string[]): void
  /** Reports every parameter that was neither taken nor ignored. */
  reportUnknown(): void
  /** What was neither taken nor ignored, as a query string without `?`. */
  remaining(): string
}

/** @param warn is told names, never values: they may be credentials. */
export function takeParameters(text: string, warn: (message: string) => void): Parameters {
  const left = new URLSearchParams(text)

  function take(name: string): string | undefined {
    const value = left.get(name) ?? undefined
    left.delete(name)
    return value
  }
  function parsed(name: string, parse: (value: string) => number | undefined): number | undefined {
    const value = take(name)
    if (value === undefined) return undefined
    const result = parse(value)
    if (result === undefined) warn(`The DSN parameter ${name} is malformed; the default is used.`)
    return result
  }
  return {
    text: take,
    integer: (name) =>
      parsed(name, (value) => (/^-?\d{1,9}$/.test(value) ? Number(value) : undefined)),
    duration: (name) => parsed(name, parseGoDuration),
    ignore: (names) => names.forEach((name) => left.delete(name)),
    reportUnknown: () => {
      for (const name of left.keys()) warn(`The DSN parameter ${name} is unknown and ignored.`)
    },
    remaining: () => left.toString(),
  }
}
