/**
 * Which language to speak to an end user.
 *
 * @see OpenID Connect Core §3.1.2.1 (`ui_locales`), RFC 5646 §2.1, RFC 9110 §12.5.4
 */

/** Languages of the built-in pages, as BCP 47 tags. */
export const languages = ['en', 'de', 'fr', 'es'] as const

/** One of {@link languages}. */
export type Language = (typeof languages)[number]

/** Tags that are looked at; nobody speaks more. */
const mostTags = 20

/** `de-CH` is spoken to in `de`. */
function languageOf(tag: string): Language | undefined {
  const [primary = ''] = tag.trim().toLowerCase().split('-')
  return languages.find((language) => language === primary)
}

function firstKnown(tags: readonly string[]): Language | undefined {
  for (const tag of tags.slice(0, mostTags)) {
    const language = languageOf(tag)
    if (language !== undefined) return language
  }
  return undefined
}

/** Tags of the header, the most wanted first; `q=0` and what is no weight leave one out. */
function acceptedTags(header: string): readonly string[] {
  return header
    .split(',')
    .slice(0, mostTags)
    .flatMap((entry) => {
      const [tag = '', ...parameters] = entry.split(';').map((part) => part.trim())
      const weight = parameters.find((each) => /^q=/iu.test(each))?.slice(2) ?? '1'
      const q = /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/u.test(weight) ? Number(weight) : 0
      return q > 0 ? [{ tag, q }] : []
    })
    .sort((a, b) => b.q - a.q)
    .map(({ tag }) => tag)
}

/** The first language of `ui_locales`, tags separated by spaces, that there is. Never fails. */
export function askedLanguage(uiLocales: string | null): Language | undefined {
  return firstKnown((uiLocales ?? '').split(' ').filter((tag) => tag !== ''))
}

/** The first language that the client, or else the browser, asks for and that there is; English otherwise. Never fails. */
export function chooseLanguage(
  uiLocales: readonly string[],
  acceptLanguage: string | null,
): Language {
  return firstKnown(uiLocales) ?? firstKnown(acceptedTags(acceptLanguage ?? '')) ?? 'en'
}
