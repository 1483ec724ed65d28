import type { Case } from '../case.ts'
import {
  clientCredentials,
  clientCredentialsEs256,
  clientCredentialsRs256,
} from './client-credentials.ts'
import { codeFlow } from './code-flow.ts'
import { discovery } from './discovery.ts'
import {
  introspectionClient,
  introspectionJwt,
  introspectionRevoked,
  introspectionUser,
} from './introspection.ts'
import { listClients } from './list-clients.ts'
import { refresh } from './refresh.ts'
import { userinfo } from './userinfo.ts'

/** All cases in the order of the report. A new case is a file, its name in `caseNames`, and a line here. */
export const allCases: readonly Case[] = [
  clientCredentials,
  clientCredentialsEs256,
  clientCredentialsRs256,
  introspectionClient,
  introspectionUser,
  introspectionJwt,
  introspectionRevoked,
  refresh,
  codeFlow,
  userinfo,
  discovery,
  listClients,
]
