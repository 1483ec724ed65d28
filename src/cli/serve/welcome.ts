/** What dev mode prints when it is ready. */

import { redactedDsn } from '../../config/config-error.ts'
import type { Loaded } from '../../config/load.ts'
import { firebrandVersion } from '../../http/version.ts'
import type { Demo } from '../../ui/demo/seed.ts'
import { adminUrlOf } from './open-server.ts'

/** What is known when the server is ready. */
export interface Ready {
  readonly demo: Demo | undefined
  /** From the start of the process. */
  readonly milliseconds: number
  /** How this program is called here. */
  readonly program: string
}

/** Where to click and what to type. */
export function welcome(
  { config, settings }: Loaded,
  { demo, milliseconds, program }: Ready,
): string {
  const { publicUrl } = settings
  const adminUrl = adminUrlOf(config)
  const facts = [
    ['Start page', `${publicUrl}/`],
    ['Issuer', settings.issuer],
    ['Admin API', config.serve.one_origin ? `${adminUrl}/admin` : adminUrl],
    ['Database', redactedDsn(config.dsn)],
    ...(demo === undefined
      ? []
      : [
          ['Demo account', `${demo.email} with the password ${demo.password}`],
          ['Demo client', `${demo.clientId} (public, no secret)`],
        ]),
  ]
  const lines = facts.map(([name = '', value = '']) => `  ${name.padEnd(14)}${value}`)
  return `
Firebrand ${firebrandVersion} is ready after ${milliseconds} ms, in development mode. Never use it for production.

${lines.join('\n')}

Try, in another terminal:

  ${program} create client --endpoint ${adminUrl} \\
      --grant-type client_credentials --format json
  ${program} perform client-credentials --endpoint ${publicUrl} \\
      --client-id … --client-secret …
  ${program} introspect token --endpoint ${adminUrl} --format json-pretty …
  ${program} create client --endpoint ${adminUrl} \\
      --grant-type authorization_code,refresh_token --response-type code \\
      --scope openid,offline --redirect-uri http://127.0.0.1:4446/callback --format json
  ${program} perform authorization-code --endpoint ${publicUrl} \\
      --client-id … --client-secret … --scope openid,offline

`
}
