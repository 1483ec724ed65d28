import type { Hooks } from '../load/run.ts'
import type { ServerUnderTest } from '../servers/server.ts'
import type { EventLoopDelay } from './event-loop.ts'
import { readMachineMs, readUsage } from './process-usage.ts'
import type { Usage } from './process-usage.ts'

/** What a server and its database used in one window. */
export interface Used {
  readonly serverMs: number | undefined
  readonly databaseMs: number | undefined
  /** CPU time of everything on the machine but server, database and generator; `undefined` when one of these is not known. */
  readonly otherMs: number | undefined
  /** At the end of the window. */
  readonly rssBytes: number | undefined
  readonly eventLoopDelay: EventLoopDelay | undefined
}

interface Reading {
  readonly server: Usage | undefined
  readonly database: Usage | undefined
  readonly machineMs: number | undefined
  readonly generatorMs: number
}

/** Reads the counters of a server at both ends of a window. */
export class Counters {
  readonly hooks: Hooks = {
    begin: () => {
      this.#server.eventLoop?.begin()
      this.#before = this.#read()
    },
    end: () => {
      this.#after = this.#read()
      this.#delay = this.#server.eventLoop?.read()
    },
  }
  readonly #server: ServerUnderTest
  #before: Reading | undefined
  #after: Reading | undefined
  #delay: Promise<EventLoopDelay> | undefined

  constructor(server: ServerUnderTest) {
    this.#server = server
  }

  /** After the window has ended. */
  async used(): Promise<Used> {
    const [before, after] = [this.#before, this.#after]
    const serverMs = difference(before?.server?.cpuMs, after?.server?.cpuMs)
    const databaseMs = difference(before?.database?.cpuMs, after?.database?.cpuMs)
    const machineMs = difference(before?.machineMs, after?.machineMs)
    const generatorMs = difference(before?.generatorMs, after?.generatorMs)
    const isKnown = machineMs !== undefined && serverMs !== undefined && generatorMs !== undefined
    return {
      serverMs,
      databaseMs,
      otherMs: isKnown
        ? Math.max(0, machineMs - serverMs - (databaseMs ?? 0) - generatorMs)
        : undefined,
      rssBytes: after?.server?.rssBytes,
      eventLoopDelay: await this.#delay,
    }
  }

  #read(): Reading {
    const { pid, databasePid } = this.#server
    const { user, system } = process.cpuUsage()
    return {
      server: readUsage(pid),
      database: readUsage(databasePid),
      machineMs: readMachineMs(),
      generatorMs: (user + system) / 1000,
    }
  }
}

function difference(before: number | undefined, after: number | undefined): number | undefined {
  return before === undefined || after === undefined ? undefined : after - before
}
