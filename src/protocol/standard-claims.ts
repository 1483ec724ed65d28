/**
 * Claims about end users that have a standard meaning, by the scope that asks for them.
 *
 * @see OpenID Connect Core §5.1 and §5.4
 */

/** Claims behind each scope. */
export const claimsOfScope: Readonly<Record<string, readonly string[]>> = {
  profile: [
    'name',
    'family_name',
    'given_name',
    'middle_name',
    'nickname',
    'preferred_username',
    'profile',
    'picture',
    'website',
    'gender',
    'birthdate',
    'zoneinfo',
    'locale',
    'updated_at',
  ],
  email: ['email', 'email_verified'],
  address: ['address'],
  phone: ['phone_number', 'phone_number_verified'],
}

/** All of them. */
export const standardClaims: readonly string[] = Object.values(claimsOfScope).flat()
