/** How a client is shown to the people it asks something of. */

import type { Client } from '../../protocol/client.ts'
import { html, linkTarget, type Markup } from '../html.ts'
import type { Messages } from '../messages/en.ts'

/** A client in the eyes of an end user. Everything in it was chosen by whoever registered the client. */
export interface ClientIdentity {
  readonly name: string
  /** https only: nothing else passes the page's policy. */
  readonly logoUri: string | undefined
  /** First letter or digit of the name, for clients without a logo. */
  readonly monogram: string
  readonly websiteUri: string | undefined
  readonly policyUri: string | undefined
  readonly tosUri: string | undefined
}

/** Longest name that is shown; a longer one could push the rest of the page out of sight. */
const longestName = 80

/** Picks what may be shown of a client. Invisible and direction-changing characters leave its name. */
export function clientIdentity(
  client: Pick<
    Client,
    'client_id' | 'client_name' | 'logo_uri' | 'client_uri' | 'policy_uri' | 'tos_uri'
  >,
): ClientIdentity {
  const name = shownName(client.client_name) || shownName(client.client_id) || 'Unnamed application'
  const logo = linkTarget(client.logo_uri)
  return {
    name,
    logoUri: logo?.startsWith('https:') === true ? logo : undefined,
    monogram: /[\p{L}\p{N}]/u.exec(name)?.[0].toUpperCase() ?? '?',
    websiteUri: linkTarget(client.client_uri),
    policyUri: linkTarget(client.policy_uri),
    tosUri: linkTarget(client.tos_uri),
  }
}

function shownName(text: string): string {
  const visible = text
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ')
    .replaceAll(/\s+/gu, ' ')
    .trim()
  const characters = Array.from(visible)
  return characters.length > longestName ? `${characters.slice(0, longestName).join('')}…` : visible
}

/** The logo, or the monogram in its place. Both are ornaments: the name stands beside them. */
export function renderBadge({ logoUri, monogram }: ClientIdentity): Markup {
  return html`<span class="client-badge" aria-hidden="true"
    >${monogram}${
      logoUri === undefined
        ? undefined
        : html`<img
            src="${logoUri}"
            alt=""
            data-monogram="${monogram}"
            referrerpolicy="no-referrer"
          />`
    }</span
  >`
}

/** Links to what the client says about itself (OpenID Connect Dynamic Client Registration §2: `policy_uri`, `tos_uri`). */
export function renderLegal(
  { name, policyUri, tosUri, websiteUri }: ClientIdentity,
  { legal }: Messages,
): Markup | undefined {
  const links = [
    websiteUri === undefined ? undefined : link(websiteUri, legal.website),
    policyUri === undefined ? undefined : link(policyUri, legal.policy),
    tosUri === undefined ? undefined : link(tosUri, legal.terms),
  ].filter((each) => each !== undefined)
  if (links.length === 0) return undefined
  return html`<nav class="legal" aria-label="${legal.about} ${name}">${links}</nav>`
}

function link(href: string, text: string): Markup {
  return html`<a href="${href}" rel="noopener noreferrer" target="_blank">${text}</a> `
}
