import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** A program of node_modules/.bin or a TypeScript file of this project, with its arguments. */
export type Step = readonly [program: string, ...args: string[]]

/** Runs the step in the project's root, its output on ours, and says whether it succeeded. */
export function run([program, ...args]: Step): boolean {
  console.log(`\n> ${[program, ...args].join(' ')}`)
  const script = program.endsWith('.ts')
  const command = script ? process.execPath : program
  const { status, error } = spawnSync(command, script ? [program, ...args] : args, {
    cwd: root,
    stdio: 'inherit',
  })
  if (error !== undefined) console.error(error.message)
  return status === 0
}
