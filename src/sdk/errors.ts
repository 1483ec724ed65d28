/** What the methods of the client throw. */

/** The server refused. */
export class FirebrandError extends Error {
  override readonly name = 'FirebrandError'
  /** Name of the operation. */
  readonly operation: string
  /** HTTP status. */
  readonly status: number
  /** The OAuth code or the API's error, as in `{"error": …}`; `undefined` when the answer has none. */
  readonly code: string | undefined
  /** What went wrong, for developers. */
  readonly description: string | undefined
  /** The body: parsed if it is JSON, else text. */
  readonly body: unknown
  /** The response, its body already read. */
  readonly response: Response

  constructor(operation: string, response: Response, body: unknown) {
    const { code, description } = textsOf(body)
    const reason = [code, description].filter((text) => text !== undefined).join(': ')
    super(`${operation}: ${response.status}${reason === '' ? '' : ` ${reason}`}`)
    this.operation = operation
    this.status = response.status
    this.code = code
    this.description = description
    this.body = body
    this.response = response
  }
}

/** No answer arrived: the server could not be reached, or took too long. The failure of `fetch` is the `cause`. */
export class FirebrandConnectionError extends Error {
  override readonly name = 'FirebrandConnectionError'
  /** Name of the operation. */
  readonly operation: string
  readonly isTimeout: boolean

  constructor(operation: string, isTimeout: boolean, cause: unknown) {
    super(`${operation}: ${isTimeout ? 'the server took too long' : 'no answer'}`, { cause })
    this.operation = operation
    this.isTimeout = isTimeout
  }
}

type Texts = Pick<FirebrandError, 'code' | 'description'>

/** Reads the OAuth form, and the form of Ory's other errors, where `error` is an object. */
function textsOf(body: unknown): Texts {
  const error = member(body, 'error')
  if (typeof error === 'object') {
    return {
      code: textOf(member(error, 'message')),
      description: textOf(member(error, 'reason')),
    }
  }
  return { code: textOf(error), description: textOf(member(body, 'error_description')) }
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && name in value
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
