/**
 * What a client asks for beside the browser: scope and audience.
 *
 * @see RFC 6749 §3.3
 */

import { err, ok, type Result } from '../result.ts'
import { findForbiddenAudience, parseAudience } from './audience.ts'
import type { Client } from './client.ts'
import { oauthError, printable, type OAuthError } from './oauth-error.ts'
import type { Parameters } from './parameters.ts'
import { findForbiddenScope, parseScope, type ScopeStrategy } from './scope.ts'

/** Checked scope and audience. */
export interface RequestedAccess {
  readonly scope: readonly string[]
  readonly audience: readonly string[]
}

/** Reads both from a form. @returns `invalid_scope` or `invalid_request` for what the client may not ask for. */
export function checkRequestedAccess(
  form: Parameters,
  client: Pick<Client, 'scope' | 'audience'>,
  strategy: ScopeStrategy,
): Result<RequestedAccess, OAuthError> {
  const scope = parseScope(form.get('scope') ?? '')
  const forbiddenScope = findForbiddenScope(strategy, parseScope(client.scope), scope)
  if (forbiddenScope !== undefined) {
    const hint = `The client may not request the scope '${printable(forbiddenScope)}'.`
    return err(oauthError('invalid_scope', hint))
  }
  const audience = parseAudience(form.all('audience'))
  const forbiddenAudience = findForbiddenAudience(client.audience, audience)
  if (forbiddenAudience !== undefined) {
    const hint = `The client may not request the audience '${printable(forbiddenAudience)}'.`
    return err(oauthError('invalid_request', hint))
  }
  return ok({ scope, audience })
}
