import { z } from 'zod'
import { duration, section } from '../value-types.ts'

const rate = (requests: number, per: string, description: string) =>
  section(
    {
      requests: z
        .int()
        .min(0, 'must be at least 0')
        .default(requests)
        .meta({ description: 'Requests of one caller; `0` turns the limit off.', examples: [600] }),
      per: duration(per)
        .refine((value) => value > 0, 'must be longer than nothing')
        .meta({
          description: 'Time in which they may come, all at once or evenly.',
          examples: ['1m'],
        }),
    },
    description,
  )

const rates = section(
  {
    per_client: rate(
      0,
      '1m',
      'Authenticated requests of one client to the token, device authorization and revocation endpoints.',
    ),
    per_address: rate(
      0,
      '1m',
      'Requests of one address (IPv6: one /64) to the authorization and device verification endpoints and the forms of the built-in pages.',
    ),
    registrations: rate(600, '10m', 'Clients that one address (IPv6: one /64) may register.'),
    failed_authentications: rate(
      600,
      '10m',
      'Client authentications of one address (IPv6: one /64) that fail. Beyond them only clients whose credentials this process has verified before get in.',
    ),
    private_addresses: z
      .boolean()
      .default(false)
      .meta({
        description:
          'Count addresses of private networks and this machine too. Off, because such an address is often a proxy that `trusted_proxies` does not name.',
        examples: [true],
      }),
    remembered: z
      .int()
      .min(1, 'must be at least 1')
      .default(20_000)
      .meta({
        description: 'Callers that each limit remembers; the one not seen for longest goes first.',
        examples: [100_000],
      }),
  },
  'Requests over time, counted by each process for itself. Answers say what is left (`RateLimit-Policy`, `RateLimit`); beyond a limit they are 429 with `Retry-After`. Sign-in and user codes have limits of their own, which hold across processes.',
)

const count = (byDefault: number, least: number, description: string) =>
  z
    .int()
    .min(least, `must be at least ${least}`)
    .default(byDefault)
    .meta({ description, examples: [byDefault === 0 ? 1000 : byDefault * 2] })

const time = (byDefault: string, description: string) =>
  duration(byDefault)
    .refine((value) => value > 0, 'must be longer than nothing')
    .meta({ description, examples: ['20s'] })

const outgoing = (timeout: string, maxBytes: number, what: string) =>
  section(
    {
      timeout: time(timeout, 'Time for the whole exchange, redirects and repetitions included.'),
      max_bytes: count(maxBytes, 1, 'Longest response that is read.'),
    },
    what,
  )

const kibibyte = 1024
const mebibyte = 1024 * kibibyte

const outgoingLimits = section(
  {
    jwks: outgoing('10s', 10 * mebibyte, 'Key sets at a `jwks_uri` of a client.'),
    request_uri: outgoing('10s', mebibyte, 'Request objects at a `request_uri`.'),
    sector_identifier: outgoing('30s', 5 * mebibyte, 'Documents at a `sector_identifier_uri`.'),
    hook: outgoing('10s', 5 * mebibyte, 'Hooks of the token endpoint.'),
    back_channel_logout: outgoing('10s', 64 * kibibyte, 'Logout tokens for clients.'),
    identity_provider: outgoing(
      '30s',
      64 * kibibyte,
      'Ends of sessions at `urls.identity_provider`.',
    ),
  },
  'Requests that the server sends, by purpose.',
)

const timeouts = section(
  {
    headers: time('5s', 'Until the head of a request is there.'),
    request: time('5s', 'Until the whole request is there.'),
    inactivity: time('10s', 'Without any byte moving while a request is answered.'),
    idle: time('2m', 'Between two requests of one connection.'),
  },
  'How long peers may take; what takes longer is cut off.',
)

/** Keys below `limits`. */
export const limits = section(
  {
    max_body_bytes: z
      .int()
      .min(1024, 'must be at least 1024')
      .default(1_048_576)
      .meta({ description: 'Longest request body that is read.', examples: [4_194_304] }),
    max_url_bytes: count(16_384, 1024, 'Longest URL of a request; a longer one gets 414.'),
    max_header_bytes: count(
      32_768,
      8192,
      'Longest head of a request, its URL included; a longer one gets 431.',
    ),
    max_headers: count(100, 20, 'Header fields of a request; more get 431.'),
    max_form_parameters: count(1000, 50, 'Parameters in a form.'),
    max_json_depth: count(100, 10, 'Levels that JSON in a request may nest.'),
    max_connections: count(0, 0, 'Connections of each listener and process; `0` for no limit.'),
    max_requests_per_connection: count(
      0,
      0,
      'Requests after which a connection is closed; `0` for no limit.',
    ),
    timeouts,
    password_hashes: section(
      {
        concurrent: count(2, 1, 'Hashes that a process computes at once.'),
        waiting: count(100, 0, 'Hashes that may wait for them; more get 503.'),
      },
      'Slow hashes: passwords of accounts and client secrets that somebody chose.',
    ),
    outgoing: outgoingLimits,
    rates,
  },
  'Limits of requests.',
)
