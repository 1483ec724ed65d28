/** Published failures of this field and what went wrong, in our words. */

import type { SecurityTable } from './security-table.ts'

/** Rows of the part "Published failures". */
export const publishedFailures: SecurityTable = {
  title: 'Published failures',
  about:
    'What went wrong in other servers, and the test that shows it cannot happen here. Where a row is about a feature that is not offered, the test shows its absence.',
  rows: [
    {
      id: 'attack 1',
      references: [
        'GHSA-3p3g-vpw6-4w66 (CVE-2020-5300, Hydra)',
        'GHSA-v3q9-2p3m-7g43 (CVE-2020-15222, fosite)',
      ],
      statement:
        'The `jti` of a client assertion was not held unique, so a captured assertion authenticated again.',
    },
    {
      id: 'attack 2',
      references: ['GHSA-7mqr-2v3q-v2wm (CVE-2020-15223, fosite)'],
      statement:
        'Revocation answered 200 although the database had failed, and the token lived on.',
    },
    {
      id: 'attack 3',
      references: ['GHSA-rfq3-w54c-f9q5 (CVE-2020-15233, fosite)'],
      statement:
        'The rule for ports of loopback redirect URIs let other parts of the URI differ too.',
    },
    {
      id: 'attack 4',
      references: ['GHSA-grfp-q2mm-hfp6 (CVE-2020-15234, fosite)'],
      statement: 'Redirect URIs were compared without regard to case.',
    },
    {
      id: 'attack 5',
      references: ['fosite #765, #795'],
      statement: 'Hosts were taken for the local machine that are not, and the other way round.',
    },
    {
      id: 'attack 6',
      references: ['Ory OEL v26.2.5'],
      statement:
        'Debug text reached clients, and an error object that requests shared carried it from one to the next.',
    },
    {
      id: 'attack 7',
      references: ['Hydra #1438'],
      statement: 'bcrypt looks at 72 bytes, so two long secrets with the same beginning were one.',
    },
    {
      id: 'attack 8',
      references: ['Hydra e6a7354'],
      statement: 'Session data of one device flow leaked into another.',
    },
    {
      id: 'attack 9',
      references: ['Hydra 7f38a72'],
      statement: 'A wildcard of allowed origins matched in the middle of a DNS label.',
    },
    {
      id: 'attack 10',
      references: ['Hydra aa1ee29'],
      statement:
        'Key sets of any size were fetched, and `sector_identifier_uri` reached hosts inside the network.',
    },
    {
      id: 'attack 11',
      references: ['Hydra 0fa861c, f1290da, 20ea0ff', 'CVE-2026-33504'],
      statement: 'Page tokens could be made up by their bearer.',
    },
    {
      id: 'attack 12',
      references: ['GHSA-m2w5-7xhv-w6fh (CVE-2026-1035, Keycloak)'],
      statement: 'Parallel refreshes of one token passed the check together.',
    },
    {
      id: 'attack 13',
      references: ['CVE-2026-9802 (Keycloak)'],
      statement: 'A restart forgot which refresh tokens had been used.',
    },
    {
      id: 'attack 14',
      references: ['CVE-2026-7571 (Keycloak)'],
      statement:
        'A resumed flow took its response type from the URL, so a disabled flow could be entered.',
    },
    {
      id: 'attack 15',
      references: ['CVE-2026-9689 (Keycloak)'],
      statement: 'Of a repeated parameter two components read two different values.',
    },
    {
      id: 'attack 16',
      references: ['CVE-2026-0976 (Keycloak)'],
      statement:
        'Matrix parameters and encodings in a path passed the rules of a proxy and still found the closed route.',
    },
    {
      id: 'attack 17',
      references: ['CVE-2026-4874 (Keycloak)'],
      statement: 'A host that a request named became part of a URL that the server called.',
    },
    {
      id: 'attack 18',
      references: ['CVE-2024-1249 (Keycloak)'],
      statement: 'The session iframe answered messages of any origin.',
      open: 'session management is not offered yet',
    },
    {
      id: 'attack 19',
      references: ['CVE-2023-2585 (Keycloak)'],
      statement: 'A device code was not bound to the client that asked for it.',
    },
    {
      id: 'attack 20',
      references: ['CVE-2023-0091 (Keycloak)'],
      statement: 'Not every endpoint looked whether a token was revoked.',
    },
    {
      id: 'attack 21',
      references: ['CVE-2024-8883 (Keycloak)'],
      statement: 'Leniency for redirect URIs of the local machine was an open redirect.',
    },
    {
      id: 'attack 22',
      references: ['GHSA-xqxv-4jc2-x56x (CVE-2026-55672, ZITADEL)'],
      statement: 'Codes, refresh tokens and device codes could be redeemed by another client.',
    },
    {
      id: 'attack 23',
      references: ['GHSA-6mq3-xmgp-pjm5 (CVE-2026-27840, ZITADEL)'],
      statement: 'Opaque tokens were accepted with their end cut off.',
    },
    {
      id: 'attack 24',
      references: ['GHSA-wxg7-w2v3-w38g (ZITADEL)'],
      statement: 'Assertions without `exp` or `iat` were accepted.',
    },
    {
      id: 'attack 25',
      references: ['GHSA-cq3f-vc6p-68fh (CVE-2026-45337, better-auth)'],
      statement: 'Any session could approve any device code.',
    },
    {
      id: 'attack 26',
      references: ['GHSA-p6v2-xcpg-h6xw (CVE-2026-45364, better-auth)'],
      statement: 'One host had as many rate limits as it has IPv6 addresses.',
    },
    {
      id: 'attack 27',
      references: ['GHSA-x732-6j76-qmhm (better-auth)'],
      statement: 'A doubled slash reached a route that was turned off.',
    },
    {
      id: 'attack 28',
      references: ['better-auth #9575, #9576, #9964, #9838, #10154, #10150, #10063, #9941'],
      statement:
        'A collection: `alg: none`, PKCE plain, refresh without client authentication, a racing `jti`, `javascript:` redirect URIs, refresh and code replay across clients.',
    },
    {
      id: 'attack 29',
      references: ['CVE-2026-22752 (Spring)', 'better-auth #9837, #8632'],
      statement:
        'Registering clients could set what only an administrator may, and had the server fetch URLs of their choice.',
    },
    {
      id: 'attack 30',
      references: ['better-auth #9836'],
      statement: 'A refresh could ask for more than had been granted.',
    },
    {
      id: 'attack 31',
      references: ['better-auth #10126'],
      statement: 'URLs as `client_id` had the server fetch documents from anywhere.',
    },
    {
      id: 'attack 32',
      references: ['CVE-2025-4143 (workers-oauth-provider)'],
      statement: 'The redirect URI was not checked before the response went there.',
    },
    {
      id: 'attack 33',
      references: ['CVE-2025-4144 (workers-oauth-provider)'],
      statement: 'PKCE could be left out at one of its two ends.',
    },
    {
      id: 'attack 34',
      references: ['CVE-2026-22751 (Spring)'],
      statement: 'One-time tokens were read first and spent later, so two callers could have one.',
    },
    {
      id: 'attack 35',
      references: ['GHSA-v9xq-2mvm-x8xc (CVE-2024-49755, Duende)'],
      statement: 'A token bound to a key was accepted as a plain bearer token.',
    },
    {
      id: 'attack 36',
      references: ['CVE-2024-39694 (Duende)', 'CVE-2026-4349 (IdentityServer4)'],
      statement:
        'Return URLs with backslashes or control characters counted as local, and an `id_token_hint` was trusted unverified.',
    },
    {
      id: 'attack 37',
      references: ['draft-ietf-oauth-rfc7523bis'],
      statement:
        'An assertion made for one server was accepted by another, since `aud` allowed for several names.',
    },
    {
      id: 'attack 38',
      references: ['MCP #1721', 'RFC 9207'],
      statement: 'A client could not tell which server had answered (mix-up).',
    },
    {
      id: 'attack 39',
      references: ['oidc-provider, August 2026'],
      statement:
        'Loose decoding of Basic credentials, opaque origins, and claims of the wrong type.',
    },
    {
      id: 'attack 40',
      references: ['CVE-2026-4636 (Keycloak)'],
      statement: 'Policies of UMA could be passed by. UMA is not offered.',
    },
  ],
}
