/** The client of the API. It needs `fetch` and nothing else, so it runs in Node.js, Bun and browsers. */

import { FirebrandConnectionError, FirebrandError } from './errors.ts'
import type {
  ApiResponse,
  CallOptions,
  ClientCredentials,
  Operation,
  Provided,
} from './operation.ts'
import { operations, type Api, type Items } from './operations.generated.ts'
import { itemsOf } from './pages.ts'
import { bodyOf, headersOf, urlOf, type Parameters } from './request.ts'
import { pause, retryDelay } from './retry.ts'

/** Where the server is: one origin for both APIs, or a URL for each; one of the two is enough to call its operations. */
export type ClientLocation =
  | { readonly baseUrl: string; readonly publicUrl?: never; readonly adminUrl?: never }
  | { readonly baseUrl?: never; readonly publicUrl: string; readonly adminUrl?: string | undefined }
  | { readonly baseUrl?: never; readonly publicUrl?: string | undefined; readonly adminUrl: string }

/** What a client may be told besides where the server is. */
export interface ClientSettings {
  /** Bearer token of the admin API, of `getOidcUserInfo` and of the registration operations; never sent to the others. */
  readonly accessToken?: Provided<string | undefined> | undefined
  /** For the operations that take Basic authentication: `oauth2TokenExchange`, `revokeOAuth2Token`. */
  readonly credentials?: Provided<ClientCredentials | undefined> | undefined
  /** Used instead of the global `fetch`. */
  readonly fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined
  /** Header fields of every request. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** For one attempt, its answer read to the end; 10 seconds if not given. */
  readonly timeoutMilliseconds?: number | undefined
  /** How many times a request that may be repeated is sent again at most; 2 if not given. */
  readonly retries?: number | undefined
}

/** Where the server is, and how to talk to it. */
export type ClientOptions = ClientLocation & ClientSettings

/** The operations, each answering with data, status and headers. */
export type RawApi = {
  readonly [Name in keyof Api]: (
    ...args: globalThis.Parameters<Api[Name]>
  ) => Promise<ApiResponse<Awaited<ReturnType<Api[Name]>>>>
}

/** One method for each operation. */
export interface FirebrandClient extends Api {
  /** The same operations, answering with `{ data, status, headers }`. */
  readonly raw: RawApi
  /** The lists item by item: `for await (const client of api.items.listOAuth2Clients())`. */
  readonly items: Items
}

const defaults = { timeoutMilliseconds: 10_000, retries: 2 }

/** Makes a client. No request is sent. */
export function createFirebrandClient(options: ClientOptions): FirebrandClient {
  const entries = Object.entries(operations) as readonly (readonly [keyof Api, Operation])[]
  const methods = (make: (name: keyof Api, args: Arguments) => unknown) =>
    Object.fromEntries(
      entries.map(([name, operation]) => [
        name,
        (...given: readonly unknown[]) => make(name, argumentsOf(operation, given)),
      ]),
    ) as unknown
  const api = methods(async (name, args) => (await call(options, name, args)).data) as Api
  return {
    ...api,
    raw: methods((name, args) => call(options, name, args)) as RawApi,
    items: methods((name, { parameters, callOptions }) =>
      itemsOf(parameters, (page) => call(options, name, { parameters: page, callOptions })),
    ) as Items,
  }
}

interface Arguments {
  readonly parameters: Parameters
  readonly callOptions: CallOptions
}

function argumentsOf({ takesParameters }: Operation, given: readonly unknown[]): Arguments {
  const [parameters, options] = takesParameters ? given : [undefined, ...given]
  return {
    parameters: (parameters ?? {}) as Parameters,
    callOptions: options ?? {},
  }
}

/** Calls, and calls again where that is safe and of use. */
async function call(
  client: ClientOptions,
  name: keyof Api,
  args: Arguments,
): Promise<ApiResponse<unknown>> {
  const operation = operations[name]
  const { signal, retries = client.retries ?? defaults.retries } = args.callOptions
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await send(client, name, args)
    } catch (error) {
      const delay = operation.repeatable ? retryDelay(error, attempt) : undefined
      if (delay === undefined || attempt >= retries) throw error
      await pause(delay, signal)
    }
  }
}

async function send(
  client: ClientOptions,
  name: keyof Api,
  { parameters, callOptions }: Arguments,
): Promise<ApiResponse<unknown>> {
  const operation = operations[name]
  const url = urlOf(baseOf(client, name), operation, parameters, callOptions.query)
  const body = bodyOf(operation, parameters)
  const options = { ...callOptions, headers: { ...client.headers, ...callOptions.headers } }
  const headers = await headersOf(operation, client, options, body !== undefined)
  const { response, text } = await exchange(client, name, callOptions, {
    url,
    init: {
      method: operation.method,
      headers,
      // A redirect is an answer of the endpoints that browsers visit, and no place to send credentials to.
      redirect: 'manual',
      ...(body === undefined ? {} : { body }),
    },
  })
  const data = dataOf(response, text)
  if (!operation.answers.includes(response.status)) throw new FirebrandError(name, response, data)
  return { data, status: response.status, headers: response.headers }
}

function baseOf({ baseUrl, publicUrl, adminUrl }: ClientOptions, name: keyof Api): string {
  const { listener } = operations[name]
  const base = baseUrl ?? (listener === 'admin' ? adminUrl : publicUrl)
  if (base === undefined) throw new TypeError(`${name} needs ${listener}Url or baseUrl`)
  return base
}

interface Exchange {
  readonly url: string
  readonly init: RequestInit
}

/** Fetches and reads the answer within the time. */
async function exchange(
  client: ClientOptions,
  name: keyof Api,
  options: CallOptions,
  { url, init }: Exchange,
): Promise<{ readonly response: Response; readonly text: string }> {
  const milliseconds =
    options.timeoutMilliseconds ?? client.timeoutMilliseconds ?? defaults.timeoutMilliseconds
  const timeout = AbortSignal.timeout(milliseconds)
  const caller = options.signal
  const signal = caller === undefined ? timeout : AbortSignal.any([caller, timeout])
  try {
    const response = await (client.fetch ?? globalThis.fetch)(url, { ...init, signal })
    return { response, text: await response.text() }
  } catch (error) {
    if (caller?.aborted === true) throw caller.reason
    throw new FirebrandConnectionError(name, timeout.aborted, error)
  }
}

/** Parsed JSON; other text as it is; `undefined` for an empty body. */
function dataOf(response: Response, text: string): unknown {
  if (text === '') return undefined
  const isJson = /^application\/(?:[\w.-]+\+)?json\b/u.test(
    response.headers.get('content-type') ?? '',
  )
  if (!isJson) return text
  try {
    return JSON.parse(text) as unknown
  } catch {
    // A proxy that cut the answer: the text tells more than a syntax error would.
    return text
  }
}
