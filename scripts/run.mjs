#!/usr/bin/env node
// Runs a script of this project on the Node.js that package.json pins, whatever Node.js (>= 20) started it.
// Plain JavaScript without dependencies: a fresh clone has none. Usage: node scripts/run.mjs <script> [arguments]
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, lstatSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const modules = join(root, 'node_modules')
const pinnedNode = join(modules, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')

/** Whether node_modules holds what package-lock.json asks for. By content: a checkout changes every mtime. */
function installed() {
  if (!existsSync(pinnedNode)) return false
  try {
    const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
    const present = JSON.parse(readFileSync(join(modules, '.package-lock.json'), 'utf8')).packages
    return Object.entries(wanted).every(([path, { version, integrity, optional }]) => {
      const found = present[path]
      if (path === '' || (found === undefined && optional === true)) return true
      return found !== undefined && found.version === version && found.integrity === integrity
    })
  } catch (error) {
    if (error.code === 'ENOENT') return false
    throw error
  }
}

function install() {
  if (lstatSync(modules, { throwIfNoEntry: false })?.isSymbolicLink()) {
    stop(
      `${modules} is a link to dependencies that do not fit package-lock.json; run npm ci where it points to.`,
    )
  }
  console.error('Installing the dependencies with npm ci; this takes a minute the first time ...')
  const npm = spawnSync('npm', ['ci', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2], // stdout belongs to the script
    shell: process.platform === 'win32',
  })
  if (npm.error) stop(`npm could not be started: ${npm.error.message}`)
  if (npm.status !== 0) stop('npm ci failed; see above.')
  if (!existsSync(pinnedNode)) {
    stop(
      'npm ci did not install the pinned Node.js. Does your npm configuration set ignore-scripts?',
    )
  }
  const { status, stderr, error } = spawnSync(pinnedNode, ['--version'], { encoding: 'utf8' })
  if (status !== 0) replacePinnedNode(error?.message ?? stderr)
}

/** Slim images lack a library that the pinned Node.js needs; any Node.js that is new enough takes its place there. */
function replacePinnedNode(reason) {
  console.error(`The pinned Node.js does not start here: ${reason}`)
  if (Number.parseInt(process.versions.node, 10) < 24) {
    stop(
      'Install what it lacks (on Debian: apt-get install libatomic1) or start with Node.js 24 or newer.',
    )
  }
  console.error(`Using Node.js ${process.versions.node} instead.`)
  rmSync(pinnedNode)
  symlinkSync(process.execPath, pinnedNode)
}

function stop(message) {
  console.error(message)
  process.exit(1)
}

if (!installed()) install()

const child = spawn(pinnedNode, process.argv.slice(2), {
  stdio: 'inherit',
  env: {
    // Compiled code is kept between runs; set here, so that it holds for the first file too.
    NODE_COMPILE_CACHE: join(modules, '.cache', 'node-compile-cache'),
    ...process.env,
    PATH: [join(modules, '.bin'), process.env.PATH].join(delimiter),
  },
})
child.on('error', (error) => stop(`${pinnedNode} could not be started: ${error.message}`))
// A terminal sends Ctrl+C to the whole process group, so the child has it already.
process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'))
process.on('SIGTERM', () => child.kill('SIGTERM'))
process.on('SIGHUP', () => child.kill('SIGHUP'))
child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]))
