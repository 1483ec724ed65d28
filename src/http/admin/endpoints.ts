/** Every endpoint of the admin API, with the `/admin` prefix. To add one, write its file and add a line here. */

import type { Endpoint } from '../endpoint.ts'
import { aliveEndpoint, metricsEndpoint, readyEndpoint, versionEndpoint } from '../health.ts'
import { adminClientEndpoints } from './clients.ts'
import { consentEndpoints } from './consent.ts'
import { listConsentSessionsEndpoint, revokeConsentSessionsEndpoint } from './consent-sessions.ts'
import { acceptDeviceEndpoint } from './device.ts'
import { revokeLoginSessionsEndpoint } from './login-sessions.ts'
import { introspectEndpoint } from './introspect.ts'
import { keyEndpoints } from './keys.ts'
import { loginEndpoints } from './login.ts'
import { logoutEndpoints } from './logout.ts'
import { deleteTokensEndpoint } from './tokens.ts'
import { trustEndpoints } from './trust.ts'

/** Every endpoint of the admin listener. */
export const adminEndpoints: readonly Endpoint[] = [
  aliveEndpoint('/admin'),
  readyEndpoint('/admin'),
  versionEndpoint,
  metricsEndpoint,
  ...adminClientEndpoints,
  ...keyEndpoints,
  deleteTokensEndpoint,
  ...trustEndpoints,
  introspectEndpoint,
  ...loginEndpoints,
  ...consentEndpoints,
  ...logoutEndpoints,
  acceptDeviceEndpoint,
  listConsentSessionsEndpoint,
  revokeConsentSessionsEndpoint,
  revokeLoginSessionsEndpoint,
]
