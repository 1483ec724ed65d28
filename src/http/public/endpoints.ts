/** Every endpoint of the public API. To add one, write its file and add a line here. */

import type { Endpoint } from '../endpoint.ts'
import { aliveEndpoint, readyEndpoint } from '../health.ts'
import { authorizeEndpoint, authorizePostEndpoint } from './authorize.ts'
import { logoutEndpoint, logoutPostEndpoint } from './logout.ts'
import { tokenEndpoint } from './token.ts'

export const publicEndpoints: readonly Endpoint[] = [
  aliveEndpoint(''),
  readyEndpoint(''),
  authorizeEndpoint,
  authorizePostEndpoint,
  tokenEndpoint,
  logoutEndpoint,
  logoutPostEndpoint,
]
