import type { Case, Dialect, Operation, OriginName, Script, Step } from '../case.ts'
import { Connection } from './wire.ts'
import type { Address } from './wire.ts'

/** The addresses of a server; one without an admin listener has only `public`. */
export type Addresses = Readonly<{ public: Address; admin: Address | undefined }>

/** What one measured window gave. */
export interface Window {
  readonly operations: number
  readonly seconds: number
  /** Milliseconds of every operation that ended in the window, sorted. */
  readonly latencies: Float64Array
  /** Bytes of the answers. */
  readonly bytes: number
  /** Share of the window in which the generator had something to do. */
  readonly busyShare: number
}

/** How long an operation may wait for one answer. */
const answerTimeoutMs = 15_000

/**
 * A closed-loop user: one connection per listener, one operation at a time, the next one at once.
 */
class User {
  readonly #addresses: Addresses
  #connections: Partial<Record<OriginName, Connection>> = {}
  #reject: (error: Error) => void = () => {}
  #sentAt = 0
  #waiting = false

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

  /** Whether an answer is overdue. */
  isStuck(now: number): boolean {
    return this.#waiting && now - this.#sentAt > answerTimeoutMs
  }

  /** Rejects what `perform` or `loop` promised. */
  fail(error: Error): void {
    this.#reject(error)
  }

  /** Performs one operation. */
  perform<T>(operation: Operation<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#reject = reject
      this.#advance(operation, resolve)
    })
  }

  /** Performs operations until `onDone`, called with the milliseconds of each, returns false. */
  loop(script: Script, onDone: (milliseconds: number) => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#reject = reject
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
      connection.send(request, (answer) => {
        this.#waiting = false
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

/**
 * Keeps the generator from sleeping while it waits for answers. A process that sleeps is woken by the kernel in the time of the
 * server that writes to it, on a virtual machine for as long as a small answer takes in all; the slower a server, the more
 * often. Awake, every server pays the same for a write. A database on the generator's core would be starved by that: then it sleeps.
 */
class Awake {
  readonly #progress: () => number
  readonly #polls: boolean
  #cpu = process.cpuUsage()
  #last: number
  #lastAt = performance.now()
  #idleMs = 0
  #isStopped = false

  /** @param progress a number that grows with every answer. */
  constructor(progress: () => number, polls: boolean) {
    this.#progress = progress
    this.#polls = polls
    this.#last = progress()
    if (polls) this.#turn()
  }

  begin(): void {
    this.#idleMs = 0
    this.#cpu = process.cpuUsage()
  }

  /** Share of the time since `begin` in which there was something to do: turns of the event loop with answers, or time on the processor. */
  busyShare(seconds: number): number {
    if (this.#polls) return 1 - this.#idleMs / 1000 / seconds
    const { user, system } = process.cpuUsage(this.#cpu)
    return (user + system) / 1_000_000 / seconds
  }

  stop(): void {
    this.#isStopped = true
  }

  #turn(): void {
    const now = performance.now()
    const progress = this.#progress()
    if (progress === this.#last) this.#idleMs += now - this.#lastAt
    this.#last = progress
    this.#lastAt = now
    if (!this.#isStopped) setImmediate(() => this.#turn())
  }
}

/** How long a run takes, and how it waits. */
export interface LoadTimes {
  readonly warmUpMs: number
  readonly windowMs: number
  /** Whether the generator polls while it waits; not beside a database on its core. */
  readonly polls?: boolean
}

/** One case on one server: its users are set up once, then run in as many windows as there are rounds. */
export class Load {
  readonly #users: { user: User; script: Script }[] = []

  /** Sets up the connections' scripts, one after the other. */
  static async prepare(
    test: Case,
    dialect: Dialect,
    options: { addresses: Addresses; connections: number },
  ): Promise<Load> {
    const load = new Load()
    for (let index = 0; index < options.connections; index++) {
      const user = new User(options.addresses)
      try {
        const script = await user.perform(test.prepare(dialect))
        load.#users.push({ user, script })
      } finally {
        user.disconnect()
      }
    }
    return load
  }

  /**
   * Runs all users for a warm-up and a measured window, lets the operations in flight end, and disconnects.
   *
   * @param hooks called at the two ends of the measured window, to read counters.
   * @throws the first unexpected answer, broken connection or overdue answer.
   */
  async run(times: LoadTimes, hooks: { begin: () => void; end: () => void }): Promise<Window> {
    const latencies: number[] = []
    let phase: 'warm-up' | 'window' | 'ending' = 'warm-up'
    const onDone = (milliseconds: number): boolean => {
      if (phase === 'window') latencies.push(milliseconds)
      return phase !== 'ending'
    }
    const awake = new Awake(() => this.#bytesRead(), times.polls ?? true)
    const watch = setInterval(() => this.#failStuck(), 1000)
    try {
      const loops = Promise.all(this.#users.map(({ user, script }) => user.loop(script, onDone)))
      await Promise.race([sleep(times.warmUpMs), loops])
      hooks.begin()
      awake.begin()
      const bytesBefore = this.#bytesRead()
      phase = 'window'
      const startedAt = performance.now()
      await Promise.race([sleep(times.windowMs), loops])
      const seconds = (performance.now() - startedAt) / 1000
      const busyShare = awake.busyShare(seconds)
      phase = 'ending'
      hooks.end()
      const bytes = this.#bytesRead() - bytesBefore
      await loops
      return {
        operations: latencies.length,
        seconds,
        latencies: Float64Array.from(latencies).sort(),
        bytes,
        busyShare,
      }
    } finally {
      phase = 'ending'
      clearInterval(watch)
      awake.stop()
      for (const { user } of this.#users) user.disconnect()
    }
  }

  #bytesRead(): number {
    return this.#users.reduce((sum, { user }) => sum + user.bytesRead, 0)
  }

  #failStuck(): void {
    const now = performance.now()
    for (const { user } of this.#users) {
      if (user.isStuck(now)) user.fail(new Error(`no answer within ${answerTimeoutMs} ms`))
    }
  }
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
