import { Command } from 'commander'
import type { Cli } from '../cli.ts'
import { packageVersion } from '../package-version.ts'

/** `firebrand version`. */
export function version(cli: Cli, name: string): Command {
  return new Command(name).description('print the version').action(() => {
    cli.stdout(`Version:    v${packageVersion()}\nNode.js:    ${process.version}\n`)
  })
}
