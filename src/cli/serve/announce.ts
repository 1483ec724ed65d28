/** What the log is told when a server starts. */

import type { Loaded } from '../../config/load.ts'
import type { LogOptions } from '../../node/log.ts'
import type { Cli } from '../cli.ts'
import type { Log } from '../../context.ts'
import type { Part } from './listeners.ts'
import type { Report } from './messages.ts'

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

/** Tells the log, and in dev mode the terminal, that the server is there. @param workers processes that serve, if there are several. */
export async function announce(
  cli: Cli,
  loaded: Loaded,
  {
    report,
    log,
    workers,
  }: { readonly report: Report; readonly log: Log; readonly workers?: number },
): Promise<void> {
  const milliseconds = Math.round(performance.now())
  const { public: publicUrl, admin: adminUrl, demo } = report
  log.info({ public: publicUrl, admin: adminUrl, milliseconds, workers }, 'Listening.')
  if (!loaded.config.dev) return
  // Whoever supervises needs nothing of the server but this text.
  const { welcome } = await import('./welcome.ts')
  cli.stdout(welcome(loaded, { demo, milliseconds, program: cli.program }))
}

/** What a process that serves has to report. */
export function reportOf({
  listeners,
  demo,
}: {
  readonly listeners: Pick<Report, 'public' | 'admin'>
  readonly demo: Report['demo']
}): Report {
  const { public: publicUrl, admin: adminUrl } = listeners
  return { public: publicUrl, admin: adminUrl, demo }
}
