/** Rules between keys, applied after the schema. */

import { engineOf } from './dsn.ts'
import type { Config } from './schema.ts'

/** A broken rule and the key it is reported at. */
export interface Broken {
  readonly path: readonly string[]
  readonly rule: string
}

type Check = (config: Config) => Broken | undefined

const checks: readonly Check[] = [
  function httpsIssuer({ dev, urls }) {
    const { issuer } = urls.self
    if (dev || issuer === undefined || new URL(issuer).protocol === 'https:') return undefined
    return {
      path: ['urls', 'self', 'issuer'],
      rule: 'issuer URL scheme must be HTTPS unless development mode is enabled',
    }
  },
  function systemSecret({ secrets }) {
    if (secrets.system !== undefined) return undefined
    return {
      path: ['secrets', 'system'],
      rule: 'one or more required properties are missing; only dev mode on SQLite generates a secret',
    }
  },
  function pairwiseSalt({ oidc }) {
    const { supported_types, pairwise } = oidc.subject_identifiers
    if (!supported_types.includes('pairwise') || (pairwise?.salt ?? '').length >= 8) {
      return undefined
    }
    return {
      path: ['oidc', 'subject_identifiers', 'pairwise', 'salt'],
      rule: 'must have at least 8 characters when pairwise is a supported type',
    }
  },
  function headBeforeRequest({ limits: { timeouts } }) {
    if (timeouts.headers <= timeouts.request) return undefined
    return {
      path: ['limits', 'timeouts', 'headers'],
      rule: 'must not be longer than limits.timeouts.request, which includes it',
    }
  },
  function workersShareADatabase({ dsn, serve }) {
    if ((serve.workers ?? 1) === 1 || engineOf(dsn) !== 'memory') return undefined
    return {
      path: ['serve', 'workers'],
      rule: 'must be 1 with a database in memory, which only one process sees',
    }
  },
  function noHsm({ hsm }) {
    if (!hsm.enabled) return undefined
    return {
      path: ['hsm', 'enabled'],
      rule: 'hardware security modules are not supported; keys are sealed with secrets.system instead',
    }
  },
]

/** All broken rules of a configuration that the schema accepts. */
export function brokenRules(config: Config): readonly Broken[] {
  return checks.flatMap((check) => check(config) ?? [])
}

const warnings: readonly ((config: Config) => string | undefined)[] = [
  ({ serve }) =>
    serve.public.cors.enabled && serve.public.cors.allowed_origins.length === 0
      ? 'serve.public.cors.enabled is true, but serve.public.cors.allowed_origins is empty: no origin is allowed.'
      : undefined,
  ({ serve }) =>
    serve.admin.cors.enabled && serve.admin.cors.allowed_origins.length === 0
      ? 'serve.admin.cors.enabled is true, but serve.admin.cors.allowed_origins is empty: no origin is allowed.'
      : undefined,
  ({ oidc, strategies }) =>
    strategies.access_token === 'jwt' &&
    oidc.subject_identifiers.supported_types.includes('pairwise')
      ? 'Pairwise subject identifiers are not available while strategies.access_token is jwt.'
      : undefined,
  ({ tracing }) =>
    tracing?.provider === undefined ? undefined : 'tracing.* is accepted, but no traces are sent.',
]

/** What an operator should know about a configuration that is accepted. */
export function warningsOf(config: Config): readonly string[] {
  return warnings.flatMap((warning) => warning(config) ?? [])
}
