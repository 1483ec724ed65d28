/** What people read when a form cannot be told from one that another site sent. */

import type { Problem } from './pages/form-parts.ts'

/** The form is shown again, filled in as it was, and with a new token: trying again is all it takes. */
export const formsLost: Problem = {
  title: 'Please try once more',
  text: 'Your browser did not prove that the form came from this page. If this happens again, allow cookies for this site.',
  field: undefined,
}
