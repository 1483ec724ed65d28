/** What the examples of the client's reference are given. */

import type { JsonWebKey } from '../../src/sdk/client.ts'

/** What an example finds in place. */
export interface Given {
  /** A client for the code flow, with its secret. */
  readonly clientId: string
  readonly clientSecret: string
  readonly redirectUri: string
  readonly loginChallenge: string
  readonly consentChallenge: string
  readonly logoutChallenge: string
  /** An authorization code that was not redeemed. */
  readonly code: string
  readonly accessToken: string
  readonly refreshToken: string
  /** Who signed in. */
  readonly subject: string
  /** Their login session. */
  readonly sid: string
  /** A client that registered itself, and its registration access token. */
  readonly registeredId: string
  readonly registrationToken: string
  /** A set with one key. */
  readonly keySet: string
  /** A code that a device shows, and the challenge of the page where it is typed. */
  readonly userCode: string
  readonly deviceChallenge: string
  /** An access token with the scope of credentials, and a JWT over its nonce by the holder's key. */
  readonly credentialToken: string
  readonly proof: string
  readonly kid: string
  /** The public key of a partner who signs assertions, and the id of trust in such a partner. */
  readonly partnerKey: JsonWebKey
  readonly trustId: string
}
