/**
 * The direction of imports between the folders of src/, as rules of oxlint. This table is the source of
 * `.oxlintrc.layers.json`; docs/architecture.md explains the layers.
 */

interface Layer {
  /** Path below src/. */
  readonly folder: string
  /** Files and folders of src/ that may be imported besides the layer's own. */
  readonly imports: readonly string[]
  /** Packages that may not be imported. SQL libraries are for storage/sql only, without saying so here. */
  readonly withoutPackages: readonly string[]
}

const shared = ['result.ts', 'brand.ts', 'settings.ts']
const rules = ['protocol', 'keys', 'tokens', 'storage/storage.ts', 'context.ts', ...shared]
const resources = ['clients', 'trust', 'sessions']
const flows = ['client-auth', 'grants', 'interaction']
const handlers = [...rules, ...resources, ...flows]
const edges = [...handlers, 'accounts', 'http', 'ui', 'config', 'node', 'sdk', 'firebrand.ts']

/** What the commands that work on a database need of it. */
const databaseCommands = ['storage/sql/open.ts', 'storage/sql/migrate.ts']

const sqlLibraries = ['kysely', 'kysely/**', 'pg', 'pg/**', 'node:sqlite']
const web = ['hono', 'hono/**', '@hono/**']

const layers: readonly Layer[] = [
  {
    folder: 'protocol',
    imports: ['result.ts', 'brand.ts'],
    withoutPackages: ['node:*', 'zod', 'pino', ...web],
  },
  { folder: 'keys', imports: rules, withoutPackages: web },
  { folder: 'tokens', imports: rules, withoutPackages: web },
  { folder: 'storage', imports: ['protocol', ...shared], withoutPackages: web },
  { folder: 'storage/sql', imports: ['protocol', ...shared], withoutPackages: web },
  ...resources.map((folder) => ({ folder, imports: rules, withoutPackages: web })),
  {
    folder: 'accounts',
    imports: [
      ...rules,
      'clients/slow-hash.ts',
      'clients/hash-turnstile.ts',
      'clients/turnstile.ts',
    ],
    withoutPackages: web,
  },
  { folder: 'client-auth', imports: [...rules, ...resources], withoutPackages: web },
  { folder: 'grants', imports: [...rules, ...resources, 'client-auth'], withoutPackages: web },
  { folder: 'interaction', imports: [...rules, ...resources], withoutPackages: web },
  { folder: 'http', imports: handlers, withoutPackages: [] },
  { folder: 'ui', imports: [...handlers, 'accounts', 'http'], withoutPackages: [] },
  { folder: 'config', imports: ['protocol', ...shared], withoutPackages: web },
  { folder: 'sdk', imports: ['protocol', 'http', ...shared], withoutPackages: ['node:*'] },
  { folder: 'node', imports: edges, withoutPackages: [] },
  { folder: 'cli', imports: [...edges, ...databaseCommands], withoutPackages: [] },
]

/** Content of `.oxlintrc.layers.json`: one line for each layer and depth of folders. */
export async function layersConfiguration(): Promise<string> {
  const everything = {
    files: ['src/**/*.ts'],
    excludeFiles: ['**/*.test.ts', 'src/storage/sql/**'],
    rules: restricted([sqlPattern]),
  }
  const overrides = [
    everything,
    ...layers.flatMap((layer) => depths.map((depth) => override(layer, depth))),
  ]
  const lines = overrides.map((each) => `  ${JSON.stringify(each)}`)
  return `{"overrides": [\n${lines.join(',\n')}\n]}\n`
}

/** How deep folders may nest below a layer's own. */
const depths = [0, 1, 2]

const sqlPattern = { group: sqlLibraries, message: 'Only storage/sql uses SQL libraries.' }

/** A path that climbs out of the layer's folder names src/ by as many `../` as the file is deep. */
function override({ folder, imports, withoutPackages }: Layer, depth: number): object {
  const root = '../'.repeat(folder.split('/').length + depth)
  const allowed = imports.map((name) => `!${root}${name}${name.endsWith('.ts') ? '' : '/**'}`)
  const inner = layers.filter((other) => other.folder.startsWith(`${folder}/`))
  return {
    files: [`src/${folder}/${'*/'.repeat(depth)}*.ts`],
    excludeFiles: ['**/*.test.ts', ...inner.map((other) => `src/${other.folder}/**`)],
    rules: restricted([
      {
        group: [`${root}**`, ...allowed],
        message: `Of src/, ${folder}/ may import ${imports.join(', ')} and its own files.`,
      },
      { group: withoutPackages, message: `${folder}/ must not depend on this package.` },
      ...(folder === 'storage/sql' ? [] : [sqlPattern]),
    ]),
  }
}

interface Pattern {
  readonly group: readonly string[]
  readonly message: string
}

function restricted(patterns: readonly Pattern[]): object {
  const meant = patterns.filter(({ group }) => group.length > 0)
  return { 'no-restricted-imports': ['error', { patterns: meant }] }
}
