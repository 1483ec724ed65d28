/** Makes the request of a call. */

import type { CallOptions, ClientCredentials, Operation, Provided } from './operation.ts'

/** What a method was called with, under the names of the wire. */
export type Parameters = Readonly<Record<string, unknown>>

/** How requests are authorized. */
export interface Authorization {
  readonly accessToken?: Provided<string | undefined> | undefined
  readonly credentials?: Provided<ClientCredentials | undefined> | undefined
}

/** `base` without its trailing slash, the path with its parameters, and the query. Throws for a missing path parameter. */
export function urlOf(
  base: string,
  operation: Operation,
  parameters: Parameters,
  query: Readonly<Record<string, string>> = {},
): string {
  const path = operation.path.replaceAll(/\{(\w+)\}/gu, (_, name: string) => {
    const value = parameters[name]
    if (typeof value !== 'string' || value === '') throw new TypeError(`${name} is missing`)
    return encodeURIComponent(value)
  })
  const search = new URLSearchParams(query)
  for (const name of operation.query) {
    const value = parameters[name]
    if (isScalar(value)) search.set(name, String(value))
  }
  const tail = search.size === 0 ? '' : `?${search.toString()}`
  return `${base.replace(/\/+$/u, '')}${path}${tail}`
}

function isScalar(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value)
}

/** The body as text, `undefined` when the operation has none or none was given. */
export function bodyOf({ contentType }: Operation, { body }: Parameters): string | undefined {
  if (contentType === undefined || body === undefined) return undefined
  if (contentType !== 'application/x-www-form-urlencoded') return JSON.stringify(body)
  const form = new URLSearchParams()
  for (const [name, value] of Object.entries(body as Parameters)) {
    if (isScalar(value)) form.set(name, String(value))
  }
  return form.toString()
}

/** The header fields, with the credentials that the operation takes. */
export async function headersOf(
  operation: Operation,
  client: Authorization,
  options: CallOptions,
  hasBody: boolean,
): Promise<Headers> {
  const headers = new Headers({ accept: 'application/json' })
  if (hasBody && operation.contentType !== undefined) {
    headers.set('content-type', operation.contentType)
  }
  const authorization = await authorizationOf(operation, client, options)
  if (authorization !== undefined) headers.set('authorization', authorization)
  for (const [name, value] of Object.entries(options.headers ?? {})) headers.set(name, value)
  return headers
}

async function authorizationOf(
  { credentials }: Operation,
  client: Authorization,
  options: CallOptions,
): Promise<string | undefined> {
  if (credentials === 'bearer') {
    const token = await provided(options.accessToken ?? client.accessToken)
    return token === undefined ? undefined : `Bearer ${token}`
  }
  if (credentials === 'none') return undefined
  const pair = await provided(options.credentials ?? client.credentials)
  return pair === undefined ? undefined : basic(pair)
}

async function provided<T>(value: Provided<T> | undefined): Promise<T | undefined> {
  return typeof value === 'function' ? (value as () => T | Promise<T>)() : value
}

/** RFC 6749 §2.3.1: both parts are form-encoded, so that any character survives. */
function basic({ client_id, client_secret }: ClientCredentials): string {
  return `Basic ${btoa(`${formEncoded(client_id)}:${formEncoded(client_secret)}`)}`
}

function formEncoded(text: string): string {
  return new URLSearchParams({ _: text }).toString().slice('_='.length)
}
