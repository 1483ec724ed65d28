/** The environment of this process. Nothing else reads or writes it. */

/** All variables. */
export function processEnvironment(): Readonly<Record<string, string | undefined>> {
  return process.env
}

/** Makes all further TLS connections of this process accept any certificate. For command-line tools only. */
export function skipTlsVerification(): void {
  process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0'
}
