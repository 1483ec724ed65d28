/** The kinds of values that configuration keys have. */

import { z } from 'zod'
import { milliseconds, type Milliseconds } from '../brand.ts'
import { parseGoDuration } from '../protocol/duration.ts'

const durationGrammar = /^(\d+(ns|us|ms|s|m|h))+$/

const durationRule =
  'must be a duration such as 30m or 1h5m1s (units: ns, us, ms, s, m, h), at most 292 years'

/** Stricter than the durations of the API: no sign, no decimals, no bare 0. */
const durationText = z
  .string()
  .regex(durationGrammar, { error: durationRule, abort: true })
  .refine((text) => parseGoDuration(text) !== undefined, durationRule)

function toMilliseconds(text: string): Milliseconds {
  return parseGoDuration(text) ?? milliseconds(0)
}

/** A span of time: whole numbers with the units ns, us, ms, s, m, h. No days, spaces, decimals or signs. */
export function duration(byDefault: string) {
  return durationText.transform(toMilliseconds).prefault(byDefault)
}

/** A span of time, or `-1` (number or text) for "never ends", which becomes -1 ms. */
export function durationOrForever(byDefault: string) {
  return z
    .union([durationText, z.literal('-1'), z.literal(-1)], {
      error: 'must be a duration such as 720h, or -1 for no end',
    })
    .transform((value) => (String(value) === '-1' ? milliseconds(-1) : toMilliseconds(`${value}`)))
    .prefault(byDefault)
}

/** An absolute URL. */
export function uri() {
  return z.url('must be an absolute URL such as https://auth.example.com/')
}

/** An absolute or relative URL; the empty text counts as unset. */
export function uriReference() {
  return z
    .string()
    .refine((value) => URL.canParse(value, 'https://base.invalid/') && !/[\s\\]/.test(value), {
      error: 'must be a URL or the path of one',
    })
    .meta({ format: 'uri-reference' })
}

/** Texts of at least 16 characters, the newest first. */
export function secretList() {
  return z
    .array(z.string().min(16, 'must have at least 16 characters'))
    .min(1, 'must have at least one entry')
    .optional()
}

/** A group of keys that refuses unknown ones. */
export function section<Shape extends z.ZodRawShape>(shape: Shape, description: string) {
  return z
    .strictObject(shape)
    .prefault(nothing as z.input<z.ZodObject<Shape, z.core.$strict>>)
    .meta({ description })
}

/** A group of keys that ignores unknown ones, where the Ory OAuth2 server does so too. */
export function tolerantSection<Shape extends z.ZodRawShape>(shape: Shape, description: string) {
  return z
    .object(shape)
    .prefault(nothing as z.input<z.ZodObject<Shape>>)
    .meta({ description })
}

/** Every key of a section has a default or is optional, so that an absent section is an empty one. */
const nothing: unknown = {}

/** A group of keys without defaults, absent unless given. */
export function optionalSection<Shape extends z.ZodRawShape>(shape: Shape, description: string) {
  return z.strictObject(shape).optional().meta({ description })
}
