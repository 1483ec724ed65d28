/** Requests to the token and revocation endpoints, as the client. */

import { field, type Api, type ApiResponse } from './api.ts'
import { CliError } from './cli.ts'
import { cell, type Output } from './output.ts'

/** Who asks the token endpoint. */
export interface ClientCredentials {
  readonly id: string
  readonly secret: string | undefined
}

/**
 * POSTs a form as a client: with HTTP Basic, and when that is refused with the secret in the form, since the method is
 * registered with the client and not known here (RFC 6749 §2.3.1).
 * @throws CliError with the server's error.
 */
export async function postAsClient(
  api: Api,
  path: string,
  client: ClientCredentials,
  form: Readonly<Record<string, string | undefined>>,
): Promise<unknown> {
  return api.read(await sendAsClient(api, path, client, form))
}

/** The same for callers that look into errors themselves. */
export async function sendAsClient(
  api: Api,
  path: string,
  client: ClientCredentials,
  form: Readonly<Record<string, string | undefined>>,
): Promise<ApiResponse> {
  const { id, secret } = client
  if (secret === undefined) {
    return api.send({ method: 'POST', path, form: { ...form, client_id: id } })
  }
  const basic = Buffer.from(`${formEncoded(id)}:${formEncoded(secret)}`).toString('base64')
  const headers = { authorization: `Basic ${basic}` }
  const response = await api.send({ method: 'POST', path, form, headers })
  if (response.status === 401) {
    return api.send({
      method: 'POST',
      path,
      form: { ...form, client_id: id, client_secret: secret },
    })
  }
  return response
}

/** `application/x-www-form-urlencoded`, which RFC 6749 wants inside Basic. */
function formEncoded(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1)
}

/** How a token response is printed. */
export function tokensOutput(response: unknown, now: number): Output {
  const accessToken = field(response, 'access_token')
  if (typeof accessToken !== 'string') throw new CliError('The server answered without a token.')
  const lifetime = field(response, 'expires_in')
  const expiry =
    typeof lifetime === 'number' ? new Date(now + lifetime * 1000).toISOString() : undefined
  const refreshToken = field(response, 'refresh_token')
  const idToken = field(response, 'id_token')
  const or = (value: unknown) => (value === undefined ? '<empty>' : cell(value))
  return {
    columns: ['ACCESS TOKEN', 'REFRESH TOKEN', 'ID TOKEN', 'EXPIRY'],
    rows: [[accessToken, or(refreshToken), or(idToken), or(expiry)]],
    single: true,
    ids: [accessToken],
    json: {
      access_token: accessToken,
      token_type: field(response, 'token_type'),
      refresh_token: refreshToken,
      id_token: idToken,
      scope: field(response, 'scope'),
      expiry,
      expires_in: lifetime,
    },
  }
}
