/** JSON Web Keys as the API reads and writes them. Names of schemas are those of the official API document. */

import { z } from 'zod'

const text = z.string().optional()

/** A key (RFC 7517 §4, RFC 7518 §6). Generated SDKs refuse keys that lack one of the four required members or have others than these. */
export const jsonWebKey = z
  .object({
    alg: z.string().describe('Algorithm the key is meant for.'),
    kid: z.string().describe('Names the key within its set.'),
    kty: z.string().describe('`RSA`, `EC`, `OKP` or `oct`.'),
    use: z.string().describe('`sig` or `enc`.'),
    crv: text,
    d: text,
    dp: text,
    dq: text,
    e: text,
    k: text,
    n: text,
    p: text,
    q: text,
    qi: text,
    x: text,
    x5c: z.array(z.string()).optional(),
    y: text,
  })
  .meta({ id: 'jsonWebKey', title: 'JSON Web Key' })

/** A set of keys (RFC 7517 §5). */
export const jsonWebKeySet = z
  .object({ keys: z.array(jsonWebKey).optional() })
  .meta({ id: 'jsonWebKeySet', title: 'JSON Web Key Set' })
