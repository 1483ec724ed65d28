/** What people read when a form cannot be told from one that another site sent. */

import type { Messages } from './messages/en.ts'
import type { Problem } from './pages/form-parts.ts'

/** The form is shown again, filled in as it was, and with a new token: trying again is all it takes. */
export function formLost({ formLost: words }: Messages): Problem {
  return { ...words, field: undefined }
}
