import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { apiErrors } from '../protocol/api-error.ts'
import { oauthErrorCodes } from '../protocol/oauth-error.ts'

describe('docs/errors.md', async () => {
  const document = await readFile(new URL('../../docs/errors.md', import.meta.url), 'utf8')

  for (const [code, { status, spec, description }] of Object.entries(oauthErrorCodes))
    it(`documents ${code}`, () => {
      expect(document).toContain(`| \`${code}\` | ${status} | ${spec} | ${description} |\n`)
    })

  for (const [name, { code, status, meaning }] of Object.entries(apiErrors))
    it(`documents the failure ${name} of the management API`, () => {
      expect(document).toContain(`| \`${code}\` | ${status} | ${meaning} |\n`)
    })
})
