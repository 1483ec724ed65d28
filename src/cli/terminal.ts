/** The process as commands see it. */

import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { processEnvironment } from '../config/process.ts'
import type { Cli } from './cli.ts'

/** The real standard streams and environment. */
export function terminal(): Cli {
  return {
    program: programName(),
    env: processEnvironment(),
    stdout: (text) => void process.stdout.write(text),
    stderr: (text) => void process.stderr.write(text),
    isInteractive: process.stdin.isTTY,
    readStdin,
    ask,
  }
}

/** In a clone there is no `firebrand` on the path. */
function programName(): string {
  const isSource = process.argv[1]?.endsWith('.ts') === true
  return isSource ? 'node scripts/run.mjs src/cli/main.ts' : 'firebrand'
}

async function readStdin(): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

async function ask(question: string, hidden = false): Promise<string> {
  process.stderr.write(question)
  // readline echoes what is typed to its output; a mute one hides it.
  const mute = new Writable({ write: (_chunk, _encoding, done) => done() })
  const output = hidden ? mute : process.stderr
  const lines = createInterface({ input: process.stdin, output, terminal: process.stdin.isTTY })
  const answer = await new Promise<string>((resolve) => {
    lines.once('line', resolve)
    lines.once('close', () => resolve(''))
    lines.once('SIGINT', () => process.exit(1))
  })
  lines.close()
  if (hidden) process.stderr.write('\n')
  return answer
}
