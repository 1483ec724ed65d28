import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { spawnNode } from '../servers/child.ts'

const cores = { server: undefined, others: undefined, description: '' }

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'event-loop-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

function start(script: string): ReturnType<typeof spawnNode> {
  const file = path.join(directory, 'child.mjs')
  writeFileSync(file, script)
  return spawnNode([file], { cores })
}

describe('the event loop of a child process', () => {
  it('shows how long it was blocked since the measurement began', async () => {
    const child = start(`
      const block = (ms) => { for (const end = Date.now() + ms; Date.now() < end; ); }
      setTimeout(() => { block(1500); console.log('up') }, 200)
      setInterval(() => block(150), 300)
    `)
    try {
      await child.firstLine
      const first = await child.eventLoop?.read()
      child.eventLoop?.begin()
      await new Promise((resolve) => setTimeout(resolve, 600))
      const delay = await child.eventLoop?.read()
      expect(first?.maxMs).toBeGreaterThan(1400)
      expect(delay?.maxMs).toBeGreaterThan(130)
      expect(delay?.maxMs).toBeLessThan(first?.maxMs ?? 0)
    } finally {
      await child.stop()
    }
  })

  it('keeps no process alive, and rejects when the process has ended', async () => {
    const child = start(`console.log('up')`)
    expect((await child.ended).code).toBe(0)
    await expect(child.eventLoop?.read()).rejects.toThrow('it ended')
  })
})
