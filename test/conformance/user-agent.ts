/** A browser without a screen in front of one server: cookies, redirects, pages and their forms. */

import { createHash } from 'node:crypto'
import { parse, type HTMLElement } from 'node-html-parser'
import { expect } from 'vitest'
import { CookieJar } from '../support/cookie-jar.ts'

/** A page of the server. */
export interface ServerPage {
  readonly kind: 'page'
  readonly url: URL
  readonly status: number
  readonly headers: Headers
  readonly document: HTMLElement
  /** What a person reads. */
  readonly text: string
}

/** The browser was sent to another site. */
export interface Arrival {
  readonly kind: 'arrival'
  readonly url: URL
  readonly method: 'GET' | 'POST'
  /** Fields of a posted form. */
  readonly body: URLSearchParams | undefined
}

/** Where a journey ends. */
export type Stop = ServerPage | Arrival

/** A request as a page or an address bar starts it. */
export interface Navigation {
  readonly method: string
  readonly fields: URLSearchParams | undefined
}

const get: Navigation = { method: 'GET', fields: undefined }

export class UserAgent {
  readonly jar = new CookieJar()
  /** Every page that was shown, in order. */
  readonly pages: ServerPage[] = []
  readonly #origin: string
  readonly #handle: (request: Request) => Promise<Response>

  constructor(origin: string, handle: (request: Request) => Promise<Response>) {
    this.#origin = origin
    this.#handle = handle
  }

  /** Goes to an address and follows redirects and pages that post themselves. */
  async open(address: string | URL, navigation: Navigation = get): Promise<Stop> {
    let url = new URL(address, this.#origin)
    let { method, fields } = navigation
    for (let hops = 0; hops < 20; hops += 1) {
      if (url.origin !== this.#origin) return arrival(url, method, fields)
      const response = await this.#request(url, method, fields)
      const location = response.headers.get('location')
      if (location === null) return this.#show(url, response)
      // A fragment of the address before stays, unless the new one has its own (RFC 9110 §10.2.2); none does here.
      url = new URL(location, url)
      if (response.status !== 307 && response.status !== 308) [method, fields] = ['GET', undefined]
    }
    throw new Error('The server redirects for ever.')
  }

  /** Submits the form of a page with a button, as it is filled in, with some fields changed. */
  async submit(
    page: ServerPage,
    buttonId: string,
    changes: (form: HTMLElement, fields: URLSearchParams) => void = () => undefined,
  ): Promise<Stop> {
    const button = page.document.querySelector(`#${buttonId}`)
    const form = button?.closest('form')
    if (!button || !form) throw new Error(`no button ${buttonId} on ${page.url.href}: ${page.text}`)
    const fields = fieldsOf(form)
    changes(form, fields)
    const name = button.getAttribute('name')
    if (name !== undefined) fields.append(name, button.getAttribute('value') ?? '')
    return this.#submitForm(page, form, fields)
  }

  async #submitForm(page: ServerPage, form: HTMLElement, fields: URLSearchParams): Promise<Stop> {
    const target = new URL(form.getAttribute('action') ?? '', page.url)
    if ((form.getAttribute('method') ?? 'get').toLowerCase() === 'post')
      return this.open(target, { method: 'POST', fields })
    target.search = fields.toString()
    return this.open(target)
  }

  async #request(url: URL, method: string, fields: URLSearchParams | undefined): Promise<Response> {
    const headers = new Headers({ accept: 'text/html', 'user-agent': 'conformance' })
    if (this.jar.header !== '') headers.set('cookie', this.jar.header)
    const withoutFragment = new URL(url)
    withoutFragment.hash = ''
    const body = fields === undefined ? {} : { body: fields }
    const response = await this.#handle(
      new Request(withoutFragment, { method, headers, redirect: 'manual', ...body }),
    )
    this.jar.take(response)
    return response
  }

  async #show(url: URL, response: Response): Promise<Stop> {
    const source = await response.text()
    const document = parse(source, { blockTextElements: { script: true, noscript: true } })
    const page: ServerPage = {
      kind: 'page',
      url,
      status: response.status,
      headers: response.headers,
      document,
      text: document.structuredText,
    }
    const script = document.querySelector('script')?.rawText ?? ''
    const form = document.querySelector('form')
    if (form && /\.submit\(\)/u.test(script)) {
      expectScriptRuns(page, script)
      return this.#submitForm(page, form, fieldsOf(form))
    }
    this.pages.push(page)
    return page
  }
}

function arrival(url: URL, method: string, body: URLSearchParams | undefined): Arrival {
  return { kind: 'arrival', url, method: method === 'POST' ? 'POST' : 'GET', body }
}

/** What a form would send without a button: ticked boxes, fields and hidden values. */
function fieldsOf(form: HTMLElement): URLSearchParams {
  const fields = new URLSearchParams()
  for (const input of form.querySelectorAll('input')) {
    const name = input.getAttribute('name')
    const isTick = ['checkbox', 'radio'].includes(input.getAttribute('type') ?? '')
    if (name !== undefined && (!isTick || input.hasAttribute('checked')))
      fields.append(name, input.getAttribute('value') ?? (isTick ? 'on' : ''))
  }
  return fields
}

/** CSP Level 3 §6.7.3: the policy of the page lets the script run and its form be sent. */
function expectScriptRuns(page: ServerPage, script: string): void {
  const policy = page.headers.get('content-security-policy') ?? ''
  const hash = createHash('sha256').update(script).digest('base64')
  if (policy !== '') expect(policy).toContain(`'sha256-${hash}'`)
  const formAction = policy.split(';').find((each) => each.trim().startsWith('form-action'))
  if (formAction !== undefined) expect(formAction).toMatch(/https:|\*/u)
}
