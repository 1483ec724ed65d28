/**
 * The one source of the configuration: types, defaults, validation, JSON Schema and docs/configuration.md.
 * A key that is `writeOnly` is a secret and is never printed.
 */

import { z } from 'zod'
import { engineOf, unsupportedDsn } from './dsn.ts'
import { limits } from './sections/limits.ts'
import { oauth2 } from './sections/oauth2.ts'
import {
  accepted,
  account,
  admin,
  hsm,
  janitor,
  log,
  signing,
  tracing,
} from './sections/operation.ts'
import { clients, oidc, secrets, strategies, ttl, webfinger } from './sections/policy.ts'
import { serve } from './sections/serve.ts'
import { urls } from './sections/urls.ts'

/** The whole configuration. Unknown keys are refused, but where a section says otherwise. */
export const configSchema = z
  .strictObject({
    dsn: z
      .string()
      .min(1, { error: 'dsn must be set', abort: true })
      .refine((dsn) => engineOf(dsn) !== undefined, unsupportedDsn)
      .meta({
        description:
          'The database: `sqlite:///absolute/path.db`, `memory` (lost at exit) or `postgres://user:password@host:5432/database`. Pool parameters: `max_conns`, `max_idle_conns`, `max_conn_lifetime`, `max_conn_idle_time`.',
        examples: ['postgres://firebrand:secret@db:5432/firebrand?max_conns=20', 'memory'],
        writeOnly: true,
      }),
    dev: z
      .boolean()
      .default(false)
      .meta({
        description:
          'Development mode: http issuer, generated secrets, cookies with the suffix `_dev`, loopback listeners.',
        examples: [true],
      }),
    serve,
    urls,
    secrets,
    strategies,
    ttl,
    oauth2,
    oidc,
    webfinger,
    clients,
    admin,
    account,
    signing,
    limits,
    janitor,
    log,
    tracing,
    hsm,
    ...accepted,
  })
  .meta({ title: 'Firebrand configuration' })

/** A checked configuration: defaults applied, durations in milliseconds. */
export type Config = z.output<typeof configSchema>
