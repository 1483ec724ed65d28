/**
 * Where a form of a flow may end up.
 *
 * Chromium applies `form-action` to every redirect that follows a submission: to the authorization endpoint, a consent
 * page elsewhere, the client's redirect URI, and whatever the client redirects to from there. Naming hosts would break
 * clients that go on to another one, so the directive names schemes.
 *
 * @see Content Security Policy Level 3 §6.4.1
 */

import type { Settings } from '../settings.ts'

/** Schemes that run or show what is in the address itself. */
const unsafe = new Set(['javascript:', 'data:', 'blob:', 'filesystem:', 'about:', 'view-source:'])

/**
 * Sources of the directive: this origin, https, and the schemes of the given addresses (http for loopback clients,
 * schemes of apps) and of the pages that the operator runs elsewhere.
 */
export function formActionSources(
  settings: Pick<Settings, 'publicUrl' | 'urls'>,
  addresses: readonly string[],
): readonly string[] {
  const all = [settings.publicUrl, ...Object.values(settings.urls), ...addresses]
  const schemes = all.flatMap((address) => {
    const scheme = /^[a-z][a-z\d+.-]*:/iu.exec(address ?? '')?.[0].toLowerCase()
    return scheme === undefined || unsafe.has(scheme) ? [] : [scheme]
  })
  return [...new Set(["'self'", 'https:', ...schemes])]
}
