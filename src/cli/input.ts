/** Reads files that commands are given. */

import { readFile } from 'node:fs/promises'
import { parseJson } from '../protocol/json.ts'
import { CliError, type Cli } from './cli.ts'

/** The content of a file, or of the standard input for `-`. */
export async function readInput(cli: Cli, file: string): Promise<string> {
  if (file === '-') return cli.readStdin()
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    const reason = code === 'ENOENT' ? 'there is no such file' : code
    throw new CliError(`Could not read ${file}: ${reason}`, { cause: error })
  }
}

/** The same, parsed as JSON. Numbers keep their digits. */
export async function readJsonInput(cli: Cli, file: string): Promise<unknown> {
  const text = await readInput(cli, file)
  try {
    return parseJson(text)
  } catch (error) {
    throw new CliError(`${nameOf(file)} is not valid JSON.`, { cause: error })
  }
}

/** How a file is called in messages. */
export function nameOf(file: string): string {
  return file === '-' ? 'The standard input' : file
}
