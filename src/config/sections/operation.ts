import { z } from 'zod'
import { duration, optionalSection, section, tolerantSection, uri } from '../value-types.ts'

/** Keys below `log`. */
export const log = section(
  {
    level: z
      .enum(['panic', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'])
      .default('info')
      .meta({ description: 'Least severity that is logged.', examples: ['debug'] }),
    format: z
      .enum(['json', 'json_pretty', 'text'])
      .default('text')
      .meta({ description: 'Form of log lines.', examples: ['json'] }),
    leak_sensitive_values: z.boolean().default(false).meta({
      description: 'Log query strings and header values as they are. Never in production.',
    }),
    redaction_text: z
      .string()
      .default('[redacted]')
      .meta({ description: 'What stands for a redacted value.', examples: ['***'] }),
  },
  'The log.',
)

/** Keys below `admin`. */
export const admin = section(
  {
    access: z
      .enum(['open', 'token'])
      .optional()
      .meta({
        description:
          'Who may call the admin API: `token` asks for one of `admin.tokens` as a bearer token, `open` lets everybody in who reaches the port. Unset: `open` in dev mode and on a loopback address or unix socket, otherwise `token`.',
        examples: ['token'],
      }),
    tokens: z
      .array(
        z
          .string()
          .min(
            32,
            'must be 64 hex digits (SHA-256 of a token) or a token of at least 32 characters',
          ),
      )
      .default([])
      .meta({
        description:
          'Accepted bearer tokens: the SHA-256 of a token in hex, or a token of at least 32 characters, which is hashed when it is read.',
        examples: [['9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08']],
        writeOnly: true,
      }),
  },
  'Access to the admin API.',
)

const algorithm = (what: string) =>
  section(
    {
      algorithm: z
        .enum(['RS256', 'ES256', 'EdDSA'])
        .default('RS256')
        .meta({
          description: `Algorithm of the key that is generated for ${what} on first use.`,
          examples: ['ES256'],
        }),
    },
    `Keys of ${what}.`,
  )

/** Keys below `signing`. */
export const signing = section(
  { id_token: algorithm('ID tokens'), access_token: algorithm('JWT access tokens') },
  'Signing keys.',
)

/** Keys below `account`. */
export const account = section(
  {
    enabled: z
      .boolean()
      .default(true)
      .meta({
        description: 'Serve the built-in pages in place of `urls.*` that are unset.',
        examples: [false],
      }),
  },
  'The built-in account pages.',
)

/** Keys below `janitor`. */
export const janitor = section(
  {
    enabled: z
      .boolean()
      .default(true)
      .meta({
        description: 'Remove expired rows while serving.',
        examples: [false],
      }),
    interval: duration('1m').meta({
      description: 'Pause before it looks again, once nothing is left.',
      examples: ['10m'],
    }),
    batch: z
      .int()
      .min(1, 'must be at least 1')
      .default(500)
      .meta({
        description: 'Most rows of each table that one statement removes.',
        examples: [100],
      }),
  },
  'The removal of expired rows.',
)

const text = (description: string) => z.string().optional().meta({ description })
const ratio = () =>
  z
    .number()
    .min(0, 'must be between 0 and 1')
    .max(1, 'must be between 0 and 1')
    .default(1)
    .meta({ description: 'Share of traces that are kept.', examples: [0.1] })

/** Keys below `hsm`. */
export const hsm = section(
  {
    enabled: z
      .boolean()
      .default(false)
      .meta({ description: 'Not supported: `true` stops the start with an error.' }),
    library: text('Accepted for compatibility.'),
    pin: z
      .string()
      .optional()
      .meta({ description: 'Accepted for compatibility.', writeOnly: true }),
    slot: z.int().optional().meta({ description: 'Accepted for compatibility.' }),
    token_label: text('Accepted for compatibility.'),
    key_set_prefix: z.string().default('').meta({ description: 'Accepted for compatibility.' }),
  },
  'Hardware security modules.',
)

/** Keys below `tracing`. */
export const tracing = optionalSection(
  {
    provider: z
      .enum(['jaeger', 'otel', 'zipkin'])
      .optional()
      .meta({ description: 'Where traces go.', examples: ['otel'] }),
    service_name: z
      .string()
      .default('Firebrand')
      .meta({ description: 'Name of this service in traces.' }),
    deployment_environment: text('Name of the environment in traces.'),
    providers: optionalSection(
      {
        jaeger: optionalSection(
          {
            local_agent_address: text('`host:port` of the agent.'),
            sampling: optionalSection(
              {
                server_url: uri().optional().meta({ description: 'Sampling server.' }),
                trace_id_ratio: ratio(),
              },
              'Sampling.',
            ),
          },
          'Jaeger.',
        ),
        zipkin: optionalSection(
          {
            server_url: uri().optional().meta({ description: 'Address of the collector.' }),
            sampling: optionalSection({ sampling_ratio: ratio() }, 'Sampling.'),
          },
          'Zipkin.',
        ),
        otlp: optionalSection(
          {
            server_url: text('`host:port` of the collector, without a scheme.'),
            insecure: z.boolean().optional().meta({ description: 'Use plain HTTP.' }),
            sampling: optionalSection({ sampling_ratio: ratio() }, 'Sampling.'),
            authorization_header: z
              .string()
              .optional()
              .meta({ description: '`Authorization` of the exporter.', writeOnly: true }),
          },
          'OTLP over HTTP.',
        ),
      },
      'Settings of each provider.',
    ),
  },
  'Tracing. The keys are accepted; no traces are sent yet.',
)

const ignored = { description: 'Accepted for compatibility; has no effect.' }

/** Keys that are accepted so that existing files load, and have no effect. */
export const accepted = {
  version: z
    .string()
    .regex(/^v\d+\.\d+\.\d+/, 'must be a version such as v2.2.0')
    .optional()
    .meta(ignored),
  profiling: z.enum(['cpu', 'mem']).optional().meta(ignored),
  db: section(
    { ignore_unknown_table_columns: z.boolean().default(false).meta(ignored) },
    'Accepted for compatibility.',
  ),
  cgroups: optionalSection(
    {
      v1: optionalSection(
        { auto_max_procs_enabled: z.boolean().default(false).meta(ignored) },
        'Accepted for compatibility.',
      ),
    },
    'Accepted for compatibility.',
  ),
  sqa: tolerantSection(
    {
      opt_out: z
        .boolean()
        .default(false)
        .meta({ description: 'There is no telemetry to opt out of; accepted for compatibility.' }),
    },
    'Accepted for compatibility.',
  ),
  feature_flags: tolerantSection(
    {
      legacy_allow_insecure_origins: z.boolean().default(false).meta({
        description:
          'Let CORS wildcards stand for any part of an origin. Unset, `https://*foo.com` and `https://*.com` admit nobody, since strangers can register names that match.',
      }),
    },
    'Switches for former behaviour.',
  ),
}
