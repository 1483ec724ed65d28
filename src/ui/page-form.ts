/** Reads what a form of ours posts. */

import type { EndpointRequest } from '../http/endpoint.ts'
import { readForm } from '../http/form.ts'

/** Fields of a form; what was not sent is empty. */
export interface PageForm {
  readonly challenge: string
  readonly csrf: string
  readonly rejected: boolean
  readonly remember: boolean
  readonly email: string
  readonly password: string
  readonly userCode: string
  readonly grantScope: readonly string[]
}

/** Values of the button that mean no: ours, and those of the reference's login and consent app. */
const rejections = new Set(['reject', 'Deny access', 'No'])

const repeatable = new Set(['grant_scope'])

/** Reads a form. @returns `undefined` when the body cannot be read as one. */
export async function readPageForm({
  request,
  services,
}: EndpointRequest): Promise<PageForm | undefined> {
  const form = await readForm(request, { ...services.settings.limits, repeatable })
  if (!form.ok) return undefined
  const field = (name: string) => form.value.get(name) ?? ''
  return {
    challenge: field('challenge'),
    csrf: field('_csrf'),
    rejected: rejections.has(field('submit')),
    remember: field('remember') !== '',
    email: field('email'),
    password: field('password'),
    userCode: field('user_code'),
    grantScope: form.value.all('grant_scope'),
  }
}
