/** `DELETE /admin/oauth2/auth/sessions/login`: signs end users out everywhere. */

import { z } from 'zod'
import { asSessionId, asSubject } from '../../brand.ts'
import { oauthError } from '../../protocol/oauth-error.ts'
import { endLoginSession } from '../../sessions/end-login-session.ts'
import type { Endpoint } from '../endpoint.ts'
import { oauthErrorResponse } from '../errors.ts'
import { noContent } from '../respond.ts'
import { errorOAuth2 } from '../schemas.ts'

/** `DELETE /admin/oauth2/auth/sessions/login`. */
export const revokeLoginSessionsEndpoint: Endpoint = {
  method: 'DELETE',
  path: '/admin/oauth2/auth/sessions/login',
  operationId: 'revokeOAuth2LoginSessions',
  tag: 'oAuth2',
  summary: 'Revoke OAuth 2.0 login sessions by subject or session id',
  query: z.object({
    subject: z.string().optional().describe('Ends every session of the subject.'),
    sid: z
      .string()
      .optional()
      .describe('Ends this session and tells its clients by back-channel logout.'),
  }),
  responses: {
    204: { description: 'The sessions are gone; tokens and consents stay' },
    400: { description: 'The request was refused', schema: errorOAuth2 },
  },
  async handle({ url, services }) {
    const sid = url.searchParams.get('sid') ?? ''
    const subject = url.searchParams.get('subject') ?? ''
    if (sid === '' && subject === '') {
      return oauthErrorResponse(
        oauthError('invalid_request', "Either 'subject' or 'sid' query parameters need to be set."),
      )
    }
    if (sid === '') await services.storage.loginSessions.deleteBySubject(asSubject(subject))
    else await endLoginSession(services, asSessionId(sid))
    return noContent()
  },
}
