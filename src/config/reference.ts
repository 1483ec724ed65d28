/** The text of docs/configuration.md, made from the schema. */

import { devDefaults } from './dev-defaults.ts'
import { jsonSchema, keysOf, objectOf, type KeyNode, type SchemaNode } from './json-schema.ts'

/** Markdown that describes every key, its environment variable, type, default and rule. */
export function renderConfigReference(): string {
  const root = jsonSchema()
  const general = leavesOf([], root)
  return [
    introduction,
    renderSection('General', undefined, general),
    ...sectionsOf(root).flatMap(({ path, schema }) => {
      const leaves = leavesOf(path, schema)
      return leaves.length === 0 ? [] : [renderSection(`\`${path.join('.')}\``, schema, leaves)]
    }),
  ].join('\n')
}

const introduction = `# Configuration

<!-- Generated from src/config/schema.ts by npm run fix. Do not edit. -->

Sources, the later wins: the defaults below; files named with \`-c\` in their order (\`.yaml\`, \`.yml\`, \`.json\`, \`.toml\`; maps
are merged, lists replaced); the flag \`--dev\`; environment variables. A wrong value stops the start with exit code 1 and names
its path, the value and the rule. \`firebrand config schema\` prints the JSON Schema for editors.

Environment variables are the dotted path in upper case with \`_\` for \`.\`. Lists take comma-separated values or a JSON array,
or one variable for each element (\`SECRETS_SYSTEM_0\`); sections take JSON. An empty variable counts as unset.
Durations are whole numbers with units: \`90s\`, \`1h30m\` (ns, us, ms, s, m, h).

In dev mode (\`--dev\`, \`DEV=true\` or \`dev: true\`) the issuer may be http, cookie names end in \`_dev\`, the admin API is open,
and unset keys become:

| Key | In dev mode |
|---|---|
${Object.entries(devDefaults)
  .map(([key, value]) => `| \`${key}\` | \`${value}\` |`)
  .join('\n')}
| \`secrets.system\` | generated; kept beside the database file |
`

function isSection(schema: SchemaNode): boolean {
  return schema.type === 'object' && schema.properties !== undefined
}

/** The sections, outermost first; the object form of a union is no section, its keys are listed with it. */
function sectionsOf(schema: SchemaNode, path: readonly string[] = []): readonly KeyNode[] {
  return Object.entries(schema.properties ?? {})
    .filter(([, child]) => isSection(child))
    .flatMap(([name, child]) => {
      const here = [...path, name]
      return [{ path: here, schema: child }, ...sectionsOf(child, here)]
    })
}

/** The keys directly below a section, and those of unions that have an object form. */
function leavesOf(path: readonly string[], section: SchemaNode): readonly KeyNode[] {
  const names = new Map(Object.entries(objectOf(section)?.properties ?? {}))
  return [...names]
    .filter(([, schema]) => !isSection(schema))
    .flatMap(([name, schema]) => {
      const here = [...path, name]
      const variant = schema.anyOf?.find(isSection)
      const inner = variant === undefined ? [] : keysOf(variant, here)
      return [{ path: here, schema }, ...inner.filter((each) => !isSection(each.schema))]
    })
}

function renderSection(
  title: string,
  section: SchemaNode | undefined,
  leaves: readonly KeyNode[],
): string {
  const about = section?.description === undefined ? '' : `${section.description}\n\n`
  return `## ${title}\n\n${about}| Key | Type | Default | Meaning |\n|---|---|---|---|\n${leaves.map(row).join('')}`
}

function row({ path, schema }: KeyNode): string {
  const variable = path.join('_').toUpperCase()
  const meaning = [schema.description ?? '', example(schema)].filter((text) => text !== '')
  const cells = [
    `\`${path.join('.')}\`<br>\`${variable}\``,
    typeOf(schema),
    schema.default === undefined ? '–' : code(schema.default),
    meaning.join(' '),
  ]
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`
}

function example(schema: SchemaNode): string {
  const examples = (schema.examples ?? []).map(code)
  return examples.length === 0 ? '' : `Example: ${examples.join(', ')}.`
}

function code(value: unknown): string {
  return `\`${typeof value === 'string' && value !== '' ? value : JSON.stringify(value)}\``
}

function typeOf(schema: SchemaNode): string {
  if (schema.enum !== undefined) return `one of ${schema.enum.map(code).join(', ')}`
  if (schema.const !== undefined) return code(schema.const)
  if (schema.anyOf !== undefined) {
    return [...new Set(schema.anyOf.map(typeOf))].join(' or ')
  }
  if (schema.type === 'array') return `list of ${typeOf(schema.items ?? {})}`
  if (schema.pattern?.includes('ns|us|ms') === true) return 'duration'
  return [nameOfType(schema), ...limitsOf(schema)].join(', ')
}

function limitsOf({ minimum, maximum, minLength }: SchemaNode): readonly string[] {
  const bounded = (limit: number | undefined, least: number, most: number) =>
    limit !== undefined && limit > least && limit < most
  return [
    ...(bounded(minimum, -1, Infinity) ? [`≥ ${minimum}`] : []),
    ...(bounded(maximum, 0, Number.MAX_SAFE_INTEGER) ? [`≤ ${maximum}`] : []),
    ...(bounded(minLength, 1, Infinity) ? [`at least ${minLength} characters`] : []),
  ]
}

function nameOfType({ type, format }: SchemaNode): string {
  if (format === 'uri') return 'URL'
  if (format === 'uri-reference') return 'URL or path'
  if (type === 'string') return 'text'
  return type ?? 'any'
}
