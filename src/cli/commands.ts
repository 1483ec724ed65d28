/** The commands: one line each. The file of a command is loaded only when it may be needed, so that `serve` starts quickly. */

import type { Command } from 'commander'
import type { CommandFactory } from './cli.ts'
import { withConfigAndDev, withServing } from './config-flags.ts'

/** A command that only holds others. */
export interface Group {
  readonly path: string
  readonly about: string
  readonly aliases?: readonly string[]
  /** The member that runs when none is named. */
  readonly fallback?: string
  /** Adds flags that are given before or after the member's name. */
  readonly flags?: (command: Command) => Command
}

/** One command. */
export interface Row {
  /** Words of the command; all but the last name groups. */
  readonly path: string
  readonly aliases?: readonly string[]
  /** Works, but is left out of the help. */
  readonly hidden?: boolean
  readonly load: () => Promise<CommandFactory>
}

/** The groups of commands, in the order of the help. */
export const groups: readonly Group[] = [
  { path: 'serve', about: 'start the server', fallback: 'all', flags: withServing },
  { path: 'migrate', about: 'prepare the database', flags: withConfigAndDev },
  { path: 'migrate sql', about: 'prepare the database', fallback: 'up' },
  { path: 'create', about: 'create a resource' },
  { path: 'get', about: 'print a resource' },
  { path: 'list', about: 'list resources', aliases: ['ls'] },
  { path: 'update', about: 'change a resource' },
  { path: 'delete', about: 'delete a resource' },
  { path: 'import', about: 'create resources from files' },
  { path: 'perform', about: 'run an OAuth 2.0 flow' },
  { path: 'introspect', about: 'look into a token' },
  { path: 'revoke', about: 'end a token' },
  {
    path: 'accounts',
    about: 'manage the accounts of the built-in login page',
    flags: withConfigAndDev,
  },
  { path: 'config', about: 'help with configuration files' },
]

const client = ['client', 'clients', 'oauth2-clients']

/** Every command. */
export const commands: readonly Row[] = [
  { path: 'serve all', load: async () => (await import('./commands/serve.ts')).serveAll },
  { path: 'serve public', load: async () => (await import('./commands/serve.ts')).servePublic },
  { path: 'serve admin', load: async () => (await import('./commands/serve.ts')).serveAdmin },
  {
    path: 'create oauth2-client',
    aliases: ['client'],
    load: async () => (await import('./commands/create-client.ts')).createClient,
  },
  {
    path: 'get oauth2-client',
    aliases: client,
    load: async () => (await import('./commands/get-client.ts')).getClient,
  },
  {
    path: 'list oauth2-clients',
    aliases: ['clients'],
    load: async () => (await import('./commands/list-clients.ts')).listClients,
  },
  {
    path: 'update oauth2-client',
    aliases: ['client'],
    load: async () => (await import('./commands/update-client.ts')).updateClient,
  },
  {
    path: 'delete oauth2-client',
    aliases: client,
    load: async () => (await import('./commands/delete-client.ts')).deleteClient,
  },
  {
    path: 'import oauth2-client',
    aliases: client,
    load: async () => (await import('./commands/import-client.ts')).importClient,
  },
  {
    path: 'delete access-tokens',
    load: async () => (await import('./commands/delete-access-tokens.ts')).deleteAccessTokens,
  },
  {
    path: 'perform client-credentials',
    load: async () =>
      (await import('./commands/perform-client-credentials.ts')).performClientCredentials,
  },
  {
    path: 'perform authorization-code',
    load: async () =>
      (await import('./commands/perform-authorization-code.ts')).performAuthorizationCode,
  },
  {
    path: 'perform device-code',
    load: async () => (await import('./commands/perform-device-code.ts')).performDeviceCode,
  },
  {
    path: 'introspect token',
    load: async () => (await import('./commands/introspect-token.ts')).introspectToken,
  },
  {
    path: 'revoke token',
    load: async () => (await import('./commands/revoke-token.ts')).revokeToken,
  },
  {
    path: 'create jwk',
    aliases: ['jwks'],
    load: async () => (await import('./commands/create-jwk.ts')).createJwk,
  },
  {
    path: 'get jwk',
    aliases: ['jwks'],
    load: async () => (await import('./commands/get-jwk.ts')).getJwk,
  },
  {
    path: 'delete jwk',
    aliases: ['jwks'],
    load: async () => (await import('./commands/delete-jwk.ts')).deleteJwk,
  },
  {
    path: 'import jwk',
    load: async () => (await import('./commands/import-jwk.ts')).importJwk,
  },
  {
    path: 'migrate sql up',
    load: async () => (await import('./commands/migrate-up.ts')).migrateUp,
  },
  {
    path: 'migrate sql status',
    load: async () => (await import('./commands/migrate-status.ts')).migrateStatus,
  },
  {
    path: 'migrate sql plan',
    load: async () => (await import('./commands/migrate-plan.ts')).migratePlan,
  },
  {
    path: 'migrate sql down',
    load: async () => (await import('./commands/migrate-down.ts')).migrateDown,
  },
  {
    path: 'migrate up',
    load: async () => (await import('./commands/migrate-up.ts')).migrateUp,
  },
  {
    path: 'migrate status',
    load: async () => (await import('./commands/migrate-status.ts')).migrateStatus,
  },
  {
    path: 'migrate plan',
    load: async () => (await import('./commands/migrate-plan.ts')).migratePlan,
  },
  {
    path: 'accounts create',
    load: async () => (await import('./commands/accounts-create.ts')).accountsCreate,
  },
  {
    path: 'accounts list',
    load: async () => (await import('./commands/accounts-list.ts')).accountsList,
  },
  {
    path: 'accounts delete',
    load: async () => (await import('./commands/accounts-delete.ts')).accountsDelete,
  },
  {
    path: 'accounts update',
    load: async () => (await import('./commands/accounts-update.ts')).accountsUpdate,
  },
  {
    path: 'accounts set-password',
    load: async () => (await import('./commands/accounts-set-password.ts')).accountsSetPassword,
  },
  { path: 'janitor', load: async () => (await import('./commands/janitor.ts')).janitor },
  {
    path: 'config schema',
    load: async () => (await import('./commands/config-schema.ts')).configSchema,
  },
  { path: 'version', load: async () => (await import('./commands/version.ts')).version },
]
