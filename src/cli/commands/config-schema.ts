import { Command } from 'commander'
import { jsonSchema } from '../../config/json-schema.ts'
import type { Cli } from '../cli.ts'

/** `firebrand config schema`: prints the JSON Schema of configuration files. */
export function configSchema(cli: Cli, name: string): Command {
  return new Command(name)
    .description('print the JSON Schema of configuration files')
    .action(() => cli.stdout(`${JSON.stringify(jsonSchema(), undefined, 2)}\n`))
}
