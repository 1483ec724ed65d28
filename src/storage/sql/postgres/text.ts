/**
 * PostgreSQL's text cannot hold U+0000, which a string of ours may contain. It travels as two characters of a private
 * use plane, so that every string comes back as it went and no two become one.
 */

const escape = '\u{F0000}'
const special = new RegExp(`[\\0${escape}]`, 'gu')

/** The text as PostgreSQL stores it. */
export function encodeText(text: string): string {
  if (!text.includes('\0') && !text.includes(escape)) return text
  return text.replace(special, (character) => (character === '\0' ? `${escape}0` : `${escape}1`))
}

/** The text that {@link encodeText} was given. */
export function decodeText(stored: string): string {
  if (!stored.includes(escape)) return stored
  return stored.replace(new RegExp(`${escape}([01])`, 'gu'), (_all, which) =>
    which === '0' ? '\0' : escape,
  )
}
