/** What the client endpoints have in common. */

import { oAuth2Client } from '../../clients/client-schema.ts'
import type { WrittenClient } from '../../clients/manage-client.ts'
import { registrationClientUri } from '../../clients/registration-token.ts'
import { toWireClient } from '../../clients/wire.ts'
import type { OAuthError } from '../../protocol/oauth-error.ts'
import type { Result } from '../../result.ts'
import type { EndpointRequest, RequestBodyDeclaration, ResponseDeclaration } from '../endpoint.ts'
import { oauthErrorResponse } from '../errors.ts'
import { plainParts, plainResponse } from '../plain-response.ts'
import { json } from '../respond.ts'
import { errorOAuth2 } from '../schemas.ts'

/** Declares a response with a client in it. */
export const clientDeclaration: ResponseDeclaration = {
  description: 'The client',
  schema: oAuth2Client,
}

/** Declares a request with a client in it. */
export const clientBody: RequestBodyDeclaration = {
  contentType: 'application/json',
  schema: oAuth2Client,
  required: true,
}

/** Failures that the operations declare. */
export const failures = {
  400: { description: 'The request or the client is invalid', schema: errorOAuth2 },
  401: { description: 'The registration access token is wrong', schema: errorOAuth2 },
  403: { description: 'The member must not be set', schema: errorOAuth2 },
  404: { description: 'There is no such client', schema: errorOAuth2 },
  409: { description: 'The client_id is taken', schema: errorOAuth2 },
} as const satisfies Readonly<Record<number, ResponseDeclaration>>

/** Answers with a stored client and the credentials that are shown this once. */
export function clientResponse(
  result: Result<WrittenClient, OAuthError>,
  { services }: EndpointRequest,
): Response {
  if (!result.ok) return oauthErrorResponse(result.error)
  const { client, secret, registrationAccessToken } = result.value
  return json(200, {
    ...toWireClient(client),
    ...(secret === undefined ? {} : { client_secret: secret }),
    ...(registrationAccessToken === undefined
      ? {}
      : {
          registration_access_token: registrationAccessToken,
          registration_client_uri: registrationClientUri(
            services.settings.publicUrl,
            client.client_id,
          ),
        }),
  })
}

/** Answers 201 with a new client; `location` is where it can be read. */
export function createdResponse(
  result: Result<WrittenClient, OAuthError>,
  input: EndpointRequest,
  location: (written: WrittenClient) => string,
): Response {
  const response = clientResponse(result, input)
  if (!result.ok) return response
  const headers = new Headers(response.headers)
  headers.set('location', location(result.value))
  return plainResponse(201, plainParts(response)?.body ?? null, headers)
}
