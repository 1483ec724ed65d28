import { Command } from 'commander'
import type { Cli } from '../cli.ts'
import type { ConfigOptions } from '../config-flags.ts'
import type { Part } from '../serve/listeners.ts'

const abouts: Readonly<Record<Part, string>> = {
  all: 'serve the public and the admin API',
  public: 'serve the public API only',
  admin: 'serve the admin API only',
}

/** `firebrand serve all`, `public` and `admin`; `serve` alone is `serve all`. */
function serveCommand(part: Part) {
  return (cli: Cli, name: string): Command => {
    const command = new Command(name).description(abouts[part])
    return command.action(async () => {
      const options: ConfigOptions = command.optsWithGlobals()
      const { serve } = await import('../serve/run.ts')
      await serve(cli, options, part)
    })
  }
}

/** `firebrand serve`, `firebrand serve all`: both listeners. */
export const serveAll = serveCommand('all')
/** `firebrand serve public`: the public listener. */
export const servePublic = serveCommand('public')
/** `firebrand serve admin`: the admin listener. */
export const serveAdmin = serveCommand('admin')
