/**
 * Starts the server of this folder: certificate, database, account and clients are made when they are missing, and the
 * configurations for the suite are written beside them. What it makes is in `.firebrand/conformance`, or in the folder that is the only
 * argument.
 */

import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { loadConfig } from '../src/config/load.ts'
import { person, suiteConfigurations } from './suite.ts'

const here = fileURLToPath(new URL('.', import.meta.url))
const root = join(here, '..')
const main = join(root, 'src', 'cli', 'main.ts')
const config = join(here, 'firebrand.yaml')
const state = resolve(process.argv[2] ?? join(root, '.firebrand', 'conformance'))

/** Names what is in the folder, unless the environment has its own. */
const env = {
  DSN: `sqlite://${join(state, 'firebrand.sqlite')}`,
  SERVE_PUBLIC_TLS_CERT_PATH: join(state, 'cert.pem'),
  SERVE_PUBLIC_TLS_KEY_PATH: join(state, 'key.pem'),
  ...process.env,
}

mkdirSync(state, { recursive: true })
const loaded = loadConfig({ files: [config], env, flags: {} })
if (!loaded.ok) throw new Error(JSON.stringify(loaded.error))
const { issuer } = loaded.value.settings
const { host, port } = loaded.value.config.serve.admin
const admin = `http://${host}:${port}`

makeCertificate()
firebrand(['migrate', 'up', '--yes', '--config', config])
if (!firebrand(['accounts', 'list', '--config', config]).includes(person.email)) {
  const claims = ['--claims-file', join(here, 'account.json')]
  const words = ['accounts', 'create', person.email, '--name', person.name, '--password-stdin']
  firebrand([...words, ...claims, '--config', config], `${person.password}\n`)
}
const folder = join(state, 'suite')
mkdirSync(folder, { recursive: true })
for (const [name, content] of suiteConfigurations(issuer))
  writeFileSync(join(folder, name), `${JSON.stringify(content, null, 2)}\n`)

const server = spawn(process.execPath, [main, 'serve', '--config', config], {
  stdio: 'inherit',
  env,
})
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => server.kill('SIGTERM'))
server.on('exit', (code) => process.exit(code ?? 1))
await ready()
if (firebrand(['list', 'clients', '--endpoint', admin, '--quiet']).trim() === '')
  firebrand(['import', 'client', join(here, 'clients.json'), '--endpoint', admin])
console.log(`Ready for the suite: ${issuer}\nIts configurations are in ${folder}`)

/** Runs a command to its end; gives what it printed. Throws when it fails. */
function firebrand(args: readonly string[], input = ''): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    encoding: 'utf8',
    input,
    env,
  })
  if (status !== 0) throw new Error(`firebrand ${args.join(' ')}: ${stderr}`)
  return stdout
}

async function ready(): Promise<void> {
  for (let attempts = 0; attempts < 150; attempts += 1) {
    const response = await fetch(`${admin}/health/ready`).catch(() => undefined)
    if (response?.ok === true) return
    await delay(200)
  }
  throw new Error(`The server does not get ready at ${admin}.`)
}

/** A self-signed certificate for the host of the issuer, by OpenSSL. */
function makeCertificate(): void {
  const [cert, key] = [join(state, 'cert.pem'), join(state, 'key.pem')]
  if (existsSync(cert) && existsSync(key)) return
  const name = new URL(issuer).hostname
  const isAddress = /^[\d.]+$|:/u.test(name)
  const names = `subjectAltName=${isAddress ? 'IP' : 'DNS'}:${name},DNS:localhost`
  const form = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  const about = ['-days', '825', '-subj', `/CN=${name}`, '-addext', names]
  const files = ['-keyout', key, '-out', cert]
  const { status, error, stderr } = spawnSync('openssl', ['req', ...form, ...about, ...files], {
    encoding: 'utf8',
  })
  if (status !== 0)
    throw new Error(`Put cert.pem and key.pem into ${state}; openssl failed: ${stderr}`, {
      cause: error,
    })
}
