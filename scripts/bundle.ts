/**
 * Makes the JavaScript of the package: src/ and the libraries that consist of many small files, in a few files. Finding and
 * reading 700 files is most of what a start would cost (ADR 0140).
 */

import { chmod, cp, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'rolldown'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Libraries that become part of our files, in the version that package-lock.json names; the others are imported. */
const included = ['@hono/node-server', 'hono', 'jose', 'kysely', 'zod']

/** Entry points as package.json names them, without their ending. */
const entries = ['cli/main', 'firebrand', 'sdk/client']

/**
 * Writes the entry points, what they share in `chunks/`, the files that are not TypeScript, and the licences of what is included.
 * @throws Error when an import leads nowhere, or when anything else is doubtful.
 */
export async function bundle(target: string): Promise<void> {
  const { output } = await build({
    input: Object.fromEntries(entries.map((entry) => [entry, join(root, 'src', `${entry}.ts`)])),
    platform: 'node',
    external: isImported,
    output: {
      dir: target,
      entryFileNames: '[name].js',
      chunkFileNames: 'chunks/[name]-[hash].js',
    },
    onLog: (_level, { message }) => {
      throw new Error(message)
    },
  })
  // Pages look for their files beside their own code.
  await cp(join(root, 'src/ui/assets'), join(target, 'chunks/assets'), { recursive: true })
  await chmod(join(target, 'cli/main.js'), 0o755)
  const modules = output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []))
  await writeFile(join(target, 'third-party-licenses.txt'), await licencesOf(modules))
}

function isImported(id: string): boolean {
  const isOurs = id.startsWith('.') || id.startsWith('/')
  return !isOurs && !included.some((name) => id === name || id.startsWith(`${name}/`))
}

/** The texts that must come with every copy of the libraries. */
async function licencesOf(modules: readonly string[]): Promise<string> {
  const texts = included.map(async (name) => {
    const folder = join(root, 'node_modules', name)
    if (!modules.some((id) => id.includes(`/node_modules/${name}/`)))
      throw new Error(`Nothing of ${name} is in the bundle.`)
    const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
      readonly version: string
    }
    return `${name} ${version}\n\n${await licenceIn(folder)}`
  })
  return (await Promise.all(texts)).join(`\n${'-'.repeat(80)}\n\n`)
}

async function licenceIn(folder: string): Promise<string> {
  const name = (await readdir(folder)).find((each) => /^licen[cs]e/iu.test(each))
  if (name === undefined) throw new Error(`${folder} has no licence text.`)
  return readFile(join(folder, name), 'utf8')
}
