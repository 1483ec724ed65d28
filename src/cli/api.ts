/** A small client of the HTTP API for the commands that use it. */

import type { Command } from 'commander'
import { skipTlsVerification } from '../config/process.ts'
import { parseJson } from '../protocol/json.ts'
import { CliError, type Cli } from './cli.ts'
import { collect, parseHeader } from './flags.ts'

const timeoutMilliseconds = 10_000

/** Flags of the commands that talk to a server. */
export interface ApiOptions {
  readonly endpoint?: string
  readonly skipTlsVerify?: true
  readonly httpHeader?: readonly (readonly [string, string])[]
  readonly token?: string
}

/** What the server answered. */
export interface ApiResponse {
  readonly status: number
  readonly text: string
  /** `page_token` of the link to the next page (RFC 8288). */
  readonly nextPageToken: string | undefined
}

/** One request to the admin API. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Below the endpoint, starting with `/`; the caller has encoded it. */
  readonly path: string
  readonly json?: unknown
  readonly form?: Readonly<Record<string, string | undefined>>
  readonly headers?: Readonly<Record<string, string>>
}

/** Sends requests to a running server. */
export interface Api {
  /** The endpoint without a trailing slash. */
  readonly endpoint: string
  /**
   * Sends a request.
   * @throws CliError when the server cannot be reached.
   */
  send(request: ApiRequest): Promise<ApiResponse>
  /**
   * Sends a request and parses the JSON of a successful answer; `undefined` for an empty one.
   * @throws CliError with the server's error.
   */
  call(request: ApiRequest): Promise<unknown>
  /** The same for an answer that has arrived. */
  read(response: ApiResponse): unknown
  /** The same client, with the same flags, of another base URL. */
  at(endpoint: string): Api
  /** Gets one page of a list. */
  page(
    path: string,
  ): Promise<{ readonly items: unknown; readonly nextPageToken: string | undefined }>
}

/** Which of the two listeners a command talks to. The admin token is never sent to the public one. */
export type Side = 'admin' | 'public'

/** Adds the flags that every command of the API has. */
export function withApi(command: Command, side: Side): Command {
  command
    .option('-e, --endpoint <url>', `${side} URL of the server (env ORY_SDK_URL)`)
    .option('--skip-tls-verify', 'accept any certificate')
    .option(
      '-H, --http-header <header>',
      'header "Name: value" to send; repeatable',
      collect((text) => [parseHeader(text)]),
    )
  if (side === 'public') return command
  return command.option(
    '--token <token>',
    'bearer token of the admin API (env FIREBRAND_ADMIN_TOKEN)',
  )
}

/** The client that the flags and the environment describe. */
export function apiOf(cli: Cli, options: ApiOptions, side: Side = 'admin'): Api {
  const endpoint = endpointOf(cli, options, side)
  if (options.skipTlsVerify === true) skipTlsVerification()
  const token = side === 'admin' ? (options.token ?? cli.env['FIREBRAND_ADMIN_TOKEN'] ?? '') : ''
  const headers = {
    ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
    ...Object.fromEntries(options.httpHeader ?? []),
  }
  return apiAt(endpoint, headers)
}

function endpointOf(cli: Cli, options: ApiOptions, side: Side): string {
  const former = side === 'admin' ? cli.env['HYDRA_ADMIN_URL'] : undefined
  const candidates = [options.endpoint, cli.env['ORY_SDK_URL'], former]
  const endpoint = candidates.find((url) => url !== undefined && url !== '')
  if (endpoint === undefined) {
    throw new CliError('you have to set the remote endpoint, try --help for details')
  }
  if (!/^https?:\/\//i.test(endpoint) || !URL.canParse(endpoint)) {
    throw new CliError(`the endpoint must be a URL such as http://127.0.0.1:4445, not ${endpoint}`)
  }
  return endpoint.replace(/\/+$/, '')
}

function apiAt(endpoint: string, headers: Readonly<Record<string, string>>): Api {
  const send = (request: ApiRequest) => exchange(endpoint, headers, request)
  return {
    endpoint,
    at: (other) => apiAt(other.replace(/\/+$/, ''), headers),
    send,
    read,
    call: async (request) => read(await send(request)),
    async page(path) {
      const response = await send({ method: 'GET', path })
      return { items: read(response), nextPageToken: response.nextPageToken }
    },
  }
}

function read(response: ApiResponse): unknown {
  if (response.status >= 400) throw new CliError(describeFailure(response))
  if (response.text.trim() === '') return undefined
  const json = jsonOf(response.text)
  if (json === undefined)
    throw new CliError('The server did not answer with JSON. Is the endpoint right?')
  return json
}

async function exchange(
  endpoint: string,
  headers: Readonly<Record<string, string>>,
  { method, path, json, form, headers: own }: ApiRequest,
): Promise<ApiResponse> {
  const given = Object.entries(form ?? {}).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] satisfies [string, string]],
  )
  try {
    const response = await fetch(`${endpoint}${path}`, {
      method,
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMilliseconds),
      headers: {
        accept: 'application/json',
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
        ...own,
      },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
      ...(form === undefined ? {} : { body: new URLSearchParams(given) }),
    })
    return {
      status: response.status,
      text: await response.text(),
      nextPageToken: nextPageToken(response.headers.get('link')),
    }
  } catch (error) {
    throw new CliError(`Could not reach ${endpoint}${path}: ${reasonOf(error)}`, { cause: error })
  }
}

function nextPageToken(link: string | null): string | undefined {
  const target = /<([^>]*)>\s*;[^,]*rel="?next"?/.exec(link ?? '')?.[1]
  if (target === undefined) return undefined
  const token = new URL(target, 'http://base.invalid').searchParams.get('page_token')
  return token ?? undefined
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return `no answer within ${timeoutMilliseconds / 1000} seconds`
  const { cause } = error
  if (cause instanceof AggregateError) return cause.errors.map(reasonOf).join('; ')
  return cause instanceof Error ? cause.message : error.message
}

/** Nested errors, which refusals of admin access are, give message and reason; of others the body is shown. */
function describeFailure({ status, text }: ApiResponse): string {
  const body = jsonOf(text)
  const error = field(body, 'error')
  if (typeof error === 'object' && error !== null) {
    const isAccess = status === 401 || status === 403
    return [
      field(error, 'message'),
      field(error, 'reason'),
      isAccess ? 'Give --token or FIREBRAND_ADMIN_TOKEN.' : '',
    ]
      .filter((line) => typeof line === 'string' && line !== '')
      .join('\n')
  }
  const shown =
    body === undefined ? `HTTP ${status}: ${text.trim()}` : JSON.stringify(body, undefined, 2)
  return `${shown}\nFailed to execute API request, see error above.`
}

function jsonOf(text: string): unknown {
  try {
    return parseJson(text)
  } catch {
    // A proxy or another server answered; its text is shown as it is.
    return undefined
  }
}

/** A member of a JSON object; `undefined` for anything else. */
export function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
  return (value as Readonly<Record<string, unknown>>)[name]
}
