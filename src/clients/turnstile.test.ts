import { describe, expect, it } from 'vitest'
import { createTurnstile } from './turnstile.ts'

/** Tasks that end when they are told to. */
function taskYard() {
  const started: number[] = []
  const ends = new Map<number, () => void>()
  const task = (number: number) => () => {
    started.push(number)
    return new Promise<number>((resolve) => {
      ends.set(number, () => resolve(number))
    })
  }
  return { started, task, end: (number: number) => ends.get(number)?.() }
}

describe('createTurnstile', () => {
  it('runs no more than it may, in order of arrival', async () => {
    const { started, task, end } = taskYard()
    const turnstile = createTurnstile({ running: 2, waiting: 9 })
    const all = [1, 2, 3, 4].map((number) => turnstile.pass(task(number)))
    await Promise.resolve()
    expect(started).toEqual([1, 2])
    end(2)
    await all[1]
    await expect.poll(() => started).toEqual([1, 2, 3])
    end(1)
    await expect.poll(() => started).toEqual([1, 2, 3, 4])
    end(3)
    end(4)
    expect(await Promise.all(all)).toEqual([1, 2, 3, 4].map((value) => ({ ok: true, value })))
  })

  it('refuses who would have to wait too long, and takes them again later', async () => {
    const { task, end } = taskYard()
    const turnstile = createTurnstile({ running: 1, waiting: 1 })
    const first = turnstile.pass(task(1))
    const second = turnstile.pass(task(2))
    expect(turnstile.isFull()).toBe(true)
    expect(await turnstile.pass(task(3))).toEqual({ ok: false, error: 'full' })
    end(1)
    await first
    expect(turnstile.isFull()).toBe(false)
    await expect.poll(() => end(2)).toBeUndefined()
    expect(await second).toEqual({ ok: true, value: 2 })
  })

  it('goes on after a task that failed', async () => {
    const turnstile = createTurnstile({ running: 1, waiting: 1 })
    const failing = turnstile.pass(() => Promise.reject(new Error('no')))
    const next = turnstile.pass(async () => 'next')
    await expect(failing).rejects.toThrow('no')
    expect(await next).toEqual({ ok: true, value: 'next' })
  })
})
