/** Runs the executable as its users do: a process of its own. */

import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The executable as it is in the repository. */
export const mainOfSource = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

/** How `firebrand` is started. */
export interface CliOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** The executable, {@link mainOfSource} unless given. */
  readonly main?: string
}

export interface CliResult {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Starts `firebrand` with nothing of this environment but what finds programs. */
export function startCli(
  args: readonly string[],
  { main = mainOfSource, ...options }: CliOptions = {},
) {
  const { PATH = '', NODE_COMPILE_CACHE = '' } = process.env
  return spawn(process.execPath, [main, ...args], {
    env: { PATH, NODE_COMPILE_CACHE, ...options.env },
    cwd: options.cwd,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
}

/** Runs `firebrand` to its end. */
export async function runCli(
  args: readonly string[],
  options: CliOptions & { readonly stdin?: string } = {},
): Promise<CliResult> {
  const child = startCli(args, options)
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  child.stdin.end(options.stdin ?? '')
  const code = await new Promise<number | null>((resolve) => {
    child.once('close', resolve)
  })
  return { code, stdout, stderr }
}
