/** What a scope lets an application do, in words for the person who decides. */

import type { Messages } from '../messages/en.ts'

/** A scope in words that end users understand. */
export interface ScopeWords {
  readonly title: string
  readonly description: string
  /** Left unticked, so that granting it takes a decision of its own. */
  readonly sensitive: boolean
}

/** OpenID Connect Core §5.4 and §11, and whether a scope is sensitive; `offline` is the Ory spelling of `offline_access`. */
const wellKnown: Readonly<Record<keyof Messages['scopes'], boolean>> = {
  openid: false,
  profile: false,
  email: false,
  address: true,
  phone: true,
  offline_access: true,
}

/** Words that usually name a power to change things, as a whole part of a scope. */
const powerful = new Set(['admin', 'write', 'delete', 'manage', 'all', '*'])

function isWellKnown(scope: string): scope is keyof Messages['scopes'] {
  return Object.hasOwn(wellKnown, scope)
}

function isClaim(claim: string, claims: Messages['claims']): claim is keyof Messages['claims'] {
  return Object.hasOwn(claims, claim)
}

/** Finds the words for a scope. A scope of an API is shown by its own name. */
export function scopeWords(
  scope: string,
  words: Pick<Messages, 'scopes' | 'otherScope'>,
): ScopeWords {
  const name = scope === 'offline' ? 'offline_access' : scope
  if (isWellKnown(name)) return { ...words.scopes[name], sensitive: wellKnown[name] }
  return {
    title: scope,
    description: words.otherScope,
    sensitive: scope.split(/[.:/_-]/u).some((part) => powerful.has(part.toLowerCase())),
  }
}

/** Finds the words for a single claim (OpenID Connect Core §5.1). */
export function claimWords(claim: string, { claims }: Pick<Messages, 'claims'>): string {
  return isClaim(claim, claims) ? claims[claim] : claim
}
