/** AUTHZ and AERR: what comes back to the client's redirect URI. */

import { expect } from 'vitest'
import type { ResponseMode, ResponseType } from '../list.ts'
import type { Arrival, Stop } from '../user-agent.ts'
import { expectErrorTexts, expectUnguessable } from './values.ts'

/** What is known about an authorization response before it comes. */
export interface ExpectedResponse {
  readonly issuer: string
  readonly redirectUri: string
  readonly state: string | undefined
  readonly responseType: ResponseType
  readonly responseMode: ResponseMode
}

/** The browser must be back at the client. */
export function expectArrival(stop: Stop): Arrival {
  if (stop.kind === 'page')
    throw new Error(`The browser stays at ${stop.url.href} (${stop.status}): ${stop.text}`)
  return stop
}

/** The parameters of a response, taken from the one place where they may be. */
function parametersOf(arrival: Arrival, expected: ExpectedResponse): URLSearchParams {
  const redirectUri = new URL(expected.redirectUri)
  expect(`${arrival.url.origin}${arrival.url.pathname}`).toBe(
    `${redirectUri.origin}${redirectUri.pathname}`,
  )
  const query = new URLSearchParams(arrival.url.searchParams)
  // Parameters that the redirect URI has of its own survive.
  for (const [name, value] of redirectUri.searchParams) {
    expect(query.getAll(name)).toEqual([value])
    query.delete(name)
  }
  const fragment = new URLSearchParams(arrival.url.hash.slice(1))
  if (expected.responseMode === 'form_post') {
    expect(arrival.method).toBe('POST')
    expect([query.toString(), fragment.toString()]).toEqual(['', ''])
    return arrival.body ?? new URLSearchParams()
  }
  expect(arrival.method).toBe('GET')
  const isQuery = expected.responseType === 'code'
  expect((isQuery ? fragment : query).toString()).toBe('')
  return isQuery ? query : fragment
}

function checkCommon(params: URLSearchParams, expected: ExpectedResponse): void {
  for (const name of params.keys()) expect(params.getAll(name), name).toHaveLength(1)
  expect(params.get('state') ?? undefined).toBe(expected.state)
  const issuer = params.get('iss')
  if (issuer !== null) expect(issuer).toBe(expected.issuer)
}

/** Holds a successful response to the whole set. */
export function checkResponse(stop: Stop, expected: ExpectedResponse): URLSearchParams {
  const params = parametersOf(expectArrival(stop), expected)
  expect(Object.fromEntries(params)).not.toHaveProperty('error')
  checkCommon(params, expected)
  const types = expected.responseType.split(' ')
  expect(params.has('code')).toBe(types.includes('code'))
  expect(params.has('id_token')).toBe(types.includes('id_token'))
  expect(params.has('access_token')).toBe(types.includes('token'))
  if (types.includes('token')) expect(params.get('token_type')).toMatch(/^bearer$/iu)
  if (types.includes('code')) expectUnguessable(params.get('code'))
  return params
}

const errorParameters = ['error', 'error_description', 'error_uri', 'state', 'session_state', 'iss']

/**
 * Holds an error response to the whole set.
 *
 * @returns its `error`.
 */
export function checkErrorResponse(stop: Stop, expected: ExpectedResponse): string {
  const params = parametersOf(expectArrival(stop), expected)
  checkCommon(params, expected)
  for (const name of params.keys()) expect(errorParameters).toContain(name)
  expectErrorTexts(Object.fromEntries(params))
  const error = params.get('error') ?? ''
  expect(error).not.toBe('')
  return error
}

/** Evidence: a page of the server that names the problem; the browser never leaves. */
export function expectErrorPage(stop: Stop, issuer: string, names: RegExp): void {
  if (stop.kind === 'arrival') throw new Error(`The browser was sent to ${stop.url.href}`)
  expect(stop.url.origin).toBe(issuer)
  expect(stop.status).toBeGreaterThanOrEqual(200)
  expect(stop.status).toBeLessThan(500)
  expect(stop.text).toMatch(names)
}
