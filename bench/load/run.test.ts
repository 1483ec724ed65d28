import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { Case } from '../case.ts'
import { unexpected } from './browser.ts'
import { Load } from './run.ts'
import { rawRequest } from './wire.ts'

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

async function loadOn(
  listener: RequestListener,
  connections = 2,
  test = twoRequests,
): Promise<Load> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  closers.push(
    () => server.closeAllConnections(),
    () => server.close(),
  )
  const { port } = server.address() as AddressInfo
  const addresses = { public: { host: '127.0.0.1', port }, admin: undefined }
  return Load.prepare(test, undefined as never, { addresses, connections })
}

const get = { origin: 'public', request: rawRequest('GET', '/', []) } as const

const twoRequests: Case = {
  name: 'discovery',
  operation: 'two requests',
  requests: 2,
  needs: 'nothing',
  *prepare() {
    yield get
    return function* () {
      yield get
      const answer = yield get
      if (answer.status !== 200) throw unexpected(answer, '200')
    }
  },
}

const times = { warmUpMs: 20, windowMs: 100 }
const noHooks = { begin: () => {}, end: () => {} }

describe('Load', () => {
  it('counts whole operations, not requests, and only those that end in the window', async () => {
    let requests = 0
    const load = await loadOn((_, response) => {
      requests += 1
      response.end('{}')
    })
    const preparing = requests
    const window = await load.run(times, noHooks)
    expect(preparing).toBe(2)
    expect(window.operations).toBe(window.latencies.length)
    expect(window.operations).toBeGreaterThan(0)
    expect((requests - preparing) % 2).toBe(0)
    expect(window.operations * 2).toBeLessThanOrEqual(requests - preparing)
  })

  it('never has more requests in flight than connections', async () => {
    let inFlight = 0
    let most = 0
    const load = await loadOn((_, response) => {
      most = Math.max(most, ++inFlight)
      setTimeout(() => {
        inFlight -= 1
        response.end('{}')
      }, 2)
    }, 5)
    await load.run(times, noHooks)
    expect(most).toBe(5)
  })

  it('can run again after a pause', async () => {
    const load = await loadOn((_, response) => response.end('{}'))
    await load.run(times, noHooks)
    expect((await load.run(times, noHooks)).operations).toBeGreaterThan(0)
  })

  it('waits longer than the window for the first operation to end', async () => {
    const slow: RequestListener = (_, response) => void setTimeout(() => response.end('{}'), 100)
    const load = await loadOn(slow, 1)
    const window = await load.run({ warmUpMs: 0, windowMs: 50 }, noHooks)
    expect(window.operations).toBeGreaterThan(0)
    expect(window.seconds).toBeGreaterThan(0.15)
  })

  it('fails with the first unexpected answer', async () => {
    let requests = 0
    const load = await loadOn((_, response) => {
      requests += 1
      response.writeHead(requests > 20 ? 500 : 200).end('{"error":"boom"}')
    })
    await expect(load.run(times, noHooks)).rejects.toThrow('expected 200, got 500')
  })

  it('leaves no connection open when the set-up fails', async () => {
    let open = 0
    const refusing: Case = {
      ...twoRequests,
      *prepare() {
        const answer = yield get
        throw unexpected(answer, 'something else')
      },
    }
    const listener: RequestListener = (request, response) => {
      open += 1
      request.socket.once('close', () => {
        open -= 1
      })
      response.end('{}')
    }
    await expect(loadOn(listener, 1, refusing)).rejects.toThrow('something else')
    await expect.poll(() => open).toBe(0)
  })

  it('fails when the server closes a connection with a request on it', async () => {
    let requests = 0
    const load = await loadOn((request, response) => {
      requests += 1
      if (requests > 20) request.socket.destroy()
      else response.end('{}')
    })
    await expect(load.run(times, noHooks)).rejects.toThrow(/closed|ECONNRESET/)
  })
})

describe('Load, at fixed times', () => {
  for (const polls of [true, false]) {
    it(`begins as many operations as are due, ${polls ? 'polling' : 'sleeping'}`, async () => {
      const load = await loadOn((_, response) => response.end('{}'))
      const window = await load.runPaced({ warmUpMs: 50, windowMs: 400, polls }, 100, noHooks)
      expect(window.operations).toBe(40)
      expect(window.latencies.length).toBe(40)
      expect(window.requestLatencies.length).toBe(80)
      expect(window.startLags.length).toBe(40)
    })
  }

  it('counts the time of an operation from when it was due, and drops none that the server is too slow for', async () => {
    // One connection and two requests of 20 ms each: at most 25 operations a second.
    const slow: RequestListener = (_, response) => void setTimeout(() => response.end('{}'), 20)
    const load = await loadOn(slow, 1)
    const window = await load.runPaced({ warmUpMs: 0, windowMs: 300 }, 100, noHooks)
    expect(window.operations).toBe(30)
    // The last was due after 290 ms and ended after 30 operations.
    expect(window.latencies.at(-1)).toBeGreaterThan(30 * 40 - 290 - 40)
    expect(window.latencies[15]).toBeGreaterThan(window.latencies[0] ?? 0)
    expect(window.operations / window.seconds).toBeLessThan(26)
  })

  it('counts the first request of an operation from when that was due, the second from its sending', async () => {
    const slow: RequestListener = (_, response) => void setTimeout(() => response.end('{}'), 20)
    const load = await loadOn(slow, 1)
    const window = await load.runPaced({ warmUpMs: 0, windowMs: 300 }, 100, noHooks)
    const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0)
    // So the times of the two requests make up the time of the operation, whatever the machine is doing.
    expect(sum(window.requestLatencies) / sum(window.latencies)).toBeCloseTo(1, 1)
  })

  it('fails with the first unexpected answer', async () => {
    let requests = 0
    const load = await loadOn((_, response) => {
      requests += 1
      response.writeHead(requests > 20 ? 500 : 200).end('{}')
    })
    const times = { warmUpMs: 0, windowMs: 1000 }
    await expect(load.runPaced(times, 100, noHooks)).rejects.toThrow('expected 200, got 500')
  })

  it('can run in a closed loop before and after', async () => {
    const load = await loadOn((_, response) => response.end('{}'))
    await load.run(times, noHooks)
    const window = await load.runPaced({ warmUpMs: 0, windowMs: 100 }, 100, noHooks)
    expect((await load.run(times, noHooks)).operations).toBeGreaterThan(0)
    expect(window.requestLatencies.length).toBe(20)
  })
})
