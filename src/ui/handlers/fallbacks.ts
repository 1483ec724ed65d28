/** `/oauth2/fallbacks/*`: pages that name the configuration key of a page that does not exist. */

import type { Endpoint } from '../../http/endpoint.ts'
import { frameFor } from '../frame.ts'
import { renderError } from '../pages/error.ts'
import { renderDeviceDone, renderFallback, type FallbackPage } from '../pages/fallback.ts'
import { renderSignedOut } from '../pages/sign-out.ts'
import { respondPage } from '../respond-page.ts'
import { errorPage } from './error.ts'

const html = { description: 'A page.', contentType: 'text/html' }

function missingPage(path: string, page: FallbackPage): Endpoint {
  return {
    method: 'GET',
    path: `/oauth2/fallbacks/${path}`,
    summary: `Names the missing configuration key ${page.configurationKey}`,
    responses: { 200: html },
    async handle(input) {
      return respondPage(200, renderFallback(frameFor(input), page))
    },
  }
}

const login = missingPage('login', {
  missing: 'login',
  configurationKey: 'urls.login',
  environmentName: 'URLS_LOGIN',
  example: 'https://accounts.example.com/login',
})

const consent = missingPage('consent', {
  missing: 'consent',
  configurationKey: 'urls.consent',
  environmentName: 'URLS_CONSENT',
  example: 'https://accounts.example.com/consent',
})

const logout = missingPage('logout', {
  missing: 'logout',
  configurationKey: 'urls.logout',
  environmentName: 'URLS_LOGOUT',
  example: 'https://accounts.example.com/logout',
})

const device = missingPage('device', {
  missing: 'device',
  configurationKey: 'urls.device.verification',
  environmentName: 'URLS_DEVICE_VERIFICATION',
  example: 'https://accounts.example.com/device',
})

const loggedOut: Endpoint = {
  method: 'GET',
  path: '/oauth2/fallbacks/logout/callback',
  summary: 'Stands in for urls.post_logout_redirect',
  responses: { 200: html },
  async handle(input) {
    return respondPage(200, renderSignedOut(frameFor(input)))
  },
}

const deviceDone: Endpoint = {
  method: 'GET',
  path: '/oauth2/fallbacks/device/done',
  summary: 'Stands in for urls.device.success',
  responses: { 200: html },
  async handle(input) {
    return respondPage(200, renderDeviceDone(frameFor(input)))
  },
}

const error: Endpoint = {
  method: 'GET',
  path: '/oauth2/fallbacks/error',
  summary: 'Stands in for urls.error',
  responses: { 500: html },
  async handle(input) {
    const frame = frameFor(input)
    return respondPage(500, renderError(frame, errorPage(input.url.searchParams, frame.words)))
  },
}

/** Served whatever is configured, as the reference does. */
export const fallbackEndpoints: readonly Endpoint[] = [
  login,
  consent,
  logout,
  loggedOut,
  device,
  deviceDone,
  error,
]
