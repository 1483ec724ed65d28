/** What the log is told when a server starts. */

import type { Loaded } from '../../config/load.ts'
import type { LogOptions } from '../../node/log.ts'
import type { Part } from './listeners.ts'

/** How the log is to be opened. */
export function logOptions({ config: { log } }: Pick<Loaded, 'config'>): LogOptions {
  return {
    level: log.level,
    format: log.format,
    leakSensitiveValues: log.leak_sensitive_values,
    redactionText: log.redaction_text,
  }
}

/** What an operator should know about a configuration that is accepted. */
export function warningsFor({ config, settings, warnings }: Loaded, part: Part): readonly string[] {
  const { admin } = settings
  const isClosed = admin.access === 'token' && admin.tokenHashes.length === 0
  const servesAdmin = part !== 'public' || config.serve.one_origin
  return isClosed && servesAdmin
    ? [
        ...warnings,
        'Nobody can use the admin API: admin.tokens is empty. Set a token, listen on a loopback address, or set admin.access to open.',
      ]
    : warnings
}
