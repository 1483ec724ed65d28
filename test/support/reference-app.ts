/** The reference's own login, consent and logout app: the npm package as it is, in a process of its own. */

import { spawn, type ChildProcess } from 'node:child_process'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

export interface ReferenceApp {
  readonly url: string
  stop(): Promise<void>
}

const running = new Set<ChildProcess>()

/** Ends what failed tests left behind. */
export function killReferenceApps(): void {
  for (const child of running) child.kill('SIGKILL')
}

/** Starts the app on a port, in front of an admin API. */
export async function startReferenceApp(options: {
  readonly port: number
  readonly adminUrl: string
}): Promise<ReferenceApp> {
  const main = createRequire(import.meta.url).resolve('hydra-login-consent-logout/lib/app.js')
  const { PATH = '' } = process.env
  const child = spawn(process.execPath, [main], {
    env: { PATH, PORT: String(options.port), HYDRA_ADMIN_URL: options.adminUrl },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  child.once('close', () => running.delete(child))
  let output = ''
  const exit = new Promise<void>((resolve) => {
    child.once('close', () => resolve())
  })
  const listening = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        output = (output + text).slice(-10_000)
        if (output.includes('Listening on')) resolve()
      })
  })
  const ended = exit.then(() => {
    throw new Error(`The app ended:\n${output}`)
  })
  await Promise.race([listening, ended])
  ended.catch(() => undefined)
  return {
    url: `http://127.0.0.1:${options.port}`,
    stop() {
      child.kill('SIGTERM')
      return exit
    },
  }
}

/** The one user that the app knows. */
export const referenceUser = { email: 'foo@bar.com', password: 'foobar' } as const

/** Fills in the app's login form. */
export async function signIn(
  page: Page,
  options: { readonly password?: string; readonly remember?: boolean } = {},
): Promise<void> {
  await page.fill('#email', referenceUser.email)
  await page.fill('#password', options.password ?? referenceUser.password)
  if (options.remember === true) await page.check('#remember')
  await page.click('#accept')
}

/** Ticks scopes in the app's consent form and allows access. */
export async function allow(
  page: Page,
  scopes: readonly string[],
  options: { readonly remember?: boolean } = {},
): Promise<void> {
  for (const scope of scopes) await page.check(`.grant_scope[value="${scope}"]`)
  if (options.remember === true) await page.check('#remember')
  await page.click('#accept')
}
