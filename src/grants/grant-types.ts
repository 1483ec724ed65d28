/** The grant types of the token endpoint. Adding one is a file and a line here. */

import { authorizationCode } from './authorization-code.ts'
import { clientCredentials } from './client-credentials.ts'
import { deviceCode } from './device-code.ts'
import type { GrantType } from './grant.ts'
import { jwtBearer } from './jwt-bearer.ts'
import { refreshToken } from './refresh-token.ts'
import { deviceCodeGrantType } from '../tokens/device-code.ts'

/** `grant_type` → how it is exchanged for tokens. */
export const grantTypes: ReadonlyMap<string, GrantType> = new Map([
  ['authorization_code', authorizationCode],
  ['client_credentials', clientCredentials],
  ['refresh_token', refreshToken],
  [deviceCodeGrantType, deviceCode],
  ['urn:ietf:params:oauth:grant-type:jwt-bearer', jwtBearer],
])
