/** Every page of the public origin. To add one, write its file and add a line here. */

import type { Endpoint } from '../http/endpoint.ts'
import type { Settings } from '../settings.ts'
import { showAsset } from './handlers/asset.ts'
import { showConsent, submitConsent } from './handlers/consent.ts'
import { demoEndpoints } from './handlers/demo.ts'
import { showDevice, showDeviceDone, submitDevice } from './handlers/device.ts'
import { showError } from './handlers/error.ts'
import { fallbackEndpoints } from './handlers/fallbacks.ts'
import { showLogin, submitLogin } from './handlers/login.ts'
import { showLogout, showSignedOut, submitLogout } from './handlers/logout.ts'
import { showLanding, showStart } from './handlers/start.ts'
import type { Self } from './self.ts'

const accountPages: readonly Endpoint[] = [
  showLogin,
  submitLogin,
  showConsent,
  submitConsent,
  showLogout,
  submitLogout,
  showSignedOut,
  showDevice,
  submitDevice,
  showDeviceDone,
  showError,
]

/**
 * The pages of a server: those of accounts unless they are turned off, the start page and the demo client in
 * development mode, and what is always there.
 */
export function uiEndpoints(
  settings: Pick<Settings, 'dev' | 'accountPages'>,
  self: Self,
): readonly Endpoint[] {
  return [
    ...(settings.accountPages ? accountPages : []),
    ...(settings.dev ? [showStart(self), ...demoEndpoints(self)] : [showLanding]),
    ...fallbackEndpoints,
    showAsset,
  ]
}
