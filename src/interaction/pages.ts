/** Addresses of the pages that stand in where `urls.*` is not set. */

import type { Language } from '../protocol/language.ts'
import type { Settings } from '../settings.ts'
import { withParams } from './request-url.ts'

/** Addresses of the pages that end users see. */
export interface Pages {
  readonly login: string
  readonly consent: string
  readonly logout: string
  readonly error: string
  readonly postLogout: string
  readonly deviceVerification: string
  readonly deviceSuccess: string
}

/** The account pages, or, where the operator turned them off, pages that name the missing configuration key. */
export function builtInPages(settings: Pick<Settings, 'publicUrl' | 'accountPages'>): Pages {
  const { publicUrl, accountPages } = settings
  const fallbacks = `${publicUrl}/oauth2/fallbacks`
  if (!accountPages) {
    return {
      login: `${fallbacks}/login`,
      consent: `${fallbacks}/consent`,
      logout: `${fallbacks}/logout`,
      error: `${fallbacks}/error`,
      postLogout: `${fallbacks}/logout/callback`,
      deviceVerification: `${fallbacks}/device`,
      deviceSuccess: `${fallbacks}/device/done`,
    }
  }
  return {
    login: `${publicUrl}/ui/login`,
    consent: `${publicUrl}/ui/consent`,
    logout: `${publicUrl}/ui/logout`,
    error: `${publicUrl}/ui/error`,
    postLogout: `${publicUrl}/ui/signed-out`,
    deviceVerification: `${publicUrl}/ui/device`,
    deviceSuccess: `${publicUrl}/ui/device/done`,
  }
}

/** A built-in page in the language that was asked for; without one the browser decides. */
export function inLanguage(page: string, language: Language | undefined): string {
  return language === undefined ? page : withParams(page, { ui_locales: language })
}
