import type { Parameters } from '../dsn-parameters.ts'

/**
 * Takes a DSN with several servers apart into one connection string per server, as libpq reads them (PostgreSQL manual,
 * 32.1.1.3): `user:password@a:5432,b:5433/name`, or the parameters `host=a,b&port=5432,5433`, where one port is for all.
 *
 * @param address what stands between `postgres://` and `?`.
 * @param parameters of which all that are not the driver's have been taken.
 */
export function readServers(address: string, parameters: Parameters): readonly string[] {
  const slash = address.indexOf('/')
  const authority = slash === -1 ? address : address.slice(0, slash)
  const path = slash === -1 ? '' : address.slice(slash)
  const at = authority.lastIndexOf('@') + 1
  const credentials = authority.slice(0, at)
  const hosts = parameters.text('host')?.split(',')
  const ports = parameters.text('port')?.split(',')
  const others = parameters.remaining()
  const string = (host: string, extra: readonly string[]): string => {
    const query = [...extra, others].filter((it) => it !== '').join('&')
    return `postgres://${credentials}${host}${path}${query === '' ? '' : `?${query}`}`
  }
  const port = (index: number): readonly string[] => {
    const it = ports?.[index] ?? (ports?.length === 1 ? ports[0] : undefined)
    return it === undefined ? [] : [`port=${encodeURIComponent(it)}`]
  }
  if (hosts === undefined)
    return authority
      .slice(at)
      .split(',')
      .map((host, index) => string(host, port(index)))
  return hosts.map((host, index) =>
    string('', [`host=${encodeURIComponent(host)}`, ...port(index)]),
  )
}
