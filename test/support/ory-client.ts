/** The methods of our client on top of an official SDK, so that one suite drives both. */

import * as bundle from '@ory/client'
import * as hydra from '@ory/hydra-client'
import type { Api, FirebrandClient } from '../../src/sdk/client.ts'
import { operations } from '../../src/sdk/operations.generated.ts'
import type { CallOptions, ClientCredentials, Operation } from '../../src/sdk/operation.ts'
import { basic } from './browser-flow.ts'
import { officialOperations, sdkName, type OfficialOperation } from './official-api.ts'

/** What an operation answered with. */
export interface Seen {
  readonly operation: keyof Api
  readonly status: number
  readonly data: unknown
}

export interface OryClientOptions {
  readonly sdk: 'client' | 'hydra-client'
  readonly publicUrl: string
  readonly adminUrl: string
  /** Of the admin API. `hydra-client` knows no such thing and sends a default header. */
  readonly accessToken: string | undefined
  readonly seen: (answer: Seen) => void
}

const official = officialOperations()

/** Whether the SDK has the operation: the bundle has no health checks, and neither knows the newest operations. */
export function isKnown(sdk: OryClientOptions['sdk'], name: string): boolean {
  const api = official.get(name)?.api
  return api !== undefined && name in (classOf(sdk, api).prototype as object)
}

type ApiClass = new (configuration: unknown) => SdkApi

function classOf(sdk: OryClientOptions['sdk'], api: string): ApiClass {
  const modules = { client: bundle, 'hydra-client': hydra } as unknown
  const found = (modules as Record<string, Record<string, ApiClass>>)[sdk]?.[api]
  if (found === undefined) throw new Error(`@ory/${sdk} has no ${api}.`)
  return found
}

/** The client; its lists show their first page only, since the SDKs walk no pages. */
export function oryClient(options: OryClientOptions): FirebrandClient {
  const names = Object.keys(operations) as (keyof Api)[]
  const raw = Object.fromEntries(
    names.map((name) => [name, (...args: unknown[]) => call(options, name, args)]),
  )
  const plain = Object.fromEntries(
    names.map((name) => [
      name,
      async (...args: unknown[]) => (await call(options, name, args)).data,
    ]),
  )
  const items = Object.fromEntries(
    names.map((name) => [
      name,
      async function* items(...args: unknown[]) {
        yield* (await call(options, name, args)).data as unknown[]
      },
    ]),
  )
  return { ...plain, raw, items } as unknown as FirebrandClient
}

async function call(options: OryClientOptions, name: keyof Api, args: readonly unknown[]) {
  const known = official.get(name)
  if (known === undefined) throw new Error(`The SDKs know no ${name}.`)
  const operation = operations[name]
  const [parameters = {}, callOptions = {}] = (
    operation.takesParameters ? args : [{}, ...args]
  ) as [Record<string, unknown>?, CallOptions?]
  const api = apiOf(options, known, operation, callOptions)
  const axios = {
    params: callOptions.query,
    maxRedirects: 0,
    validateStatus: accepts(operation),
    ...unknownForm(known, operation, parameters['body']),
  }
  const sent = sdkParameters(known, parameters)
  const method = api[name]
  if (method === undefined) throw new Error(`${known.api} has no ${name}.`)
  const response = await method.apply(api, known.takesParameters ? [sent, axios] : [axios])
  const data = response.data === '' ? undefined : response.data
  options.seen({ operation: name, status: response.status, data })
  return { data, status: response.status, headers: new Headers({ ...response.headers }) }
}

/** The SDKs take no parameters for the device endpoint; what they cannot say travels as axios' own options. */
function unknownForm({ form, body }: OfficialOperation, { contentType }: Operation, sent: unknown) {
  const isForm = contentType === 'application/x-www-form-urlencoded'
  return isForm && form.length === 0 && body === undefined && sent !== undefined
    ? { data: new URLSearchParams(sent as Record<string, string>).toString() }
    : {}
}

const accepts = (operation: Operation) => (status: number) => operation.answers.includes(status)

type SdkApi = Record<
  string,
  | ((...args: unknown[]) => Promise<{
      readonly status: number
      readonly data: unknown
      readonly headers: Record<string, string>
    }>)
  | undefined
>

function apiOf(
  { sdk, publicUrl, adminUrl, accessToken }: OryClientOptions,
  { api }: OfficialOperation,
  operation: Operation,
  callOptions: CallOptions,
): SdkApi {
  const isAdmin = operation.listener === 'admin'
  const basePath = isAdmin ? adminUrl : publicUrl
  const headers = headersOf(operation, callOptions)
  const Class = classOf(sdk, api)
  if (sdk === 'client') {
    const token = isAdmin && accessToken !== undefined ? { accessToken } : {}
    return new Class(new bundle.Configuration({ basePath, ...token, baseOptions: { headers } }))
  }
  const admin = isAdmin ? { Authorization: `Bearer ${accessToken}` } : {}
  return new Class(
    new hydra.Configuration({ basePath, baseOptions: { headers: { ...admin, ...headers } } }),
  )
}

function headersOf({ contentType }: Operation, { accessToken, credentials }: CallOptions) {
  const pair = credentials as ClientCredentials | undefined
  const type = contentType === undefined ? {} : { 'Content-Type': contentType }
  if (typeof accessToken === 'string') return { ...type, Authorization: `Bearer ${accessToken}` }
  return pair === undefined ? type : { ...type, Authorization: basic(pair) }
}

function sdkParameters(
  { body: bodyName, form }: OfficialOperation,
  { body, ...rest }: Record<string, unknown>,
): Record<string, unknown> {
  const sent = Object.fromEntries(Object.entries(rest).map(([k, value]) => [sdkName(k), value]))
  if (body === undefined) return sent
  if (bodyName !== undefined) return { ...sent, [bodyName]: body }
  const fields = Object.entries(body ?? {}).filter(([name]) => form.includes(name))
  return { ...sent, ...Object.fromEntries(fields.map(([k, value]) => [sdkName(k), value])) }
}
