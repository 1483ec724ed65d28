import type { Operation, OriginName, Script, Step } from '../case.ts'
import { Connection } from './wire.ts'
import type { Address } from './wire.ts'

/** The addresses of a server; one without an admin listener has only `public`. */
export type Addresses = Readonly<{ public: Address; admin: Address | undefined }>

/** How long an operation may wait for one answer. */
const answerTimeoutMs = 15_000

/** A user and what it repeats. */
export interface ScriptedUser {
  readonly user: User
  readonly script: Script
}

/** When an operation was due, and who is told how long its requests took. */
export interface Due {
  readonly at: number
  /** Milliseconds of a request; those of the first one count from the time at which the operation was due. */
  readonly onRequest: (milliseconds: number) => void
  readonly onDone: () => void
}

/** A user: one connection per listener, one operation at a time. */
export class User {
  readonly #addresses: Addresses
  #connections: Partial<Record<OriginName, Connection>> = {}
  #reject: (error: Error) => void = () => {}
  #sentAt = 0
  #waiting = false
  #due: Due | undefined
  /** The next request counts from here instead of from its sending. */
  #dueAt: number | undefined

  constructor(addresses: Addresses) {
    this.#addresses = addresses
  }

  /** Opened when it is first needed: a server cuts off a connection on which nothing is sent. */
  async #connect(origin: OriginName): Promise<Connection> {
    const address = this.#addresses[origin]
    if (address === undefined) throw new Error(`no ${origin} listener`)
    const connection = await Connection.open(address)
    connection.onError((error) => this.#reject(error))
    this.#connections[origin] = connection
    return connection
  }

  disconnect(): void {
    for (const connection of Object.values(this.#connections)) connection.close()
    this.#connections = {}
  }

  get bytesRead(): number {
    return Object.values(this.#connections).reduce((sum, each) => sum + each.bytesRead, 0)
  }

  /** Rejects what is under way when its answer is overdue. */
  failIfStuck(now: number): void {
    if (!this.#waiting || now - this.#sentAt <= answerTimeoutMs) return
    this.#reject(new Error(`no answer within ${answerTimeoutMs} ms`))
  }

  /** Performs one operation. */
  perform<T>(operation: Operation<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#reject = reject
      this.#due = undefined
      this.#advance(operation, resolve)
    })
  }

  /** Performs operations until `onDone`, called with the milliseconds of each, returns false. */
  loop(script: Script, onDone: (milliseconds: number) => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#reject = reject
      this.#due = undefined
      const next = (): void => {
        const startedAt = performance.now()
        this.#advance(script(), () => {
          if (onDone(performance.now() - startedAt)) next()
          else resolve()
        })
      }
      next()
    })
  }

  /** Begins one operation that was due at a time. @param reject called once when it fails. */
  begin(operation: Operation, due: Due, reject: (error: Error) => void): void {
    this.#reject = reject
    this.#due = due
    this.#dueAt = due.at
    this.#advance(operation, due.onDone)
  }

  #advance<T>(operation: Operation<T>, onReturn: (value: T) => void): void {
    const take = (step: ReturnType<Operation<T>['next']>): void => {
      if (step.done === true) {
        onReturn(step.value)
        return
      }
      const { origin, request } = step.value
      const connection = this.#connections[origin]
      if (connection !== undefined) send(connection, request)
      else this.#connect(origin).then((opened) => send(opened, request), this.#reject)
    }
    const send = (connection: Connection, request: Step['request']): void => {
      this.#sentAt = performance.now()
      this.#waiting = true
      const countedFrom = this.#dueAt ?? this.#sentAt
      this.#dueAt = undefined
      connection.send(request, (answer) => {
        this.#waiting = false
        this.#due?.onRequest(performance.now() - countedFrom)
        try {
          take(operation.next(answer))
        } catch (error) {
          this.#reject(error as Error)
        }
      })
    }
    take((operation as Generator).next() as ReturnType<Operation<T>['next']>)
  }
}
