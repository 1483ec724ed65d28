/** `DELETE /admin/oauth2/tokens`. */

import { z } from 'zod'
import { asClientId } from '../../brand.ts'
import { oauthError } from '../../protocol/oauth-error.ts'
import type { Endpoint } from '../endpoint.ts'
import { oauthErrorResponse } from '../errors.ts'
import { noContent } from '../respond.ts'
import { errorOAuth2 } from '../schemas.ts'

/** `DELETE /admin/oauth2/tokens`. */
export const deleteTokensEndpoint: Endpoint = {
  method: 'DELETE',
  path: '/admin/oauth2/tokens',
  operationId: 'deleteOAuth2Token',
  tag: 'oAuth2',
  summary: 'Delete OAuth 2.0 access tokens from specific OAuth 2.0 client',
  query: z.object({ client_id: z.string().describe('Whose access tokens end.') }),
  responses: {
    204: { description: 'The access tokens have ended; refresh tokens live on' },
    400: { description: 'There is no client_id', schema: errorOAuth2 },
  },
  async handle({ url, services }) {
    const clientId = url.searchParams.get('client_id')
    if (clientId === null || clientId === '')
      return oauthErrorResponse(
        oauthError('invalid_request', 'Query parameter client_id must be set.'),
      )
    await services.storage.clients.revokeAccessTokens(asClientId(clientId), services.clock())
    return noContent()
  },
}
