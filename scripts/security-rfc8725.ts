/** RFC 8725, JSON Web Token Best Current Practices, by section and in our words. */

import type { SecurityTable } from './security-table.ts'

const row = (section: string, statement: string, open?: string) => ({
  id: `RFC 8725 §${section}`,
  references: [`[§${section}](https://www.rfc-editor.org/rfc/rfc8725.html#section-${section})`],
  statement,
  ...(open === undefined ? {} : { open }),
})

/** Rows of the part "RFC 8725". */
export const securityOfJwts: SecurityTable = {
  title: 'RFC 8725: JSON Web Tokens',
  about:
    'Threats (§2) and practices (§3), for everything that verifies a JWT: client assertions, assertions of trusted issuers, request objects, ID token hints, access tokens and proofs of credentials.',
  rows: [
    row(
      '2.1',
      'Nothing unsigned is taken for signed, and no public key for the secret of an HMAC.',
    ),
    row('2.2', 'Secrets of an HMAC can be guessed offline. No HMAC is accepted or made.'),
    row('2.3', 'What is inside an encrypted object is verified as if it were not encrypted.'),
    row(
      '2.4',
      'The length of a ciphertext tells of its content where the content is compressed.',
      'nothing is compressed before it is encrypted for others, see §3.6; lengths of uncompressed claims are not hidden',
    ),
    row('2.5', 'A point that is not on the curve would give the private key away piece by piece.'),
    row(
      '2.6',
      'One signed object has one spelling: no other alphabet, padding, white space, spare bits or byte order marks.',
    ),
    row('2.7', 'A JWT that was made for somebody else is not taken.'),
    row('2.8', 'A JWT of one kind is not taken for another.'),
    row(
      '2.9',
      'What a header names (`jku`, `x5u`, `kid`) is neither fetched nor looked up anywhere but among the keys of the sender.',
    ),
    row(
      '3.1',
      'The key decides the algorithm: a key is used with one algorithm, and only with those that are meant for its type.',
    ),
    row(
      '3.2',
      'Algorithms are RSA, ECDSA and EdDSA signatures. `none` is refused; only a request object may be unsigned, unless its client registered an algorithm.',
    ),
    row(
      '3.3',
      'Every signature is verified, in every part, and a nested object twice; extensions that are not understood are refused.',
    ),
    row('3.4', 'Points, and numbers of signatures, that are out of range are refused.'),
    row('3.5', 'RSA keys of less than 2048 bits verify nothing, and sign nothing.'),
    row('3.6', 'Compressed objects are refused unopened, and nothing is compressed.'),
    row('3.7', 'Header and claims are UTF-8; anything else is refused.'),
    row(
      '3.8',
      'A key is used for the issuer, client or subject that it was registered for, and no key comes along with an object.',
    ),
    row('3.9', 'An audience must name this server, by a string of the right type.'),
    row(
      '3.10',
      'Values of headers are treated as text of a stranger: a `kid` with a path, a URL or SQL finds nothing.',
    ),
    row('3.11', 'A `typ` that names another kind of JWT is refused.'),
    row(
      '3.12',
      'Different kinds of JWT have different keys, issuers, audiences and required claims.',
    ),
  ],
}
