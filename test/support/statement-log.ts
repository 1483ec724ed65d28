/**
 * Every statement that reaches a database, seen from outside the server: at the driver of SQLite, on the wire of PostgreSQL. So it
 * counts what is executed, whatever the engine does to send it.
 */

import { once } from 'node:events'
import { connect, createServer, type AddressInfo } from 'node:net'
import { StatementSync } from 'node:sqlite'
import type { Engine } from './engines.ts'

/** What has been executed so far. */
export interface StatementLog {
  /** The DSN under which statements are seen. */
  readonly dsn: string
  /** Their SQL, in order. */
  readonly seen: string[]
  close(): Promise<void>
}

/** Begins to log the statements on a database of the engine. On SQLite all of this process are logged. */
export function logStatements({ name, dsn }: Engine): Promise<StatementLog> {
  return name === 'sqlite' ? Promise.resolve(logSqlite(dsn)) : logPostgres(dsn)
}

const runners = ['all', 'get', 'iterate', 'run'] as const

function logSqlite(dsn: string): StatementLog {
  const seen: string[] = []
  const prototype: Record<string, unknown> = StatementSync.prototype as never
  const originals = runners.map((name) => [name, prototype[name]] as const)
  for (const [name, original] of originals)
    prototype[name] = function logged(this: StatementSync, ...values: unknown[]): unknown {
      seen.push(this.sourceSQL)
      return Reflect.apply(original as () => unknown, this, values)
    }
  return {
    dsn,
    seen,
    close() {
      for (const [name, original] of originals) prototype[name] = original
      return Promise.resolve()
    },
  }
}

/** A proxy that reads what clients send. */
async function logPostgres(dsn: string): Promise<StatementLog> {
  const seen: string[] = []
  const target = new URL(dsn)
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname)
    const read = statementReader((sql) => seen.push(sql))
    client.on('data', read).pipe(upstream)
    upstream.pipe(client)
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const)
      socket.on('error', () => undefined).on('close', () => other.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = new URL(dsn)
  address.port = String((server.address() as AddressInfo).port)
  return {
    dsn: address.href,
    seen,
    async close() {
      server.close()
      await once(server, 'close')
    },
  }
}

/** Reads the messages of one client: simple queries, and executions of what it prepared and bound. */
function statementReader(tell: (sql: string) => void): (chunk: Buffer) => void {
  const prepared = new Map<string, string>()
  const portals = new Map<string, string>()
  let waiting = Buffer.alloc(0)
  let isStarted = false

  function take(type: string, body: Buffer): void {
    const [first = '', second = ''] = body.toString().split('\0', 2)
    if (type === 'Q') tell(first)
    if (type === 'P') prepared.set(first, second)
    if (type === 'B') portals.set(first, prepared.get(second) ?? '')
    if (type === 'E') tell(portals.get(first) ?? '')
  }

  return (chunk) => {
    waiting = Buffer.concat([waiting, chunk])
    for (;;) {
      // The first message has no type.
      const start = isStarted ? 1 : 0
      if (waiting.length < start + 4) return
      const end = start + waiting.readInt32BE(start)
      if (waiting.length < end) return
      if (isStarted) take(waiting.toString('latin1', 0, 1), waiting.subarray(5, end))
      isStarted = true
      waiting = waiting.subarray(end)
    }
  }
}
