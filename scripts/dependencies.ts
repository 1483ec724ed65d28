/**
 * Checks the packages that an installation of Firebrand brings along: licences against an allow-list, no install scripts (they
 * would compile or download), and published vulnerabilities. Only the last needs the registry; without it the step says so.
 */

import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** SPDX identifiers of licences without conditions that a product could miss. */
const allowedLicences: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
])

const installScripts = ['preinstall', 'install', 'postinstall']

interface Locked {
  readonly dev?: boolean
  readonly link?: boolean
  readonly optional?: boolean
  readonly hasInstallScript?: boolean
}

interface Manifest {
  readonly version?: string
  readonly license?: unknown
  readonly scripts?: Readonly<Record<string, string>>
}

/** A package that is wrong, and why. */
export interface Finding {
  readonly name: string
  readonly reason: string
}

/** Whether a licence is allowed; of a choice one side suffices, of a combination all parts must be. */
export function isAllowedLicence(expression: unknown): boolean {
  if (typeof expression !== 'string') return false
  const plain = expression.replaceAll(/[()]/gu, ' ').trim()
  // A mixture needs a reader of parentheses, and a person's look first.
  if (/ AND /u.test(plain) && / OR /u.test(plain)) return false
  const parts = plain.split(/ (?:AND|OR) /u).map((part) => part.trim())
  const allowed = parts.map((part) => allowedLicences.has(part))
  return / OR /u.test(plain) ? allowed.includes(true) : allowed.every(Boolean)
}

/** What is wrong with one package as it is locked and as its manifest describes it. */
export function findingsOf(name: string, locked: Locked, manifest: Manifest): readonly Finding[] {
  const findings: Finding[] = []
  if (!isAllowedLicence(manifest.license)) {
    const licence = JSON.stringify(manifest.license) ?? 'none'
    findings.push({ name, reason: `its licence ${licence} is not on the allow-list` })
  }
  const script = installScripts.find((each) => manifest.scripts?.[each] !== undefined)
  if (script !== undefined || locked.hasInstallScript === true) {
    findings.push({ name, reason: `it runs a script when it is installed (${script ?? 'locked'})` })
  }
  return findings
}

/** Every package that production installs, with what is wrong with it. */
export function checkPackages(folder: string): {
  readonly count: number
  readonly findings: readonly Finding[]
} {
  const lock = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, Locked>>
  }
  const installed = Object.entries(lock.packages).filter(
    ([path, { dev, link }]) => path !== '' && dev !== true && link !== true,
  )
  const findings = installed.flatMap(([path, locked]) => {
    const manifest = manifestAt(join(folder, path, 'package.json'))
    if (manifest !== undefined) return findingsOf(path, locked, manifest)
    // Optional packages of other platforms are not here to be looked at.
    return locked.optional === true ? [] : [{ name: path, reason: 'it is not installed' }]
  })
  return { count: installed.length, findings }
}

function manifestAt(path: string): Manifest | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Manifest
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

/** What an audit said: `unavailable` when it could not be asked. */
export type Audit =
  | { readonly kind: 'unavailable'; readonly reason: string }
  | { readonly kind: 'clean' }
  | { readonly kind: 'vulnerable'; readonly high: number }

/** Reads the report that `npm audit --json` printed. High and critical ones count. */
export function readAudit(output: string): Audit {
  const report = parsed(output)
  const counts = report?.metadata?.vulnerabilities
  if (counts === undefined) {
    const reason = report?.message ?? report?.error?.summary ?? 'no report'
    return { kind: 'unavailable', reason }
  }
  const high = (counts.high ?? 0) + (counts.critical ?? 0)
  return high === 0 ? { kind: 'clean' } : { kind: 'vulnerable', high }
}

interface Report {
  readonly message?: string
  readonly error?: { readonly summary?: string }
  readonly metadata?: {
    readonly vulnerabilities?: { readonly high?: number; readonly critical?: number }
  }
}

function parsed(output: string): Report | undefined {
  try {
    return JSON.parse(output) as Report
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function audit(): Audit {
  const args = ['audit', '--omit=dev', '--audit-level=high', '--json']
  const options = ['--fetch-retries=0', '--fetch-timeout=15000']
  const { stdout, error } = spawnSync('npm', [...args, ...options], {
    cwd: root,
    encoding: 'utf8',
    timeout: 60_000,
  })
  return error === undefined ? readAudit(stdout) : { kind: 'unavailable', reason: error.message }
}

function main(): void {
  const { count, findings } = checkPackages(root)
  for (const { name, reason } of findings) console.error(`${name}: ${reason}`)
  console.log(`${count} production packages: licences and install scripts checked.`)
  const result = audit()
  if (result.kind === 'unavailable')
    console.log(
      `NOT AUDITED: the registry gave no answer about vulnerabilities (${result.reason}).`,
    )
  else if (result.kind === 'clean') console.log('No high or critical vulnerability is published.')
  else console.error(`${result.high} high or critical vulnerabilities. Run npm audit --omit=dev.`)
  if (findings.length > 0 || result.kind === 'vulnerable') process.exitCode = 1
}

if (import.meta.main) main()
