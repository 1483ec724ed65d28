/** Opens the sockets that the configuration names. */

import { readFileSync } from 'node:fs'
import type { Config } from '../../config/schema.ts'
import type { Log } from '../../context.ts'
import type { Firebrand } from '../../firebrand.ts'
import type { FetchHandler } from '../../http/handler.ts'
import { withClientAddress } from '../../node/client-address.ts'
import { listen, listenLimits, type ListenOptions, type Listener } from '../../node/listen.ts'
import { CliError } from '../cli.ts'
import { requireTermination } from './termination.ts'
import { certificateOf, terminatingNetworks, tlsKeysOf, watchCertificate } from './tls.ts'

/** Which APIs this process serves. */
export type Part = 'all' | 'public' | 'admin'

/** The sockets of a server; `undefined` for the API that is not served on one of its own. */
export interface Listeners {
  readonly public: string | undefined
  readonly admin: string | undefined
  /** From now on every response ends its connection. */
  retire(): void
  /** Lets running requests end, for `graceMilliseconds` at most; connections without one may linger. */
  close(graceMilliseconds: number, lingerMilliseconds?: number): Promise<void>
}

/**
 * Starts to listen.
 * @throws CliError when an address cannot be used; nothing is left open then.
 */
export async function openListeners(
  config: Config,
  firebrand: Firebrand,
  { part, log }: { readonly part: Part; readonly log: Log },
): Promise<Listeners> {
  const open: { readonly listener: Listener; readonly unwatch: () => void }[] = []
  const close = async (grace: number, linger?: number): Promise<void> => {
    for (const { unwatch } of open) unwatch()
    await Promise.all(open.map(({ listener }) => listener.close(grace, linger)))
  }
  const retire = () => {
    for (const { listener } of open) listener.retire()
  }
  const urls: Partial<Record<'public' | 'admin', string>> = {}
  try {
    for (const { side, handler } of sidesOf(config, firebrand, part)) {
      const opened = await openListener(config, side, { handler, log })
      open.push(opened)
      urls[side] = opened.listener.url
    }
  } catch (error) {
    await close(0)
    throw error
  }
  return { public: urls.public, admin: urls.admin, retire, close }
}

type ServeSide = Config['serve']['public' | 'admin']

interface Side {
  readonly side: 'public' | 'admin'
  readonly handler: FetchHandler
}

function sidesOf({ serve }: Config, firebrand: Firebrand, part: Part): readonly Side[] {
  if (serve.one_origin) return [{ side: 'public', handler: firebrand.oneOrigin }]
  const sides: readonly Side[] = [
    { side: 'public', handler: firebrand.public },
    { side: 'admin', handler: firebrand.admin },
  ]
  return sides.filter(({ side }) => part === 'all' || part === side)
}

async function openListener(
  config: Config,
  side: 'public' | 'admin',
  { handler, log }: { readonly handler: FetchHandler; readonly log: Log },
) {
  const { host, port, socket } = config.serve[side]
  const keys = tlsKeysOf(config, side)
  const networks = terminatingNetworks(keys)
  const tls = certificateOf(keys, side)
  const options: ListenOptions = {
    host,
    port,
    socket: {
      mode: socket.mode,
      ...idOf('uid', socket.owner, '/etc/passwd'),
      ...idOf('gid', socket.group, '/etc/group'),
    },
    ...listenLimits(config.limits),
    ...(tls === undefined ? {} : { tls }),
  }
  const resolved = withClientAddress(handler, trustOf(config.serve[side]))
  // The proxy's own address decides whether its word on TLS counts.
  const guarded = networks.length === 0 ? resolved : requireTermination(resolved, networks)
  try {
    const listener = await listen(guarded, options)
    const replace = listener.setCertificate.bind(listener)
    return { listener, unwatch: watchCertificate(keys, side, { log, replace }) }
  } catch (error) {
    throw new CliError(describe(error, side, `${host}:${port}`), { cause: error })
  }
}

function trustOf({ host, trusted_proxies: proxies, forwarded_header: header }: ServeSide) {
  const networks = proxies.filter((each) => each !== 'unix')
  // On a TCP listener a peer without an address is one that has gone, not a proxy.
  const unnamedPeers = host.startsWith('unix:') && proxies.includes('unix')
  return { networks, unnamedPeers, header }
}

function describe(error: unknown, side: 'public' | 'admin', address: string): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: 'another program uses it',
    EACCES: 'this user may not',
    EADDRNOTAVAIL: 'this machine has no such address',
    ENOTFOUND: 'there is no such name',
  }
  return `Could not listen on ${address}: ${reasons[code] ?? code}. Set serve.${side}.host and serve.${side}.port.`
}

/** A numeric id as it is, a name as the system's table has it. */
function idOf<Name extends string>(
  member: Name,
  name: string,
  table: string,
): Partial<Record<Name, number>> {
  if (name === '') return {}
  const id = /^\d+$/.test(name) ? name : lookUp(name, table)
  if (id === undefined) throw new CliError(`There is no ${name} in ${table}, for the unix socket.`)
  return { [member]: Number(id) } as Record<Name, number>
}

function lookUp(name: string, table: string): string | undefined {
  const lines = readFileSync(table, 'utf8').split('\n')
  return lines.map((line) => line.split(':')).find(([first]) => first === name)?.[2]
}
