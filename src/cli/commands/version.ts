import { Command } from 'commander'
import type { Cli } from '../cli.ts'
import { firebrandVersion } from '../../http/version.ts'

/** `firebrand version`. */
export function version(cli: Cli, name: string): Command {
  return new Command(name).description('print the version').action(() => {
    cli.stdout(`Version:    ${firebrandVersion}\nNode.js:    ${process.version}\n`)
  })
}
