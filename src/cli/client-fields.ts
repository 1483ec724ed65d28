/** The fields of an OAuth 2.0 client as flags of `create` and `update`. */

import { Option, type Command } from 'commander'
import type { Output } from './output.ts'
import { cell } from './output.ts'
import { field } from './api.ts'
import { collect, parseJsonFlag, parseList } from './flags.ts'

/** `list`: comma separated and repeatable; `words`: the same, joined by spaces on the wire. */
type Kind = 'text' | 'list' | 'words' | 'switch' | 'json'

interface ClientField {
  readonly flag: string
  /** Name on the wire. */
  readonly member: string
  readonly kind: Kind
  readonly byDefault?: unknown
  readonly about: string
}

const fields: readonly ClientField[] = [
  { flag: 'name', member: 'client_name', kind: 'text', about: 'name shown to users' },
  { flag: 'owner', member: 'owner', kind: 'text', about: 'who the client belongs to' },
  { flag: 'contact', member: 'contacts', kind: 'list', about: 'contact of the owner' },
  { flag: 'scope', member: 'scope', kind: 'words', about: 'scope that may be requested' },
  { flag: 'audience', member: 'audience', kind: 'list', about: 'audience that may be requested' },
  { flag: 'redirect-uri', member: 'redirect_uris', kind: 'list', about: 'redirect URI' },
  {
    flag: 'post-logout-callback',
    member: 'post_logout_redirect_uris',
    kind: 'list',
    about: 'URL to return to after logout',
  },
  {
    flag: 'grant-type',
    member: 'grant_types',
    kind: 'list',
    byDefault: ['authorization_code'],
    about: 'grant type that may be used',
  },
  {
    flag: 'response-type',
    member: 'response_types',
    kind: 'list',
    byDefault: ['code'],
    about: 'response type that may be used',
  },
  {
    flag: 'token-endpoint-auth-method',
    member: 'token_endpoint_auth_method',
    kind: 'text',
    byDefault: 'client_secret_basic',
    about:
      'authentication method: client_secret_basic, client_secret_post, private_key_jwt or none',
  },
  { flag: 'secret', member: 'client_secret', kind: 'text', about: 'secret; generated if absent' },
  {
    flag: 'access-token-strategy',
    member: 'access_token_strategy',
    kind: 'text',
    about: 'form of its access tokens: jwt or opaque',
  },
  {
    flag: 'allowed-cors-origin',
    member: 'allowed_cors_origins',
    kind: 'list',
    about: 'origin that may call the server from a browser',
  },
  { flag: 'jwks-uri', member: 'jwks_uri', kind: 'text', about: 'URL of the JSON Web Key Set' },
  {
    flag: 'sector-identifier-uri',
    member: 'sector_identifier_uri',
    kind: 'text',
    about: 'sector of pairwise subjects',
  },
  {
    flag: 'subject-type',
    member: 'subject_type',
    kind: 'text',
    byDefault: 'public',
    about: 'kind of subject: public or pairwise',
  },
  { flag: 'request-uri', member: 'request_uris', kind: 'list', about: 'URL of request objects' },
  {
    flag: 'request-object-signing-alg',
    member: 'request_object_signing_alg',
    kind: 'text',
    byDefault: 'RS256',
    about: 'algorithm of request objects',
  },
  { flag: 'client-uri', member: 'client_uri', kind: 'text', about: 'home page' },
  { flag: 'logo-uri', member: 'logo_uri', kind: 'text', about: 'URL of the logo' },
  { flag: 'policy-uri', member: 'policy_uri', kind: 'text', about: 'URL of the privacy policy' },
  { flag: 'tos-uri', member: 'tos_uri', kind: 'text', about: 'URL of the terms of service' },
  { flag: 'metadata', member: 'metadata', kind: 'json', byDefault: {}, about: 'any JSON' },
  { flag: 'skip-consent', member: 'skip_consent', kind: 'switch', about: 'never ask for consent' },
  {
    flag: 'skip-logout-consent',
    member: 'skip_logout_consent',
    kind: 'switch',
    about: 'never ask before logout',
  },
  {
    flag: 'backchannel-logout-callback',
    member: 'backchannel_logout_uri',
    kind: 'text',
    about: 'URL for back-channel logout',
  },
  {
    flag: 'backchannel-logout-session-required',
    member: 'backchannel_logout_session_required',
    kind: 'switch',
    about: 'send the session id there',
  },
  {
    flag: 'frontchannel-logout-callback',
    member: 'frontchannel_logout_uri',
    kind: 'text',
    about: 'URL for front-channel logout',
  },
  {
    flag: 'frontchannel-logout-session-required',
    member: 'frontchannel_logout_session_required',
    kind: 'switch',
    about: 'send the session id there',
  },
]

/** Adds a flag for each field. */
export function withClientFields(command: Command): Command {
  for (const each of fields) command.addOption(optionOf(each))
  return command.option(
    '--file <file>',
    'JSON file with the client, - for standard input; replaces the other client flags',
  )
}

function optionOf({ flag, kind, about, byDefault }: ClientField): Option {
  const hint = byDefault === undefined || kind === 'json' ? '' : ` (default: ${cell(byDefault)})`
  if (kind === 'switch') return new Option(`--${flag}`, about)
  if (kind === 'json') return new Option(`--${flag} <json>`, about).argParser(parseJsonFlag)
  if (kind === 'text') return new Option(`--${flag} <text>`, `${about}${hint}`)
  return new Option(`--${flag} <list>`, `${about}; repeatable or comma separated${hint}`).argParser(
    collect(parseList),
  )
}

/** The client of a `create`: every field, defaults included. */
export function clientFromFlags(command: Command): Record<string, unknown> {
  return Object.fromEntries(
    fields.map((each) => [each.member, onTheWire(each, valueOf(command, each) ?? defaultOf(each))]),
  )
}

/** The members that were given as flags, for an `update`. */
export function givenMembers(command: Command): readonly (readonly [string, unknown])[] {
  return fields.flatMap((each) => {
    const value = valueOf(command, each)
    return value === undefined ? [] : [[each.member, onTheWire(each, value)]]
  })
}

function valueOf(command: Command, { flag }: ClientField): unknown {
  return command.getOptionValue(
    flag.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase()),
  )
}

function defaultOf({ kind, byDefault }: ClientField): unknown {
  if (byDefault !== undefined) return byDefault
  if (kind === 'switch') return false
  return kind === 'text' ? '' : []
}

function onTheWire({ kind }: ClientField, value: unknown): unknown {
  return kind === 'words' && Array.isArray(value) ? value.join(' ') : value
}

const columns = [
  ['CLIENT ID', 'client_id'],
  ['CLIENT SECRET', 'client_secret'],
  ['GRANT TYPES', 'grant_types'],
  ['RESPONSE TYPES', 'response_types'],
  ['SCOPE', 'scope'],
  ['AUDIENCE', 'audience'],
  ['REDIRECT URIS', 'redirect_uris'],
] as const

/** How clients are printed; `json` as given, else one object for one client and a list for several. */
export function clientsOutput(clients: readonly unknown[], json?: unknown): Output {
  const single = clients.length === 1 && json === undefined
  return {
    columns: columns.map(([title]) => title),
    rows: clients.map((client) => columns.map(([, member]) => cell(field(client, member)))),
    single,
    ids: clients.map((client) => cell(field(client, 'client_id'))),
    json: json ?? (single ? clients[0] : clients),
  }
}
