/** What a scope lets an application do, in words for the person who decides. */

/** A scope in words that end users understand. */
export interface ScopeWords {
  readonly title: string
  readonly description: string
  /** Left unticked, so that granting it takes a decision of its own. */
  readonly sensitive: boolean
}

/** OpenID Connect Core §5.4 and §11; `offline` is the Ory spelling of `offline_access`. */
const wellKnown: Readonly<Record<string, ScopeWords>> = {
  openid: {
    title: 'Know who you are',
    description: 'An identifier that tells the application you are the same person next time.',
    sensitive: false,
  },
  profile: {
    title: 'See your profile',
    description:
      'Your name and what else your profile says about you, such as a picture or a birthday.',
    sensitive: false,
  },
  email: {
    title: 'See your email address',
    description: 'The address of your account, and whether it was verified.',
    sensitive: false,
  },
  address: {
    title: 'See your postal address',
    description: 'The address of your profile.',
    sensitive: true,
  },
  phone: {
    title: 'See your phone number',
    description: 'The number of your profile, and whether it was verified.',
    sensitive: true,
  },
  offline_access: {
    title: 'Stay connected while you are away',
    description:
      'The application keeps its access until you or it ends it, also when you are not using it.',
    sensitive: true,
  },
}

/** Words that usually name a power to change things, as a whole part of a scope. */
const powerful = new Set(['admin', 'write', 'delete', 'manage', 'all', '*'])

/** Finds the words for a scope. A scope of an API is shown by its own name. */
export function scopeWords(scope: string): ScopeWords {
  const known = Object.hasOwn(wellKnown, scope === 'offline' ? 'offline_access' : scope)
    ? wellKnown[scope === 'offline' ? 'offline_access' : scope]
    : undefined
  return (
    known ?? {
      title: scope,
      description: 'A permission that the application defines.',
      sensitive: scope.split(/[.:/_-]/u).some((part) => powerful.has(part.toLowerCase())),
    }
  )
}

const claims: Readonly<Record<string, string>> = {
  name: 'Your name',
  family_name: 'Your family name',
  given_name: 'Your given name',
  middle_name: 'Your middle name',
  nickname: 'Your nickname',
  preferred_username: 'Your user name',
  profile: 'The address of your profile page',
  picture: 'Your picture',
  website: 'Your website',
  gender: 'Your gender',
  birthdate: 'Your date of birth',
  zoneinfo: 'Your time zone',
  locale: 'Your language',
  updated_at: 'When your profile was last changed',
  email: 'Your email address',
  email_verified: 'Whether your email address was verified',
  address: 'Your postal address',
  phone_number: 'Your phone number',
  phone_number_verified: 'Whether your phone number was verified',
}

/** Finds the words for a single claim (OpenID Connect Core §5.1). */
export function claimWords(claim: string): string {
  return (Object.hasOwn(claims, claim) ? claims[claim] : undefined) ?? claim
}
