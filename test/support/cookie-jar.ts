/** What a browser keeps between requests: enough of RFC 6265 §5 for one site. */
export class CookieJar {
  readonly #cookies = new Map<string, string>()
  /** Every `Set-Cookie` header taken over, oldest first. */
  readonly received: string[] = []

  /** Takes over the cookies of a response; an expired one is forgotten. */
  take(response: Response): void {
    for (const header of response.headers.getSetCookie()) {
      this.received.push(header)
      const [pair = '', ...attributes] = header.split(';').map((part) => part.trim())
      const at = pair.indexOf('=')
      const name = pair.slice(0, at)
      const isExpired = attributes.some((each) => /^max-age=(?:0|-\d+)$/iu.test(each))
      if (isExpired) this.#cookies.delete(name)
      else this.#cookies.set(name, pair.slice(at + 1))
    }
  }

  /** Value of the `Cookie` header; `''` when there is nothing to send. */
  get header(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  }

  /** Names of the cookies that are kept. */
  get names(): readonly string[] {
    return [...this.#cookies.keys()]
  }

  get(name: string): string | undefined {
    return this.#cookies.get(name)
  }

  set(name: string, value: string): void {
    this.#cookies.set(name, value)
  }

  clear(): void {
    this.#cookies.clear()
  }
}
