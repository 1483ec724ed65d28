/** Schemas of the API document that several endpoints share. */

import { z } from 'zod'

/** Error body of RFC 6749 §5.2. Only the first two members are ever sent. */
export const errorOAuth2 = z
  .object({
    error: z.string().optional().describe('Code of the error.'),
    error_description: z.string().optional().describe('What went wrong and what to do about it.'),
    error_debug: z.string().optional(),
    error_hint: z.string().optional(),
    status_code: z.int().optional(),
  })
  .meta({ id: 'errorOAuth2' })
