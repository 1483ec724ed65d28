/** RFC 9700, Best Current Practice for OAuth 2.0 Security, by section and in our words. */

import type { SecurityTable } from './security-table.ts'

const row = (section: string, statement: string, open?: string) => ({
  id: `RFC 9700 §${section}`,
  references: [`[§${section}](https://www.rfc-editor.org/rfc/rfc9700.html#section-${section})`],
  statement,
  ...(open === undefined ? {} : { open }),
})

/** Rows of the part "RFC 9700". */
export const securityOfOAuth: SecurityTable = {
  title: 'RFC 9700: OAuth 2.0 security',
  about:
    'Sections that demand something of an authorization server, and what this one does. Where a demand is not met, the last column says why.',
  rows: [
    row(
      '2.1',
      'Redirect URIs are compared byte for byte; of a loopback URI the port may differ. What other sites make a browser send is refused.',
    ),
    row(
      '2.1.1',
      'PKCE with `S256` works for every client, a stored challenge is always checked, and `oauth2.pkce.enforced` demands it of public clients or of all. A code works once, for its client and its redirect URI.',
    ),
    row(
      '2.1.2',
      'The implicit grant is not used unless a client is registered for it; it stays for clients of the Ory API. Access tokens are never put into a query.',
    ),
    row(
      '2.2.1',
      'Access tokens bound to a key (DPoP, mutual TLS) are recommended. They are not offered: tokens are bearer tokens, and say so.',
    ),
    row('2.2.2', 'Refresh tokens of public clients are rotated; those of all clients are.'),
    row(
      '2.3',
      'An access token is good for the scope and the audience that were granted, and no client gets more than it may ask for.',
    ),
    row('2.4', 'The password grant must not be used. There is none.'),
    row(
      '2.5',
      'Clients authenticate by the method they registered; private keys (`private_key_jwt`) are offered, so that no secret is shared.',
    ),
    row(
      '2.6',
      'Metadata is published (RFC 8414). The authorization endpoint, and every other page that people look at, answers no cross-origin request.',
    ),
    row(
      '4.1.3',
      'Nothing is redirected to an address that is not registered, and what two parsers read in two ways cannot be registered. The token endpoint wants the same bytes again.',
    ),
    row(
      '4.2.4',
      'Pages load nothing of other sites but logos, send no referrer, and run no script but their own. Codes work once.',
    ),
    row(
      '4.3.1',
      'A code that somebody finds in a history is used already, and of no use to others.',
    ),
    row(
      '4.3.2',
      'Access tokens are kept out of addresses: `response_mode=query` is refused for them. Userinfo takes one in its query all the same, as the Ory API does; clients should not send it there.',
    ),
    row(
      '4.4.2.1',
      'Every authorization response carries `iss` (RFC 9207), so that a mix-up is noticed.',
    ),
    row(
      '4.4.2.2',
      'Clients with a redirect URI for each issuer notice a mix-up too.',
      'a matter of clients; several redirect URIs can be registered, and are told apart',
    ),
    row(
      '4.5.3.1',
      'A code that is injected into another session fails for want of its PKCE verifier.',
    ),
    row(
      '4.5.3.2',
      'The `nonce` of a request comes back in the ID token; flows that need one are refused without.',
    ),
    row(
      '4.6',
      'ID tokens name the access token and the code they came with (`at_hash`, `c_hash`), so that an injected one is noticed.',
    ),
    row(
      '4.7',
      'Steps of a flow are bound to the browser that began it, and forms to browser, flow and site.',
    ),
    row(
      '4.8.2',
      'A verifier without a challenge is refused: somebody took the challenge away. So is a challenge without a verifier.',
    ),
    row(
      '4.9',
      'Resource servers can be fake, or broken into. A token that one of them has leaked is revoked for all.',
    ),
    row(
      '4.10.1',
      'Stolen tokens are of no use where they are bound to a key. Not offered, see §2.2.1.',
    ),
    row(
      '4.10.2',
      'Tokens are restricted to the audience that was granted; a refresh does not widen it.',
    ),
    row('4.11.1', 'Clients must not redirect to where a parameter says.', 'a matter of clients'),
    row(
      '4.11.2',
      'The server is no open redirector: no page, no endpoint and no form leads where a parameter says, and errors about a redirect URI are shown instead of sent.',
    ),
    row(
      '4.12',
      'After a form the browser goes on by 303 and never by 307, which would carry credentials along.',
    ),
    row(
      '4.13',
      'Headers of proxies are read from trusted proxies alone, and nothing that could be read in two ways by a proxy and by the server is answered.',
    ),
    row(
      '4.14.2',
      'A refresh token that is used again revokes its whole line. Refresh tokens expire, and end with the client, the consent and a revocation.',
    ),
    row(
      '4.15.1',
      'No client chooses an id that could pass for a user: ids of clients that register themselves come from the server.',
    ),
    row(
      '4.16',
      'No page can be framed, but the one that session management needs, which shows nothing.',
    ),
    row(
      '4.17.2',
      'Messages between windows go to verified origins. Authorization responses by message (`web_message`) are not offered; the session frame answers registered origins alone.',
    ),
  ],
}
