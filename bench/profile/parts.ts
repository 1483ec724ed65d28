/** What a profile of V8 says about the parts of a server. */

/** A CPU profile as `--cpu-prof` writes it; times in microseconds. */
export interface CpuProfile {
  readonly nodes: readonly ProfileNode[]
  readonly startTime: number
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

interface ProfileNode {
  readonly id: number
  readonly callFrame: { readonly functionName: string; readonly url: string }
  readonly children?: readonly number[]
}

/** The parts that time is given to, in the order of the report. */
export const parts = [
  'sockets and HTTP of Node.js',
  'listener',
  'rules',
  'tokens and keys',
  'cryptography',
  'storage',
  'driver',
  'garbage',
  'other',
] as const

export type Part = (typeof parts)[number]

/** The first that fits a frame or one of its callers, from the inside out; a driver is looked for first. */
const places: readonly (readonly [part: Part, url: RegExp])[] = [
  ['cryptography', /^node:(internal\/)?crypto/],
  [
    'sockets and HTTP of Node.js',
    /^node:(_http|net|_tls|internal\/(streams|stream_base|http|timers|js_stream|process\/task)|stream|timers)/,
  ],
  ['storage', /\/src\/storage\/|\/node_modules\/kysely\//],
  ['tokens and keys', /\/src\/(tokens|keys)\/|\/node_modules\/jose\//],
  ['listener', /\/src\/(http|node|ui|cli|config)\/|\/node_modules\/(@?hono|pino|prom-client)/],
  ['rules', /\/src\/|\/node_modules\/(zod|lru-cache)\//],
]

const driver = /\/node_modules\/pg/

/** Shares of the time in which the process was busy, from an instant (microseconds of the clock of the profile) on. */
export function sharesOf(profile: CpuProfile, from: number): Readonly<Record<Part, number>> {
  const partOf = partsOf(profile)
  const times = Object.fromEntries(parts.map((part) => [part, 0])) as Record<Part, number>
  let [at, busy] = [profile.startTime, 0]
  for (const [index, id] of profile.samples.entries()) {
    const time = profile.timeDeltas[index] ?? 0
    at += time
    const part = partOf.get(id)
    if (at < from || part === undefined) continue
    times[part] += time
    busy += time
  }
  for (const part of parts) times[part] /= busy
  return times
}

/** The part of each node; none for idleness. */
function partsOf({ nodes }: CpuProfile): ReadonlyMap<number, Part> {
  const callers = new Map<number, ProfileNode>()
  for (const node of nodes) for (const child of node.children ?? []) callers.set(child, node)
  const found = new Map<number, Part>()
  for (const node of nodes) {
    const part = partOfStack(stackOf(node, callers))
    if (part !== undefined) found.set(node.id, part)
  }
  return found
}

function stackOf(
  node: ProfileNode,
  callers: ReadonlyMap<number, ProfileNode>,
): readonly ProfileNode[] {
  const stack: ProfileNode[] = []
  for (let at: ProfileNode | undefined = node; at !== undefined; at = callers.get(at.id))
    stack.push(at)
  return stack
}

function partOfStack(stack: readonly ProfileNode[]): Part | undefined {
  const name = stack[0]?.callFrame.functionName
  if (name === '(idle)') return undefined
  if (name === '(garbage collector)') return 'garbage'
  // The kernel and libuv: reading, writing and waiting for sockets.
  if (name === '(program)') return 'sockets and HTTP of Node.js'
  const urls = stack.map(({ callFrame }) => callFrame.url)
  if (urls.some((url) => driver.test(url))) return 'driver'
  for (const url of urls) {
    const place = places.find(([, pattern]) => pattern.test(url))
    if (place !== undefined) return place[0]
  }
  return 'other'
}
