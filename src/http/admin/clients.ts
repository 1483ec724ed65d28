/** The client endpoints of the admin API. */

import type { Endpoint } from '../endpoint.ts'
import { deleteClientEndpoint, getClientEndpoint, listClientsEndpoint } from './clients-read.ts'
import {
  deleteRotatedSecretsEndpoint,
  rotateSecretEndpoint,
  setLifespansEndpoint,
} from './clients-parts.ts'
import { createClientEndpoint, patchClientEndpoint, setClientEndpoint } from './clients-write.ts'

/** Every endpoint below `/admin/clients`. */
export const adminClientEndpoints: readonly Endpoint[] = [
  listClientsEndpoint,
  createClientEndpoint,
  getClientEndpoint,
  setClientEndpoint,
  patchClientEndpoint,
  deleteClientEndpoint,
  setLifespansEndpoint,
  rotateSecretEndpoint,
  deleteRotatedSecretsEndpoint,
]
