/** The pages that are translated, in each language but English. */

import { languages } from '../protocol/language.ts'
import type { Messages } from './messages/en.ts'
import { messages } from './messages/messages.ts'
import { renderConsent, type ConsentPage } from './pages/consent.ts'
import { renderSignIn, type SignInPage } from './pages/sign-in.ts'
import type { Story } from './story.ts'

/** Both pages as they are in English, and the scopes to choose from in other words. */
interface Pages {
  readonly signIn: SignInPage
  readonly consent: ConsentPage
  readonly choices: (words: Messages) => ConsentPage['scopes']
}

/** Renders the pages in the languages; their names end in the tag. */
export function languageStories({ signIn, consent, choices }: Pages): readonly Story[] {
  return languages
    .filter((lang) => lang !== 'en')
    .flatMap((lang) => {
      const words = messages[lang]
      const own = { ...consent, claims: ['phone_number'], scopes: choices(words) }
      return [
        {
          name: `sign-in-${lang}`,
          render: (frame) => renderSignIn({ ...frame, lang, words }, signIn),
        },
        {
          name: `consent-${lang}`,
          render: (frame) => renderConsent({ ...frame, lang, words }, own),
        },
      ] satisfies readonly Story[]
    })
}
