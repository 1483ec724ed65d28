/** What the demo client remembers between pages: sealed in cookies of the browser that runs it. */

import { z } from 'zod'
import type { Services } from '../../context.ts'
import { readCookie, setCookie, type PageCookie } from '../cookies.ts'

/** The authorization request on its way. */
const requestMemory = z.object({
  state: z.string(),
  nonce: z.string(),
  codeVerifier: z.string(),
})

/** What the token endpoint answered last. */
const tokenMemory = z.object({
  accessToken: z.string(),
  refreshToken: z.string().exactOptional(),
  idToken: z.string().exactOptional(),
  scope: z.string(),
  /** Epoch milliseconds. */
  expiresAt: z.number(),
  nonce: z.string(),
  refreshes: z.number(),
})

/** What the demo client remembers between its authorization request and the response. */
export type RequestMemory = z.infer<typeof requestMemory>
/** What the demo client remembers of the tokens it got. */
export type TokenMemory = z.infer<typeof tokenMemory>

type MemoryServices = Pick<Services, 'settings' | 'sealer'>

/** The request that this browser started; `undefined` when there is none. */
export function recallRequest(
  services: MemoryServices,
  request: Request,
): RequestMemory | undefined {
  return requestMemory.safeParse(recall(services, request, 'demo_request')).data
}

/** The tokens that this browser's demo holds. */
export function recallTokens(services: MemoryServices, request: Request): TokenMemory | undefined {
  return tokenMemory.safeParse(recall(services, request, 'demo_tokens')).data
}

/** The header that keeps a memory. */
export function keep(
  services: MemoryServices,
  cookie: PageCookie,
  memory: RequestMemory | TokenMemory,
): readonly ['set-cookie', string] {
  const payload = `${cookie}:${JSON.stringify(memory)}`
  return setCookie(services.settings, cookie, services.sealer.seal('csrf_cookie', payload))
}

/** The header that ends a memory. */
export function forget(
  services: MemoryServices,
  cookie: PageCookie,
): readonly ['set-cookie', string] {
  return setCookie(services.settings, cookie, '')
}

function recall(services: MemoryServices, request: Request, cookie: PageCookie): unknown {
  const sealed = readCookie(services.settings, request, cookie)
  const opened = sealed === undefined ? undefined : services.sealer.open('csrf_cookie', sealed)
  const prefix = `${cookie}:`
  return opened?.startsWith(prefix) === true ? JSON.parse(opened.slice(prefix.length)) : undefined
}
