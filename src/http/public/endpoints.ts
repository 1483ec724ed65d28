/** Every endpoint of the public API. To add one, write its file and add a line here. */

import type { Endpoint } from '../endpoint.ts'
import { aliveEndpoint, readyEndpoint } from '../health.ts'
import { authorizeEndpoint, authorizePostEndpoint } from './authorize.ts'
import { checkSessionEndpoint, checkSessionOriginEndpoint } from './check-session.ts'
import { credentialsEndpoint } from './credentials.ts'
import { deviceAuthorizationEndpoint, deviceVerifyEndpoint } from './device.ts'
import {
  authorizationServerEndpoint,
  jwksEndpoint,
  openidConfigurationEndpoint,
} from './discovery.ts'
import { logoutEndpoint, logoutPostEndpoint } from './logout.ts'
import { registrationEndpoints } from './register.ts'
import { revokeEndpoint } from './revoke.ts'
import { tokenEndpoint } from './token.ts'
import { userinfoEndpoint, userinfoPostEndpoint } from './userinfo.ts'

/** Every endpoint of the public listener. */
export const publicEndpoints: readonly Endpoint[] = [
  aliveEndpoint(''),
  readyEndpoint(''),
  authorizeEndpoint,
  authorizePostEndpoint,
  tokenEndpoint,
  deviceAuthorizationEndpoint,
  deviceVerifyEndpoint,
  revokeEndpoint,
  userinfoEndpoint,
  userinfoPostEndpoint,
  credentialsEndpoint,
  openidConfigurationEndpoint,
  authorizationServerEndpoint,
  jwksEndpoint,
  logoutEndpoint,
  logoutPostEndpoint,
  checkSessionEndpoint,
  checkSessionOriginEndpoint,
  ...registrationEndpoints,
]
