/** Identifiers that others choose and that the server stores and compares: subjects and their like (OpenID Connect Core §2: 255 characters). */

const longest = 255

/**
 * Why a text cannot be an identifier, `undefined` when it can. Databases refuse the character NUL and halves of surrogate
 * pairs, and index no text without bounds.
 */
export function identifierDefect(text: string): string | undefined {
  if (text === '') return 'must not be empty'
  if (text.length > longest) return `must not be longer than ${longest} characters`
  if (text.includes('\u0000')) return 'must not contain the character NUL'
  return text.isWellFormed() ? undefined : 'must be well-formed Unicode'
}
