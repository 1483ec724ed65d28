import type { OriginName, Step } from '../case.ts'
import { header, headers, rawRequest } from './wire.ts'
import type { Answer } from './wire.ts'

/** A minimal browser without pages: a cookie jar for one origin and the redirects it is told to follow. */
export class Browser {
  readonly #cookies = new Map<string, string>()
  readonly #origin: OriginName

  constructor(origin: OriginName = 'public') {
    this.#origin = origin
  }

  /** A GET of a path or an absolute URL of this server, with the cookies of the jar. */
  get(location: string): Step {
    const cookies = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const lines = cookies === '' ? [] : [`Cookie: ${cookies}`]
    return { origin: this.#origin, request: rawRequest('GET', pathOf(location), lines) }
  }

  /** A form POST, with the cookies of the jar. */
  post(location: string, form: string): Step {
    const cookies = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const lines = [`Cookie: ${cookies}`, 'Content-Type: application/x-www-form-urlencoded']
    return { origin: this.#origin, request: rawRequest('POST', pathOf(location), lines, form) }
  }

  /** Takes the cookies of an answer into the jar; expects a redirect and returns its target. */
  follow(answer: Answer): string {
    for (const line of headers(answer, 'set-cookie')) this.#store(line)
    const location = header(answer, 'location')
    if (answer.status !== 302 && answer.status !== 303) throw unexpected(answer, 'a redirect')
    if (location === undefined) throw unexpected(answer, 'a Location')
    return location
  }

  #store(line: string): void {
    const pair = line.split(';', 1)[0] ?? ''
    const name = pair.slice(0, pair.indexOf('='))
    if (/;\s*max-age=0\b|;\s*expires=Thu, 01 Jan 1970/i.test(line)) this.#cookies.delete(name)
    else this.#cookies.set(name, pair.slice(name.length + 1))
  }
}

/** The path and query of an absolute or relative URL: the load generator connects to the listener it was told. */
export function pathOf(location: string): string {
  const scheme = location.indexOf('://')
  if (scheme < 0) return location
  const slash = location.indexOf('/', scheme + 3)
  return slash < 0 ? '/' : location.slice(slash)
}

/** One query parameter of a URL; throws when it is missing. */
export function queryOf(location: string, name: string): string {
  const value = new URLSearchParams(location.slice(location.indexOf('?') + 1)).get(name)
  if (value === null) throw new Error(`no ${name} in ${location.slice(0, 300)}`)
  return value
}

/** The error that ends a run: what was expected and the start of what came. */
export function unexpected(answer: Answer, expected: string): Error {
  const location = header(answer, 'location')
  const shown = [`${answer.status}`, location ?? '', answer.body.slice(0, 300)].join(' ')
  return new Error(`expected ${expected}, got ${shown.trim()}`)
}
