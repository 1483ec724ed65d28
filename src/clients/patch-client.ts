/** `PATCH` of a client. */

import type { ClientId } from '../brand.ts'
import { apiError } from '../protocol/api-error.ts'
import { parseJson } from '../protocol/json.ts'
import type { OAuthError } from '../protocol/oauth-error.ts'
import { err, ok, type Result } from '../result.ts'
import type { ClientRecord } from '../storage/storage.ts'
import { jsonPatchDocument } from './client-schema.ts'
import { applyPatch, type PatchOperation } from './json-patch.ts'
import { replacement, type SecretChange, type WrittenClient } from './manage-client.ts'
import { parseClient } from './parse-client.ts'
import { changeClient, type ClientServices } from './store-client.ts'
import { toWireClient } from './wire.ts'

/** The identity of a client is the path of the request; a patch of it would write another client. */
const deniedPaths: readonly string[] = ['/id', '/client_id']

function malformed(reason: string): { readonly ok: false; readonly error: OAuthError } {
  return err(apiError('malformed_request', `Unable to apply the JSON Patch: ${reason}.`))
}

/** Reads a patch; `null` is one without operations. */
export function parsePatch(body: unknown): Result<readonly PatchOperation[], OAuthError> {
  if (body === null) return ok([])
  const parsed = jsonPatchDocument.safeParse(body)
  if (!parsed.success) return malformed('it is not an array of operations')
  const denied = parsed.data.find(({ path }) => deniedPaths.includes(path.toLowerCase()))
  return denied === undefined ? ok(parsed.data) : malformed(`path ${denied.path} is denied`)
}

/** The document that patches see: the stored client, its keys as they were registered, and its hash for a secret. */
function patchTarget({ client, secretHash }: ClientRecord): unknown {
  const document = { ...toWireClient(client), jwks: client.jwks ?? {}, client_secret: secretHash }
  return parseJson(JSON.stringify(document))
}

/** A secret that differs from the hash was set by the patch; one that is gone ends the former secrets only. */
function secretChange(secret: string | undefined, { secretHash }: ClientRecord): SecretChange {
  if (secret === undefined || secret === '') return { kind: 'keep_current' }
  return secret === secretHash ? { kind: 'keep' } : { kind: 'replace', secret }
}

/**
 * Applies a patch to a client.
 *
 * @returns `malformed_request` when the patch cannot be applied or its result is no client, the failure of validation,
 *   or `unknown_resource`.
 */
export function patchClient(
  services: ClientServices,
  id: ClientId,
  patch: readonly PatchOperation[],
): Promise<Result<WrittenClient, OAuthError>> {
  return changeClient(services, id, async (current) => {
    const patched = applyPatch(patchTarget(current), patch)
    if (!patched.ok) return malformed(patched.error)
    const sent = parseClient(patched.value)
    if (!sent.ok) return sent
    const change = secretChange(sent.value.client_secret, current)
    return replacement(services, current, sent.value, change)
  })
}
