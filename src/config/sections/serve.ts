import { z } from 'zod'
import { cors } from './cors.ts'
import { optionalSection, section, tolerantSection, uriReference } from '../value-types.ts'

const pem = (what: string, secret: boolean) =>
  z
    .strictObject({
      path: z
        .string()
        .min(1)
        .optional()
        .meta({ description: `File with the PEM text.`, examples: [`/etc/tls/${what}.pem`] }),
      base64: z
        .base64('must be standard base64 of the PEM text')
        .optional()
        .meta({ description: 'Base64 of the PEM text.', ...(secret ? { writeOnly: true } : {}) }),
    })
    .refine((value) => (value.path === undefined) !== (value.base64 === undefined), {
      error: 'must have exactly one of path and base64',
    })
    .optional()
    .meta({ description: `The TLS ${what}: one of \`path\` and \`base64\`.` })

const tlsKeys = () => ({
  enabled: z
    .boolean()
    .optional()
    .meta({
      description: 'Serve HTTPS with the certificate below.',
      examples: [true],
    }),
  cert: pem('certificate', false),
  key: pem('private key', true),
  allow_termination_from: z
    .array(z.union([z.cidrv4(), z.cidrv6()], { error: 'must be a CIDR such as 10.0.0.0/8' }))
    .optional()
    .meta({
      description:
        'Networks of proxies that terminate TLS. When set, the listener speaks plain HTTP and accepts only requests that such a proxy forwarded from HTTPS.',
      examples: [['127.0.0.1/32', '10.0.0.0/8']],
    }),
})

function listener(name: 'public' | 'admin', port: number) {
  return tolerantSection(
    {
      host: z
        .string()
        .min(1)
        .default('0.0.0.0')
        .meta({
          description: 'Interface to listen on, or `unix:/path/to.sock`.',
          examples: ['127.0.0.1', 'unix:/run/firebrand.sock'],
        }),
      port: z
        .int('must be a port number')
        .min(1, 'must be between 1 and 65535')
        .max(65535, 'must be between 1 and 65535')
        .default(port)
        .meta({ description: 'TCP port to listen on.', examples: [port] }),
      base_url: uriReference()
        .optional()
        .meta({ description: 'Accepted for compatibility; has no effect.' }),
      socket: section(
        {
          owner: z.string().default('').meta({ description: 'Owner of the unix socket.' }),
          group: z.string().default('').meta({ description: 'Group of the unix socket.' }),
          mode: z
            .int('must be a file mode')
            .min(0, 'must be between 0 and 511')
            .max(0o777, 'must be between 0 and 511')
            .default(0o755)
            .meta({
              description: 'File mode of the unix socket; decimal in JSON, YAML may write 0755.',
              examples: [493],
            }),
        },
        'The unix socket, when `host` names one.',
      ),
      request_log: section(
        {
          disable_for_health: z
            .boolean()
            .default(false)
            .meta({
              description: 'Leave health checks and metrics out of the access log.',
              examples: [true],
            }),
        },
        'The access log.',
      ),
      trusted_proxies: z
        .array(
          z.union([z.cidrv4(), z.cidrv6(), z.literal('unix')], {
            error: 'must be a CIDR such as 10.0.0.0/8, or unix for the peers of a unix socket',
          }),
        )
        .default([])
        .meta({
          description:
            'Proxies that are believed when they report the address of a client, for rate limits and the access log. The last address that is not of such a proxy counts; anybody else is known by the address of the socket.',
          examples: [['10.0.0.0/8', 'fd00::/8']],
        }),
      forwarded_header: z
        .enum(['x-forwarded-for', 'forwarded'])
        .default('x-forwarded-for')
        .meta({
          description:
            'Header in which `trusted_proxies` report addresses: the one that they set or append to. The other one is never read, since a proxy may pass it on as a client sent it.',
          examples: ['forwarded'],
        }),
      tls: optionalSection(
        tlsKeys(),
        `TLS of the ${name} listener; an unset key falls back to \`serve.tls\`.`,
      ),
      cors: cors(name),
    },
    `The ${name} listener.`,
  )
}

const cookieName = (byDefault: string, what: string) =>
  z
    .string()
    .regex(/^[\w!#$%&'*+.^`|~-]+$/, 'must be a cookie name (RFC 6265 §4.1.1)')
    .default(byDefault)
    .meta({ description: `Name of the ${what} cookie; in dev mode \`_dev\` is appended.` })

/** Keys below `serve`. */
export const serve = section(
  {
    public: listener('public', 4444),
    admin: listener('admin', 4445),
    workers: z
      .int('must be a number of processes')
      .min(1, 'must be between 1 and 512')
      .max(512, 'must be between 1 and 512')
      .optional()
      .meta({
        description:
          'Processes that serve, all on the same addresses; `--workers` sets it too. Unset: as many as the machine has processors, and 1 in dev mode and with a database in memory. With more than one, a process above them replaces those that end and restarts them one by one on SIGHUP.',
        examples: [4],
      }),
    one_origin: z
      .boolean()
      .default(false)
      .meta({
        description:
          'Serve the admin API under `/admin` on the public listener too, and open no admin listener.',
        examples: [true],
      }),
    tls: section(tlsKeys(), 'TLS of both listeners.'),
    cookies: section(
      {
        same_site_mode: z
          .enum(['Strict', 'Lax', 'None'])
          .default('None')
          .meta({
            description:
              '`SameSite` of all cookies. `None` becomes `Lax` when the issuer is not https.',
            examples: ['Lax'],
          }),
        same_site_legacy_workaround: z.boolean().default(false).meta({
          description:
            'With `None`, also set a CSRF cookie without `SameSite` for browsers that know no better.',
        }),
        domain: z
          .string()
          .optional()
          .meta({ description: '`Domain` of all cookies.', examples: ['example.com'] }),
        secure: z.boolean().default(false).meta({
          description: '`Secure` of all cookies in dev mode; outside dev mode they always are.',
        }),
        names: tolerantSection(
          {
            login_csrf: cookieName('ory_hydra_login_csrf', 'login CSRF'),
            consent_csrf: cookieName('ory_hydra_consent_csrf', 'consent CSRF'),
            device_csrf: cookieName('ory_hydra_device_csrf', 'device CSRF'),
            session: cookieName('ory_hydra_session', 'session'),
          },
          'Names of the cookies.',
        ),
        paths: tolerantSection(
          {
            session: z
              .string()
              .startsWith('/', 'must start with /')
              .default('/')
              .meta({ description: '`Path` of the session cookie.', examples: ['/'] }),
          },
          'Paths of the cookies.',
        ),
      },
      'Cookies of the authorization endpoint.',
    ),
  },
  'What listens where.',
)
