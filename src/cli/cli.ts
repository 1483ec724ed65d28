/** What a command may touch of the process it runs in. */

import type { Command } from 'commander'

/** What a command may use of the process it runs in. */
export interface Cli {
  /** How this program is called here, for examples. */
  readonly program: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Results. */
  stdout(text: string): void
  /** Everything else: progress, questions, errors. */
  stderr(text: string): void
  /** All of the standard input as text. */
  readStdin(): Promise<string>
  /** Whether a person sits at the standard input. */
  readonly isInteractive: boolean
  /** Asks on the terminal and answers one line; with `hidden` nothing typed is shown. */
  ask(question: string, hidden?: boolean): Promise<string>
}

/** Makes a command under the name that the table gives it. */
export type CommandFactory = (cli: Cli, name: string) => Command

/** A failure with a text for the user; the process exits 1. `message` may have several lines, `''` prints nothing. */
export class CliError extends Error {
  override readonly name = 'CliError'
}
