import { readdir, readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import type { OpenApiDocument } from '../../src/http/openapi.ts'
import { bareServer } from './bare-server.ts'

const documentation = new URL('../../node_modules/@ory/hydra-client/docs/', import.meta.url)

/** `operationId → METHOD path, group`, as the official SDK documents it. */
async function officialOperations(): Promise<ReadonlyMap<string, string>> {
  const files = (await readdir(documentation)).filter((name) => name.endsWith('Api.md'))
  const found = new Map<string, string>()
  for (const file of files) {
    const text = await readFile(new URL(file, documentation), 'utf8')
    for (const [, id = '', method, path] of text.matchAll(
      /^\|\[\*\*(\w+)\*\*\][^|]*\| \*\*(\w+)\*\* (\S+) \|/gmu,
    )) {
      found.set(id, `${method} ${path} ${file.replace('Api.md', '').toLowerCase()}`)
    }
  }
  return found
}

async function served(listener: 'public' | 'admin' = 'public'): Promise<OpenApiDocument> {
  const response = await bareServer()[listener](new Request('http://server/openapi.json'))
  expect(response.status).toBe(200)
  return (await response.json()) as OpenApiDocument
}

function operations(document: OpenApiDocument) {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      id: operation['operationId'] as string,
      place: `${method.toUpperCase()} ${path} ${String((operation['tags'] as string[])[0]).toLowerCase()}`,
      operation,
    })),
  )
}

describe('the API document', () => {
  it('puts every operation that official SDKs know at the place and in the group they know', async () => {
    const official = await officialOperations()
    expect(official.size).toBeGreaterThan(40)
    const ours = operations(await served())
    expect(ours.length).toBeGreaterThan(10)
    for (const { id, place } of ours) {
      if (official.has(id)) expect(`${id} ${place}`).toBe(`${id} ${official.get(id)}`)
    }
    const places = new Set(official.values())
    for (const { id, place } of ours) {
      if (places.has(place)) expect(official.has(id)).toBe(true)
    }
  })

  it('is one document on both listeners, and belongs to the admin API under its prefix', async () => {
    expect(await served('admin')).toEqual(await served('public'))
    const server = bareServer()
    const response = await server.oneOrigin(new Request('http://server/admin/openapi.json'))
    expect(response.status).toBe(200)
  })

  it('resolves every reference', async () => {
    const document = await served()
    const references = JSON.stringify(document).matchAll(
      /"\$ref":"#\/components\/schemas\/([^"]+)"/gu,
    )
    for (const [, name = ''] of references) {
      expect(Object.keys(document.components.schemas)).toContain(name)
    }
    expect(JSON.stringify(document)).not.toContain('$defs')
    expect(Object.keys(document.components.schemas)).toContain('oAuth2Client')
  })

  it('declares every parameter of a path', async () => {
    const document = await served()
    for (const [path, methods] of Object.entries(document.paths)) {
      const names = [...path.matchAll(/\{(\w+)\}/gu)].map(([, name]) => name)
      for (const operation of Object.values(methods)) {
        const parameters = (operation['parameters'] ?? []) as { name: string; in: string }[]
        const declared = parameters.filter((each) => each.in === 'path').map((each) => each.name)
        expect(declared).toEqual(names)
      }
    }
  })

  it('names the credentials of each operation', async () => {
    const { paths } = await served()
    expect(paths['/oauth2/token']?.['post']?.['security']).toEqual([{ basic: [] }, { oauth2: [] }])
    expect(paths['/admin/clients']?.['get']?.['security']).toEqual([{ oryAccessToken: [] }, {}])
    expect(paths['/health/alive']?.['get']).not.toHaveProperty('security')
  })
})
