/** Reads client metadata from the bodies of requests: types only, the rules are in validate-client.ts. */

import type { LifespanName } from '../protocol/client.ts'
import { lifespanNames } from '../protocol/client.ts'
import type { Client } from '../protocol/client.ts'
import { parseGoDuration } from '../protocol/duration.ts'
import { apiError } from '../protocol/api-error.ts'
import type { Json } from '../protocol/json.ts'
import type { OAuthError } from '../protocol/oauth-error.ts'
import { err, ok, type Result } from '../result.ts'
import { parseClientJwks } from './client-jwks.ts'
import {
  oAuth2Client,
  oAuth2ClientTokenLifespans,
  type ClientMetadata,
  type LifespanMetadata,
} from './client-schema.ts'

/** Client metadata as it was sent. An absent member and one that was `null` look the same, but for `metadata`. */
export interface SentClient extends Omit<ClientMetadata, 'jwks' | 'metadata'> {
  readonly jwks: Client['jwks']
  readonly metadata: Json | undefined
}

/** What a client's lifespans are stored as. */
export type Lifespans = Client['lifespans']

const withoutJwks = oAuth2Client.omit({ jwks: true })

function decodeError(reason: string): { readonly ok: false; readonly error: OAuthError } {
  return err(apiError('malformed_request', `Unable to decode the request body: ${reason}.`))
}

interface Issue {
  readonly path: readonly PropertyKey[]
  readonly message: string
}

/** Names the member and the type that was expected; zod never repeats the value. */
function describeIssue([issue]: readonly Issue[]): string {
  if (issue === undefined) return 'it has an unexpected form'
  const path = issue.path.map(String).join('.')
  return path === '' ? issue.message : `${path}: ${issue.message}`
}

/** `null` means "not set" for every member but `metadata`, which may hold any JSON. */
function withoutNulls(body: object): Record<string, unknown> {
  const members = Object.entries(body) as readonly (readonly [string, unknown])[]
  return Object.fromEntries(
    members.filter(([name, value]) => value !== null || name === 'metadata'),
  )
}

function asObject(body: unknown): Record<string, unknown> | undefined {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined
  return withoutNulls(body)
}

/**
 * Reads the client in a decoded JSON body. Unknown members are ignored.
 *
 * @returns a failure of the kind `malformed_request` when the body is no object or a member has the wrong type.
 */
export function parseClient(body: unknown): Result<SentClient, OAuthError> {
  const members = asObject(body)
  if (members === undefined) return decodeError('an object was expected')
  const parsed = withoutJwks.safeParse(members)
  if (!parsed.success) return decodeError(describeIssue(parsed.error.issues))
  const jwks = parseClientJwks(members['jwks'])
  if (!jwks.ok) return decodeError(jwks.error)
  // The value came out of JSON.parse, and the schema hands it through as it is.
  const metadata = members['metadata'] as Json | undefined
  return ok({ ...parsed.data, jwks: jwks.value, metadata })
}

/** Reads the lifespans in a decoded JSON body; failures as those of {@link parseClient}. */
export function parseLifespans(body: unknown): Result<Lifespans, OAuthError> {
  const members = asObject(body)
  if (members === undefined) return decodeError('an object was expected')
  const parsed = oAuth2ClientTokenLifespans.safeParse(members)
  return parsed.success
    ? ok(lifespansOf(parsed.data))
    : decodeError(describeIssue(parsed.error.issues))
}

/** Durations of the members that are set. */
export function lifespansOf(sent: LifespanMetadata): Lifespans {
  const lifespans: Partial<Record<LifespanName, NonNullable<Lifespans[LifespanName]>>> = {}
  for (const name of lifespanNames) {
    const span = parseGoDuration(sent[name] ?? '')
    if (span !== undefined) lifespans[name] = span
  }
  return lifespans
}
