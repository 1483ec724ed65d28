/**
 * Load for servers that will fail, and the ledger of what they acknowledged. Afterwards the ledger is audited: nothing
 * that was acknowledged may be lost, and nothing that works once may have worked twice.
 */

import { setTimeout as delay } from 'node:timers/promises'
import {
  authorizationUrl,
  basic,
  Browser,
  createClient,
  introspect,
  postToken,
  type FlowServer,
  type TestClient,
  type TokenAnswer,
} from './browser-flow.ts'

/** A line of refresh tokens as its client knows it. */
interface Line {
  /** `undefined` once an operation on the line was never answered: then it may have happened or not. */
  current: string | undefined
  /** Presented without an answer. */
  unanswered: string | undefined
  readonly code: string
}

/** What a server has acknowledged, and what it answered that it must not. */
export class Ledger {
  readonly lines: Line[] = []
  readonly unansweredCodes = new Set<string>()
  readonly revokedTokens: string[] = []
  readonly liveTokens: string[] = []
  readonly createdClients = new Set<string>()
  readonly deletedClients = new Set<string>()
  /** Codes and refresh tokens with the number of times that they were exchanged for tokens. */
  readonly exchanges = new Map<string, number>()
  /** Sentences on what must not be; empty when all is well. */
  readonly broken: string[] = []
  acknowledged = 0
  /** Requests without an answer. */
  unanswered = 0
  /** Answers of 503. */
  unavailable = 0

  /** Notes tokens given for a code or refresh token. */
  exchanged(credential: string): void {
    const times = (this.exchanges.get(credential) ?? 0) + 1
    this.exchanges.set(credential, times)
    this.acknowledged += 1
    if (times > 1) this.broken.push('a credential was exchanged twice')
  }

  /** One line for the log of a test run. */
  summary(): string {
    const { acknowledged, unanswered, unavailable, broken } = this
    return `${acknowledged} operations acknowledged, ${unanswered} unanswered, ${unavailable} answered 503, ${broken.length} lost or broken`
  }
}

/** How a load behaves. */
export interface LoadOptions {
  readonly server: FlowServer
  readonly client: TestClient
  readonly ledger: Ledger
  /** Ends the load. */
  readonly signal: AbortSignal
  /** Code flows, refreshes and the rest at the same time. */
  readonly workers: number
}

/** Thrown inside the load when a request got no answer. */
class Unanswered extends Error {}

/** Sends one request until it is answered by something else than 503; counts what happened. */
async function answered<T extends { readonly status: number }>(
  { ledger, signal }: LoadOptions,
  send: () => Promise<T & { readonly headers: Headers }>,
): Promise<T> {
  const deadline = performance.now() + 30_000
  for (;;) {
    let answer
    try {
      answer = await send()
    } catch (error) {
      ledger.unanswered += 1
      throw new Unanswered('no answer', { cause: error })
    }
    if (answer.status !== 503) {
      if (answer.status >= 500) ledger.broken.push(`a request was answered ${answer.status}`)
      return answer
    }
    ledger.unavailable += 1
    if (answer.headers.get('retry-after') === null) ledger.broken.push('503 without Retry-After')
    if (performance.now() > deadline) {
      if (!signal.aborted) ledger.broken.push('503 for 30 seconds')
      throw new Unanswered('503 for 30 seconds')
    }
    await delay(50)
  }
}

/** Runs until the signal; returns when every worker has ended. */
export async function load(options: LoadOptions): Promise<void> {
  const workers = Array.from({ length: options.workers }, (_none, index) => work(options, index))
  await Promise.all(workers)
}

async function work(options: LoadOptions, index: number): Promise<void> {
  const kinds = [tokenLine, tokenLine, clientWrites, clientTokens] as const
  const kind = kinds[index % kinds.length] ?? tokenLine
  while (!options.signal.aborted) {
    try {
      await kind(options)
    } catch (error) {
      // A flow that was interrupted before it had a code is simply begun again.
      if (!(error instanceof Unanswered) && !isInterruption(error)) throw error
      await delay(20)
    }
  }
}

function isInterruption(error: unknown): boolean {
  const text = error instanceof Error ? error.message : ''
  return text.includes('fetch failed') || text.includes('503') || text.includes('terminated')
}

/** A code flow and three refreshes; every third line is revoked. */
async function tokenLine(options: LoadOptions): Promise<void> {
  const { server, client, ledger, signal } = options
  const callback = await new Browser(server).authorize(authorizationUrl(client))
  const code = callback.searchParams.get('code') ?? ''
  const line: Line = { current: undefined, unanswered: undefined, code }
  const { redirect_uri } = client
  const form = { grant_type: 'authorization_code', code, redirect_uri }
  ledger.unansweredCodes.add(code)
  const first = await answered(options, () => postToken(server, client, form))
  ledger.unansweredCodes.delete(code)
  if (!took(ledger, first, code, 'code')) return
  line.current = String(first.body['refresh_token'])
  ledger.lines.push(line)
  for (let times = 0; times < 3 && !signal.aborted; times += 1) {
    const presented: string = line.current
    line.current = undefined
    line.unanswered = presented
    const next = await answered(options, () => refreshWith(server, client, presented))
    line.unanswered = undefined
    if (!took(ledger, next, presented, 'refresh token')) return
    line.current = String(next.body['refresh_token'])
  }
  if (ledger.lines.length % 3 === 0) await revokeLine(options, line)
}

async function revokeLine(options: LoadOptions, line: Line): Promise<void> {
  const token = line.current ?? ''
  line.current = undefined
  await revoke(options, token)
  options.ledger.revokedTokens.push(token)
}

async function revoke(options: LoadOptions, token: string): Promise<void> {
  const { server, client, ledger } = options
  const answer = await answered(options, () =>
    server.publicFetch('/oauth2/revoke', {
      method: 'POST',
      headers: { authorization: basic(client) },
      body: new URLSearchParams({ token }),
    }),
  )
  if (answer.status === 200) ledger.acknowledged += 1
  else ledger.broken.push(`a revocation was answered ${answer.status}`)
}

function took(ledger: Ledger, answer: TokenAnswer, credential: string, what: string): boolean {
  if (answer.status === 200) {
    ledger.exchanged(credential)
    return true
  }
  ledger.broken.push(`an unused ${what} was refused: ${JSON.stringify(answer.body)}`)
  return false
}

function refreshWith(server: FlowServer, client: TestClient, token: string): Promise<TokenAnswer> {
  return postToken(server, client, { grant_type: 'refresh_token', refresh_token: token })
}

/** Two clients are created, one of them is deleted. */
async function clientWrites(options: LoadOptions): Promise<void> {
  const { server, ledger } = options
  const ids: string[] = []
  for (let index = 0; index < 2; index += 1) {
    const made = await answered(options, async () => {
      const response = await server.adminFetch('/admin/clients', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ grant_types: ['client_credentials'] }),
      })
      const { client_id: id } = (await response.json()) as { client_id: string }
      return { status: response.status, headers: response.headers, id }
    })
    if (made.status !== 201) ledger.broken.push(`a client was answered ${made.status}`)
    ids.push(made.id)
    ledger.createdClients.add(made.id)
    ledger.acknowledged += 1
  }
  const [gone = ''] = ids
  ledger.createdClients.delete(gone)
  const deleted = await answered(options, () =>
    server.adminFetch(`/admin/clients/${gone}`, { method: 'DELETE' }),
  )
  // 404: a first attempt that was answered 503 was carried out all the same.
  if (deleted.status !== 204 && deleted.status !== 404)
    ledger.broken.push(`a deletion was answered ${deleted.status}`)
  ledger.deletedClients.add(gone)
  ledger.acknowledged += 1
}

/** Two tokens of the client itself; one of them is revoked. */
async function clientTokens(options: LoadOptions): Promise<void> {
  const { server, client, ledger } = options
  const tokens: string[] = []
  for (let index = 0; index < 2; index += 1) {
    const answer = await answered(options, () =>
      postToken(server, client, { grant_type: 'client_credentials' }),
    )
    if (answer.status !== 200) ledger.broken.push(`client_credentials: ${answer.status}`)
    ledger.acknowledged += 1
    tokens.push(String(answer.body['access_token']))
  }
  const [revoked = '', live = ''] = tokens
  ledger.liveTokens.push(live)
  await revoke(options, revoked)
  ledger.revokedTokens.push(revoked)
}

/** Compares a server with the ledger; what does not agree is added to `ledger.broken`. Uses the credentials up. */
export async function audit(asked: FlowServer, client: TestClient, ledger: Ledger): Promise<void> {
  const { broken } = ledger
  const server = patient(asked)
  await inParallel([...ledger.createdClients], async (id) => {
    const { status } = await server.adminFetch(`/admin/clients/${id}`)
    if (status !== 200) broken.push(`a created client is gone (${status})`)
  })
  await inParallel([...ledger.deletedClients], async (id) => {
    const { status } = await server.adminFetch(`/admin/clients/${id}`)
    if (status !== 404) broken.push(`a deleted client is back (${status})`)
  })
  await inParallel(ledger.liveTokens, async (token) => {
    if ((await introspect(server, token))['active'] !== true) broken.push('a live token is dead')
  })
  await inParallel(ledger.revokedTokens, async (token) => {
    if ((await introspect(server, token))['active'] !== false)
      broken.push('a revoked token is alive')
  })
  await inParallel([...ledger.unansweredCodes], async (code) => {
    const { redirect_uri } = client
    const form = { grant_type: 'authorization_code', code, redirect_uri }
    // It may have been redeemed or not, but never works twice.
    for (let times = 0; times < 2; times += 1) {
      if ((await postToken(server, client, form)).status === 200) ledger.exchanged(code)
    }
  })
  await inParallel(ledger.lines, (line) => auditLine(server, client, { ledger, line }))
  ledger.lines.length = 0
  ledger.unansweredCodes.clear()
}

/** Asks again for up to 30 seconds while the answer is 503: what is lost is the question here, not who is busy. */
function patient(server: FlowServer): FlowServer {
  const again = async (send: () => Promise<Response>): Promise<Response> => {
    const deadline = performance.now() + 30_000
    for (;;) {
      const answer = await send()
      if (answer.status !== 503 || performance.now() > deadline) return answer
      await delay(200)
    }
  }
  return {
    publicFetch: (path, init) => again(() => server.publicFetch(path, init)),
    adminFetch: (path, init) => again(() => server.adminFetch(path, init)),
  }
}

async function auditLine(
  server: FlowServer,
  client: TestClient,
  { ledger, line }: { readonly ledger: Ledger; readonly line: Line },
): Promise<void> {
  const { redirect_uri } = client
  let { current } = line
  if (line.unanswered !== undefined) {
    const presented = line.unanswered
    const answer = await refreshWith(server, client, presented)
    if (answer.status === 200) {
      ledger.exchanged(presented)
      current = String(answer.body['refresh_token'])
    }
  }
  if (current !== undefined) {
    const answer = await refreshWith(server, client, current)
    if (answer.status === 200) ledger.exchanged(current)
    else ledger.broken.push(`an issued refresh token is lost: ${JSON.stringify(answer.body)}`)
  }
  const replay = await postToken(server, client, {
    grant_type: 'authorization_code',
    code: line.code,
    redirect_uri,
  })
  if (replay.status !== 400) ledger.broken.push(`a redeemed code was answered ${replay.status}`)
}

async function inParallel<T>(items: readonly T[], each: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items]
  const workers = Array.from({ length: 16 }, async () => {
    for (let item = waiting.pop(); item !== undefined; item = waiting.pop()) await each(item)
  })
  await Promise.all(workers)
}

/** Prints what a run did, at once: whoever runs it for hours need not wait for the end to learn what broke. */
export function report(fault: string, ledger: Ledger): void {
  const kinds = [...new Set(ledger.broken)].map((each) => `  ${each}\n`)
  process.stdout.write(`${fault}: ${ledger.summary()}\n${kinds.slice(0, 20).join('')}`)
}

/** A client for {@link load}. */
export function loadClient(server: FlowServer): Promise<TestClient> {
  return createClient(server)
}
