/** Trusted issuers as the API reads and writes them. Names of schemas are those of the official API document. */

import { z } from 'zod'
import { jsonWebKey } from '../keys/jwk-schema.ts'

const issuer = z.string().describe('The `iss` of its assertions.')
const subject = z.string().optional().describe('The one `sub` that is trusted.')
const allowAnySubject = z.boolean().optional().describe('Trusts every `sub`; excludes `subject`.')
const scope = z.array(z.string()).describe('Scopes that an assertion may be exchanged for at most.')
const time = z.iso.datetime({ offset: true, error: 'must be a time as in RFC 3339' })

/** What is asked for. */
export const trustOAuth2JwtGrantIssuer = z
  .object({
    issuer,
    subject,
    allow_any_subject: allowAnySubject,
    scope,
    expires_at: time.describe('Assertions are refused from then on.'),
    jwk: jsonWebKey,
  })
  .meta({ id: 'trustOAuth2JwtGrantIssuer' })

/** What is answered. */
export const trustedOAuth2JwtGrantIssuer = z
  .object({
    id: z.uuid().optional(),
    issuer: issuer.optional(),
    subject,
    allow_any_subject: allowAnySubject,
    scope: scope.optional(),
    public_key: z
      .object({
        set: z.string().optional().describe('The issuer; `/admin/keys/{set}/{kid}` shows the key.'),
        kid: z.string().optional(),
      })
      .meta({ id: 'trustedOAuth2JwtGrantJsonWebKey' })
      .optional(),
    created_at: z.iso.datetime().optional(),
    expires_at: z.iso.datetime().optional(),
  })
  .meta({ id: 'trustedOAuth2JwtGrantIssuer' })

/** Types of the members as they are sent; which of them must be there is for the rules to say. */
export const sentTrust = trustOAuth2JwtGrantIssuer.omit({ jwk: true }).partial()

/** The members of a request, all of them optional. */
export type SentTrust = z.infer<typeof sentTrust>
