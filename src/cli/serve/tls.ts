/** Certificates of the listeners. */

import { readFileSync, unwatchFile, watchFile } from 'node:fs'
import type { Log } from '../../context.ts'
import type { Config } from '../../config/schema.ts'
import { CliError } from '../cli.ts'

/** PEM texts. */
export interface Certificate {
  readonly cert: string
  readonly key: string
}

type TlsKeys = Config['serve']['tls']
type Source = NonNullable<TlsKeys['cert']>

/** TLS keys of one listener; a key that it leaves unset is the shared one. */
export function tlsKeysOf({ serve }: Config, side: 'public' | 'admin'): TlsKeys {
  const own = Object.entries(serve[side].tls ?? {}).filter(([, value]) => value !== undefined)
  return { ...serve.tls, ...Object.fromEntries(own) }
}

/** Networks whose proxies terminate TLS for a listener; none means that it is not meant for that. */
export function terminatingNetworks(keys: TlsKeys): readonly string[] {
  return keys.allow_termination_from ?? []
}

/**
 * The certificate to serve with; `undefined` for plain HTTP.
 * @throws CliError when TLS is on and there is no usable certificate.
 */
export function certificateOf(keys: TlsKeys, side: 'public' | 'admin'): Certificate | undefined {
  if (keys.enabled !== true || terminatingNetworks(keys).length > 0) return undefined
  if (keys.cert === undefined || keys.key === undefined) {
    throw new CliError(
      `TLS of the ${side} listener needs serve.tls.cert and serve.tls.key; self-signed certificates are not made.`,
    )
  }
  return { cert: read(keys.cert, 'certificate'), key: read(keys.key, 'private key') }
}

function read(source: Source, what: string): string {
  if (source.base64 !== undefined) return Buffer.from(source.base64, 'base64').toString('utf8')
  const { path = '' } = source
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new CliError(`The TLS ${what} ${path} could not be read.`, { cause: error })
  }
}

const pollMilliseconds = 5000

/**
 * Hands over the pair again whenever the certificate file changes; what cannot be used is logged, and the old pair stays.
 * @returns a function that ends this.
 */
export function watchCertificate(
  keys: TlsKeys,
  side: 'public' | 'admin',
  { log, replace }: { readonly log: Log; readonly replace: (certificate: Certificate) => void },
): () => void {
  const path = keys.cert?.path
  if (path === undefined) return () => undefined
  const changed = (): void => {
    try {
      const certificate = certificateOf(keys, side)
      if (certificate === undefined) return
      replace(certificate)
      log.info({ listener: side }, 'The TLS certificate was replaced.')
    } catch (error) {
      // A pair that is being written, or does not fit: the server goes on with the one it has.
      log.error({ error, listener: side }, 'The new TLS certificate cannot be used.')
    }
  }
  watchFile(path, { interval: pollMilliseconds, persistent: false }, changed)
  return () => unwatchFile(path, changed)
}
