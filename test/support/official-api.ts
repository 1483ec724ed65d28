/** The API as the official SDK `@ory/hydra-client` knows it, read from its own files. */

import { readdirSync, readFileSync } from 'node:fs'

const sdk = new URL('../../node_modules/@ory/hydra-client/', import.meta.url)

export interface OfficialOperation {
  readonly name: string
  /** `OAuth2Api`, … */
  readonly api: string
  readonly method: string
  readonly path: string
  /** Query parameters by their names on the wire, sorted. */
  readonly query: readonly string[]
  /** Members of the form, sorted. */
  readonly form: readonly string[]
  /** Name of the method's parameter that becomes a JSON body. */
  readonly body: string | undefined
  /** Members that the method insists on, in the SDK's spelling. */
  readonly required: readonly string[]
  /** Statuses with a description of their own; errors are documented without one. */
  readonly statuses: readonly number[]
  /** Whether the method's first argument is an object of parameters. */
  readonly takesParameters: boolean
  /** Type of the answer's data, `void` without. */
  readonly result: string
}

export interface OfficialMember {
  readonly name: string
  readonly required: boolean
  /** As TypeScript writes it. */
  readonly type: string
}

/** Operations of the five groups, by name. */
export function officialOperations(): ReadonlyMap<string, OfficialOperation> {
  const code = readFileSync(new URL('dist/api.js', sdk), 'utf8')
  const types = readFileSync(new URL('dist/api.d.ts', sdk), 'utf8')
  const files = readdirSync(new URL('docs/', sdk)).filter((name) => name.endsWith('Api.md'))
  const found = files.flatMap((file) => {
    const text = readFileSync(new URL(`docs/${file}`, sdk), 'utf8')
    const table = text.matchAll(/^\|\[\*\*(\w+)\*\*\][^|]*\| \*\*(\w+)\*\* (\S+) \|/gmu)
    return [...table].map(([, name = '', method = '', path = '']) => ({
      name,
      api: file.replace('.md', ''),
      method,
      path,
      ...sentBy(name, code),
      statuses: statusesOf(name, text),
      ...typedBy(name, file.replace('.md', ''), types),
    }))
  })
  return new Map(found.map((each) => [each.name, each]))
}

/** What the SDK puts where, from the code that makes the request. */
function sentBy(name: string, code: string) {
  const from = code.search(new RegExp(`^ {8}${name}: \\(`, 'mu'))
  const until = code.indexOf('toPathString', from)
  const text = code.slice(from, until)
  const names = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, each = '']) => each).sort()
  return {
    query: names(/localVarQueryParameter\['(\w+)'\]/gu),
    form: names(/localVarFormParams\.set\('(\w+)'/gu),
    body: /serializeDataIfNeeded\)\((\w+),/u.exec(text)?.[1],
    required: names(/assertParamExists\)\('\w+', '(\w+)'/gu),
  }
}

function typedBy(name: string, api: string, types: string) {
  const parameters = `${api}${name.charAt(0).toUpperCase()}${name.slice(1)}Request`
  const method = new RegExp(`^ {4}${name}\\(.*AxiosResponse<(.*), any, \\{\\}>>;`, 'mu')
  return {
    takesParameters: types.includes(`export interface ${parameters} {`),
    result: (method.exec(types)?.[1] ?? 'void').replace(/^(\w+)\[\]$/u, 'Array<$1>'),
  }
}

function statusesOf(name: string, text: string): readonly number[] {
  const from = text.indexOf(`# **${name}**\n`)
  const section = text.slice(from, text.indexOf('[[Back to top]]', from))
  return [...section.matchAll(/^\|\*\*(\d+)\*\* \|/gmu)]
    .map(([, status]) => Number(status))
    .filter((status) => status !== 0)
}

/** Models by name, as `OAuth2Client`. */
export function officialModels(): ReadonlyMap<string, readonly OfficialMember[]> {
  const text = readFileSync(new URL('dist/api.d.ts', sdk), 'utf8')
  const models = text.matchAll(/^export interface (\w+) \{\n([^]*?)^\}/gmu)
  return new Map(
    [...models]
      .filter(([, name = '']) => !/Api\w+Request$/u.test(name))
      .map(([, name = '', body = '']) => [name, membersOf(body)]),
  )
}

function membersOf(body: string): readonly OfficialMember[] {
  return [...body.matchAll(/^ {4}'([^']+)'(\??): ([^;]+);/gmu)].map(
    ([, name = '', optional, type = '']) => ({ name, required: optional === '', type }),
  )
}

/** `loginChallenge` of `login_challenge`. */
export function sdkName(wireName: string): string {
  return wireName.replaceAll(/_(\w)/gu, (_, letter: string) => letter.toUpperCase())
}
