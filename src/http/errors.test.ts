import { describe, expect, it } from 'vitest'
import { apiError } from '../protocol/api-error.ts'
import { oauthError } from '../protocol/oauth-error.ts'
import { oauthErrorResponse, tokenErrorResponse } from './errors.ts'

const hidden = { oauth2: { exposeInternalErrors: false } } as Parameters<
  typeof tokenErrorResponse
>[2]
const exposed = { oauth2: { exposeInternalErrors: true } } as typeof hidden

describe('oauthErrorResponse', () => {
  it('sends two members, no charset, a line break and escaped HTML characters', async () => {
    const response = oauthErrorResponse(oauthError('invalid_request', '<b> & "quoted"', 'secret'))
    expect(response.status).toBe(400)
    expect(response.headers.get('content-type')).toBe('application/json')
    const text = await response.text()
    expect(text.endsWith('}\n')).toBe(true)
    expect(text).not.toMatch(/[<>&]/u)
    const body = JSON.parse(text) as Record<string, string>
    expect(Object.keys(body)).toEqual(['error', 'error_description'])
    expect(body['error_description']).toMatch(/<b> & 'quoted'$/u)
  })

  it('writes failures of the management API in the same form', async () => {
    const response = oauthErrorResponse(apiError('unknown_resource'))
    expect(response.status).toBe(404)
    expect(await response.json()).toEqual({
      error: 'Unable to locate the resource',
      error_description: '',
    })
  })

  it('shows debug text only when told that it may', async () => {
    const error = oauthError('server_error', 'hint', 'debug')
    expect(await oauthErrorResponse(error).text()).not.toContain('debug')
    expect(await oauthErrorResponse(error, hidden).text()).not.toContain('debug')
    expect(await oauthErrorResponse(error, exposed).text()).toContain('hint debug')
  })
})

describe('tokenErrorResponse', () => {
  const request = (authorization?: string): Request =>
    new Request('http://server/oauth2/token', {
      method: 'POST',
      ...(authorization === undefined ? {} : { headers: { authorization } }),
    })

  it('is not stored and carries the charset of the token endpoint', () => {
    const { headers } = tokenErrorResponse(oauthError('invalid_grant'), request(), hidden)
    expect(headers.get('content-type')).toBe('application/json;charset=UTF-8')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('pragma')).toBe('no-cache')
    expect(headers.has('www-authenticate')).toBe(false)
  })

  it('asks for Basic only where the request used it and the status is 401', () => {
    const header = (authorization: string | undefined, code: 'invalid_client' | 'invalid_grant') =>
      tokenErrorResponse(oauthError(code), request(authorization), hidden).headers.get(
        'www-authenticate',
      )
    expect(header('basic YTpi', 'invalid_client')).toMatch(/^Basic realm=/u)
    expect(header('Bearer x', 'invalid_client')).toBeNull()
    expect(header(undefined, 'invalid_client')).toBeNull()
    expect(header('Basic YTpi', 'invalid_grant')).toBeNull()
  })
})
