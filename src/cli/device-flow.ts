/** The device's side of the device authorization grant (RFC 8628). */

import { setTimeout as delay } from 'node:timers/promises'
import { field, type Api } from './api.ts'
import { CliError } from './cli.ts'
import { postAsClient, sendAsClient, type ClientCredentials } from './token-request.ts'

/** What the server told the device. */
export interface DeviceCodes {
  readonly deviceCode: string
  readonly userCode: string
  /** Where to go, the code included if the server said so. */
  readonly url: string
  readonly intervalSeconds: number
}

/** RFC 8628 §3.2: the interval when the server names none. */
const usualIntervalSeconds = 5

/** Where a request goes: the API of an endpoint, and the path below it. */
export interface Target {
  readonly api: Api
  readonly path: string
}

/**
 * Asks for codes.
 * @throws CliError with the server's error.
 */
export async function requestCodes(
  { api, path }: Target,
  client: ClientCredentials,
  wanted: Readonly<Record<string, string | undefined>>,
): Promise<DeviceCodes> {
  const answer = await postAsClient(api, path, client, { ...wanted, client_id: client.id })
  const [deviceCode, userCode] = [field(answer, 'device_code'), field(answer, 'user_code')]
  const url = field(answer, 'verification_uri_complete') ?? field(answer, 'verification_uri')
  if (typeof deviceCode !== 'string' || typeof userCode !== 'string' || typeof url !== 'string')
    throw new CliError('The server answered without codes.')
  const interval = field(answer, 'interval')
  const intervalSeconds = typeof interval === 'number' ? interval : usualIntervalSeconds
  return { deviceCode, userCode, url, intervalSeconds }
}

/**
 * Polls until the user has decided.
 * @returns the token response.
 * @throws CliError with the server's error when the user refused or was too late.
 */
export async function awaitTokens(
  { api, path }: Target,
  client: ClientCredentials,
  codes: DeviceCodes,
): Promise<unknown> {
  const form = {
    grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
    device_code: codes.deviceCode,
  }
  let seconds = codes.intervalSeconds
  for (;;) {
    await delay(seconds * 1000)
    const response = await sendAsClient(api, path, client, form)
    const error = response.status === 400 ? errorOf(response.text) : undefined
    // RFC 8628 §3.5: this and all later pauses are five seconds longer.
    if (error === 'slow_down') seconds += 5
    else if (error !== 'authorization_pending') return api.read(response)
  }
}

function errorOf(text: string): unknown {
  try {
    return field(JSON.parse(text), 'error')
  } catch {
    return undefined
  }
}
