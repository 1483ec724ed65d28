/** Opens the user's browser. */

import { spawn } from 'node:child_process'

const openers: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
}

/** Asks the desktop to open an address. Without one nothing happens but a remark. */
export function openBrowser(url: string, remark: (reason: string) => void): void {
  const [command = 'xdg-open', ...args] = openers[process.platform] ?? ['xdg-open']
  const opener = spawn(command, [...args, url], { stdio: 'ignore', detached: true })
  opener.once('error', () =>
    remark('No browser could be opened from here; open the address yourself.'),
  )
  opener.unref()
}
