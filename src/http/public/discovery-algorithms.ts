/**
 * Algorithms in the discovery document, beyond the one that a server of the Ory API lists.
 *
 * @see OpenID Connect Discovery §3
 */

import { z } from 'zod'
import type { Services } from '../../context.ts'
import { requestObjectAlgorithms } from '../../interaction/request-object.ts'
import { algorithms } from '../../keys/algorithms.ts'
import {
  contentEncryptionAlgorithms,
  keyManagementAlgorithms,
} from '../../keys/encryption-algorithms.ts'

const list = z.array(z.string()).optional()

/** Schemas of the members that the Ory API does not have. */
export const algorithmMembers = {
  id_token_encryption_alg_values_supported: list,
  id_token_encryption_enc_values_supported: list,
  userinfo_encryption_alg_values_supported: list,
  userinfo_encryption_enc_values_supported: list,
  request_object_encryption_alg_values_supported: list,
  request_object_encryption_enc_values_supported: list,
}

/**
 * The values.
 *
 * @param alg what ID tokens are signed with unless the client chose otherwise; it comes first.
 */
export async function algorithmValues({ keys }: Pick<Services, 'keys'>, alg: string) {
  const signing = [...new Set([alg, ...Object.keys(algorithms)])]
  const encryption = Object.keys(keyManagementAlgorithms)
  const ofRequestObjects = await keys.keyManagementAlgorithms()
  return {
    id_token_signing_alg_values_supported: signing,
    userinfo_signing_alg_values_supported: ['none', ...signing],
    request_object_signing_alg_values_supported: ['none', ...requestObjectAlgorithms],
    id_token_encryption_alg_values_supported: encryption,
    id_token_encryption_enc_values_supported: contentEncryptionAlgorithms,
    userinfo_encryption_alg_values_supported: encryption,
    userinfo_encryption_enc_values_supported: contentEncryptionAlgorithms,
    ...(ofRequestObjects.length === 0
      ? {}
      : {
          request_object_encryption_alg_values_supported: ofRequestObjects,
          request_object_encryption_enc_values_supported: contentEncryptionAlgorithms,
        }),
  }
}
