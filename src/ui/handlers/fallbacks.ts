/** `/oauth2/fallbacks/*`: pages that name the configuration key of a page that does not exist. */

import type { Endpoint } from '../../http/endpoint.ts'
import { frameOf } from '../frame.ts'
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
    async handle({ services }) {
      return respondPage(200, renderFallback(frameOf(services.settings), page))
    },
  }
}

const login = missingPage('login', {
  missing: 'sign-in page',
  configurationKey: 'urls.login',
  environmentName: 'URLS_LOGIN',
  example: 'https://accounts.example.com/login',
})

const consent = missingPage('consent', {
  missing: 'consent page',
  configurationKey: 'urls.consent',
  environmentName: 'URLS_CONSENT',
  example: 'https://accounts.example.com/consent',
})

const logout = missingPage('logout', {
  missing: 'sign-out page',
  configurationKey: 'urls.logout',
  environmentName: 'URLS_LOGOUT',
  example: 'https://accounts.example.com/logout',
})

const device = missingPage('device', {
  missing: 'device page',
  configurationKey: 'urls.device.verification',
  environmentName: 'URLS_DEVICE_VERIFICATION',
  example: 'https://accounts.example.com/device',
})

const loggedOut: Endpoint = {
  method: 'GET',
  path: '/oauth2/fallbacks/logout/callback',
  summary: 'Stands in for urls.post_logout_redirect',
  responses: { 200: html },
  async handle({ services }) {
    return respondPage(200, renderSignedOut(frameOf(services.settings)))
  },
}

const deviceDone: Endpoint = {
  method: 'GET',
  path: '/oauth2/fallbacks/device/done',
  summary: 'Stands in for urls.device.success',
  responses: { 200: html },
  async handle({ services }) {
    return respondPage(200, renderDeviceDone(frameOf(services.settings)))
  },
}

const error: Endpoint = {
  method: 'GET',
  path: '/oauth2/fallbacks/error',
  summary: 'Stands in for urls.error',
  responses: { 500: html },
  async handle({ services, url }) {
    return respondPage(500, renderError(frameOf(services.settings), errorPage(url.searchParams)))
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
