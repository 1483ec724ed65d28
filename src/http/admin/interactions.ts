/** What the login, consent and logout operations of the admin API have in common. */

import { z } from 'zod'
import { toWireClientOfRequest } from '../../clients/wire.ts'
import type { Services } from '../../context.ts'
import type { InteractionError } from '../../interaction/interaction-error.ts'
import type { RedirectTo } from '../../interaction/login-request.ts'
import { apiError } from '../../protocol/api-error.ts'
import type { Client } from '../../protocol/client.ts'
import { parseJson, type Json, type JsonObject } from '../../protocol/json.ts'
import { oauthError } from '../../protocol/oauth-error.ts'
import { err, ok, type Result } from '../../result.ts'
import { nestsTooDeep, readText, tooLarge, type JsonLimits } from '../body.ts'
import type { Endpoint, EndpointRequest } from '../endpoint.ts'
import { oauthErrorResponse } from '../errors.ts'
import { json } from '../respond.ts'
import { errorOAuth2 } from '../schemas.ts'

/** `redirect_to` of every accept and reject operation. */
export const oAuth2RedirectTo = z
  .object({ redirect_to: z.string().describe('Where the browser must go next.') })
  .meta({ id: 'oAuth2RedirectTo' })

/** `null` stands for an absent member, as everywhere in the API. */
const maybe = <T extends z.ZodType>(schema: T) =>
  schema.nullish().transform((value) => value ?? undefined)

/** Text that may be absent. */
export const optionalText = maybe(z.string())
/** A boolean that may be absent. */
export const optionalFlag = maybe(z.boolean())
/** An integer that may be absent. */
export const optionalInteger = maybe(z.int())

/** A `null` in a list stands for nothing too: a form without a ticked box makes the reference's app send `[null]`. */
export const optionalTexts = maybe(
  z.preprocess(
    (list) => (Array.isArray(list) ? list.filter((each) => each !== null) : list),
    z.array(z.string()),
  ),
)

/** Any JSON, kept as it was parsed: numbers too large for a double are objects that must not be copied. */
export const anyJson = z.custom<Json>(() => true).optional()

/** A JSON object, its members untouched. */
export const optionalObject = z
  .custom<JsonObject>(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    'expected an object',
  )
  .nullish()
  .transform((value) => value ?? undefined)

/** What an app says when it rejects a request. */
export const rejectOAuth2Request = z
  .object({
    error: optionalText,
    error_description: optionalText,
    error_hint: optionalText,
    error_debug: optionalText,
    status_code: optionalInteger,
  })
  .meta({ id: 'rejectOAuth2Request' })

/** Responses that the operations share. */
export const interactionResponses = {
  400: { description: 'The request was refused', schema: errorOAuth2 },
  401: { description: 'The challenge has expired', schema: errorOAuth2 },
  404: { description: 'The challenge is unknown', schema: errorOAuth2 },
} as const

/** First non-empty one of several query parameters; `''` when there is none. */
export function firstOf(params: URLSearchParams, names: readonly string[]): string {
  return names.map((name) => params.get(name) ?? '').find((value) => value !== '') ?? ''
}

/** Challenge of the query: its own name, or unless told otherwise the legacy `challenge`. The failure is the response. */
function readChallenge(
  { url }: EndpointRequest,
  name: string,
  legacyName = 'challenge',
): Result<string, Response> {
  const challenge = firstOf(url.searchParams, [name, legacyName])
  return challenge === ''
    ? err(
        oauthErrorResponse(
          oauthError(
            'invalid_request',
            `Query parameter '${name}' is not defined but should have been.`,
          ),
        ),
      )
    : ok(challenge)
}

/** Parses a JSON body whatever its media type. The failure is the response: 413, or 400 naming the first defect. */
async function readAnswer<T>(
  { request, services }: EndpointRequest,
  schema: z.ZodType<T>,
): Promise<Result<T, Response>> {
  const text = await readText(request, services.settings.limits)
  if (!text.ok) return err(tooLarge())
  const body = decode(text.value, services.settings.limits)
  if (!body.ok) return err(undecodable(body.error))
  const parsed = schema.safeParse(body.value)
  if (parsed.success) return ok(parsed.data)
  const [issue] = parsed.error.issues
  const path =
    issue === undefined || issue.path.length === 0 ? 'the body' : `field '${issue.path.join('.')}'`
  return err(undecodable(`${path}: ${issue?.message ?? 'invalid'}`))
}

function decode(text: string, limits: JsonLimits): Result<unknown, string> {
  if (text.trim() === '') return err('unexpected end of input, a JSON object is needed')
  if (nestsTooDeep(text, limits)) return err('it is nested too deeply')
  try {
    return ok(parseJson(text))
  } catch (error) {
    if (error instanceof SyntaxError) return err('it is not valid JSON')
    throw error
  }
}

function undecodable(reason: string): Response {
  return oauthErrorResponse(
    oauthError('invalid_request', `Unable to decode the request body: ${reason}.`),
  )
}

/** Answers an accept or reject operation. */
export function redirectToResponse(result: Result<RedirectTo, InteractionError>): Response {
  return result.ok ? json(200, result.value) : interactionErrorResponse(result.error)
}

/** An operation in which an app learns what a challenge is about. */
export interface RequestOperation<T> {
  readonly path: string
  readonly operationId: string
  readonly summary: string
  readonly description: string
  readonly query: z.ZodObject
  /** Name of the challenge's parameter. */
  readonly challenge: string
  readonly response: z.ZodType
  readonly find: (services: Services, challenge: string) => Promise<Result<T, InteractionError>>
}

/** The endpoint of an operation that gets a login or consent request. */
export function requestEndpoint<T extends { readonly client: Client }>(
  operation: RequestOperation<T>,
): Endpoint {
  const { path, operationId, summary, description, query, response } = operation
  return {
    method: 'GET',
    path,
    operationId,
    tag: 'oAuth2',
    summary,
    query,
    responses: {
      200: { description, schema: response },
      410: {
        description: 'The request was handled; start again at redirect_to',
        schema: oAuth2RedirectTo,
      },
      ...interactionResponses,
    },
    async handle(input) {
      const challenge = readChallenge(input, operation.challenge)
      if (!challenge.ok) return challenge.error
      const request = await operation.find(input.services, challenge.value)
      if (!request.ok) return interactionErrorResponse(request.error)
      return json(200, { ...request.value, client: toWireClientOfRequest(request.value.client) })
    },
  }
}

/** An operation in which an app answers a challenge. */
export interface AnswerOperation<T> {
  readonly path: string
  readonly operationId: string
  readonly summary: string
  readonly query: z.ZodObject
  /** Name of the challenge's parameter. */
  readonly challenge: string
  /** `challenge` unless told otherwise. */
  readonly legacyName?: string
  readonly body: z.ZodType<T>
  readonly answer: (
    services: Services,
    challenge: string,
    body: T,
  ) => Promise<Result<RedirectTo, InteractionError>>
}

/** The endpoint of an operation that accepts or rejects a request. */
export function answerEndpoint<T>(operation: AnswerOperation<T>): Endpoint {
  const { path, operationId, summary, query, body: schema } = operation
  return {
    method: 'PUT',
    path,
    operationId,
    tag: 'oAuth2',
    summary,
    query,
    body: { contentType: 'application/json', schema, required: false },
    responses: {
      200: { description: 'Where to go next', schema: oAuth2RedirectTo },
      ...interactionResponses,
    },
    async handle(input) {
      const challenge = readChallenge(input, operation.challenge, operation.legacyName)
      if (!challenge.ok) return challenge.error
      const body = await readAnswer(input, schema)
      if (!body.ok) return body.error
      return redirectToResponse(await operation.answer(input.services, challenge.value, body.value))
    },
  }
}

/** Answers a failed operation. */
export function interactionErrorResponse(error: InteractionError): Response {
  switch (error.kind) {
    case 'not_found':
      return oauthErrorResponse(
        apiError('unknown_challenge', 'Unable to locate the requested resource'),
      )
    case 'handled':
      return json(410, { redirect_to: error.redirectTo })
    case 'refused':
      return oauthErrorResponse(error.error)
  }
}
