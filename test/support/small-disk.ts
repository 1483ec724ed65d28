/** A file system of a few megabytes that can really be full: a tmpfs, as root or in a user namespace of one's own. */

import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A small file system and its ballast. */
export interface SmallDisk {
  /** Its folder, as programs see it that `wrapper` runs. */
  readonly folder: string
  /** A program and its first arguments, through which alone the disk is seen; empty when everybody sees it. */
  readonly wrapper: readonly string[]
  /** Leaves no room: every write that needs more of it fails with `ENOSPC`. */
  fill(): void
  /** Gives the room back. */
  empty(): void
  /** Gives the memory back; whoever still uses the disk keeps it. */
  close(): Promise<void>
}

/** How a disk may be made: what holds it until its standard input ends, and how others reach it. */
interface Way {
  readonly program: string
  readonly args: readonly string[]
  readonly wrapper: (pid: number) => readonly string[]
  /** What stands in front of a path of the disk for those who are not wrapped. */
  readonly prefix: (pid: number) => string
}

/** Unmounted when this process is gone, however it went: the holder reads from a pipe that nobody else holds. */
const mount: Way = {
  program: 'sh',
  args: [
    '-c',
    'mount -t tmpfs -o size=$1,mode=777 tmpfs "$0" && echo mounted && read -r _; umount -l "$0"',
  ],
  wrapper: () => [],
  prefix: () => '',
}

const namespace: Way = {
  program: 'unshare',
  args: [
    '-rm',
    'sh',
    '-c',
    'mount -t tmpfs -o size=$1,mode=777 tmpfs "$0" && echo mounted && read -r _',
  ],
  wrapper: (pid) => ['nsenter', '-t', String(pid), '-U', '-m', '--preserve-credentials', '--'],
  prefix: (pid) => `/proc/${pid}/root`,
}

const ways = { mount, namespace } as const

/** Makes a disk in the first of the ways that the machine allows; `undefined` where it allows none of them. */
export async function smallDisk(
  megabytes: number,
  among: readonly (keyof typeof ways)[] = ['mount', 'namespace'],
): Promise<SmallDisk | undefined> {
  for (const way of among) {
    const disk = await make(ways[way], megabytes)
    if (disk !== undefined) return disk
  }
  return undefined
}

async function make(way: Way, megabytes: number): Promise<SmallDisk | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'firebrand-small-disk-'))
  const holder = spawn(way.program, [...way.args, folder, `${megabytes}m`], {
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const gone = once(holder, 'exit').catch(() => undefined)
  const isMounted = await Promise.race([
    once(holder.stdout, 'data').then(() => true),
    gone.then(() => false),
  ])
  if (!isMounted) {
    rmSync(folder, { recursive: true })
    return undefined
  }
  const pid = holder.pid ?? 0
  const ballast = join(`${way.prefix(pid)}${folder}`, 'ballast')
  return {
    folder,
    wrapper: way.wrapper(pid),
    fill: () => fill(ballast),
    empty: () => rmSync(ballast, { force: true }),
    async close() {
      await release(holder, gone)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function release(holder: ChildProcess, gone: Promise<unknown>): Promise<void> {
  holder.stdin?.end()
  await gone
}

function fill(ballast: string): void {
  const file = openSync(ballast, 'a')
  try {
    for (const size of [1 << 20, 4096, 1]) while (hasRoomFor(file, size));
  } finally {
    closeSync(file)
  }
}

function hasRoomFor(file: number, size: number): boolean {
  try {
    writeSync(file, Buffer.alloc(size))
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return false
    throw error
  }
}
