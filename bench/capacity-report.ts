/** The tables of `docs/scaling.md`, computed from what `bench/capacity.ts` measured. */

/** The operations that the model counts. */
export const costNames = [
  'client_credentials',
  'client_credentials_es256',
  'introspection_client',
  'introspection_user',
  'userinfo',
  'refresh',
  'code_flow',
] as const

/** Users at a time while it is measured. */
export const connections = 32

/** What one operation costs. */
export interface Cost {
  /** CPU time of the server, in milliseconds. */
  readonly serverMs: number
  /** CPU time of PostgreSQL, in milliseconds. */
  readonly databaseMs: number
  /** Transactions of PostgreSQL, those that only read included. */
  readonly transactions: number
  readonly walBytes: number
  /** Waits for the disk: several commits share one under load. */
  readonly walSyncs: number
  /** Of all answers. */
  readonly answerBytes: number
}

/** A table with its indexes. */
export interface TableSize {
  readonly name: string
  readonly rows: number
  readonly bytes: number
}

/** One measurement. */
export interface Capacity {
  readonly measuredAt: string
  readonly machine: string
  readonly seconds: number
  readonly costs: Readonly<Record<(typeof costNames)[number], Cost>>
  /** A database that holds many grants, right after a checkpoint. */
  readonly loaded: {
    readonly grants: number
    readonly tables: readonly TableSize[]
    readonly codeFlow: Cost
  }
}

/** What the users of the worked example do. */
export const habits = {
  /** Share of all users that come on one day. */
  active: 1 / 3,
  /** Of an active user on that day. */
  logins: 1,
  refreshes: 8,
  introspections: 40,
  clientTokens: 4,
  /** The busiest second against the average one. */
  peak: 5,
  /** Authorizations with a line of refresh tokens that a user has at any time. */
  grants: 2,
  /** Share of a core that may be busy at the peak. */
  utilization: 0.6,
  /** Bytes of a page that is logged whole when it is first changed after a checkpoint. */
  pageBytes: 8192,
} as const

const day = 86_400
const sizes = [1e6, 1e7, 1e8] as const

/** What a number of users needs. */
export interface Need {
  readonly users: number
  readonly logins: number
  readonly refreshes: number
  readonly introspections: number
  readonly clientTokens: number
  readonly serverCores: number
  readonly databaseCores: number
  /** Transactions that write, per second. */
  readonly commits: number
  readonly walBytesPerSecond: number
  readonly walBytesPerDay: number
  readonly diskBytes: number
}

/** Computes the worked example: rates are per second at the peak. */
export function needOf(users: number, { costs, loaded }: Capacity): Need {
  const perSecond = (times: number) => (users * habits.active * times * habits.peak) / day
  const logins = perSecond(habits.logins)
  const refreshes = perSecond(habits.refreshes)
  const introspections = perSecond(habits.introspections)
  const clientTokens = perSecond(habits.clientTokens)
  const cores = (key: 'serverMs' | 'databaseMs') =>
    (logins * costs.code_flow[key] +
      refreshes * costs.refresh[key] +
      introspections * costs.introspection_user[key] +
      clientTokens * costs.client_credentials[key]) /
    1000 /
    habits.utilization
  // The rows of refreshes lie anywhere: nearly each is the first change of its page since the last checkpoint.
  const walOfRefresh = costs.refresh.walBytes + habits.pageBytes
  const walBytesPerSecond = logins * loaded.codeFlow.walBytes + refreshes * walOfRefresh
  const grantBytes = loaded.tables.reduce(
    (sum, { rows, bytes }) => sum + (rows > 0 ? bytes / rows : 0),
    0,
  )
  return {
    users,
    logins,
    refreshes,
    introspections,
    clientTokens,
    serverCores: cores('serverMs'),
    databaseCores: cores('databaseMs'),
    commits: 3 * logins + refreshes,
    walBytesPerSecond,
    walBytesPerDay: (walBytesPerSecond * day) / habits.peak,
    diskBytes: users * habits.grants * grantBytes,
  }
}

/** Renders the two tables and what they come from. */
export function renderCapacity(capacity: Capacity): string {
  const { costs, loaded } = capacity
  const needs = sizes.map((users) => needOf(users, capacity))
  const row = (name: string, of: (need: Need) => string) =>
    `| ${name} | ${needs.map(of).join(' | ')} |`
  const sum = loaded.tables.reduce((total, { bytes }) => total + bytes, 0)
  return [
    `Measured ${capacity.measuredAt.slice(0, 10)} on ${capacity.machine}; windows of ${capacity.seconds} s, ${connections} connections, \`fsync\` on.`,
    '',
    '| operation | server CPU ms | PostgreSQL CPU ms | transactions | WAL bytes | WAL syncs | bytes answered |',
    '|---|--:|--:|--:|--:|--:|--:|',
    ...costNames.map((name) => costRow(`\`${name}\``, costs[name])),
    costRow(
      `\`code_flow\`, beside ${count(loaded.grants)} grants, after a checkpoint`,
      loaded.codeFlow,
    ),
    '',
    `| table, after ${count(loaded.grants)} grants | rows | bytes with indexes | per row |`,
    '|---|--:|--:|--:|',
    ...loaded.tables.map(
      ({ name, rows, bytes }) =>
        `| \`${name}\` | ${count(rows)} | ${size(bytes)} | ${rows === 0 ? '' : Math.round(bytes / rows)} |`,
    ),
    `| together | | ${size(sum)} | |`,
    '',
    '### The worked example',
    '',
    `| users | ${sizes.map((users) => count(users)).join(' | ')} |`,
    '|---|--:|--:|--:|',
    row('logins per second, peak', ({ logins }) => count(logins)),
    row('refreshes per second', ({ refreshes }) => count(refreshes)),
    row('introspections per second', ({ introspections }) => count(introspections)),
    row('`client_credentials` per second', ({ clientTokens }) => count(clientTokens)),
    row('cores for Firebrand', ({ serverCores }) => amount(serverCores)),
    row('cores for PostgreSQL', ({ databaseCores }) => amount(databaseCores)),
    row('commits per second, before they are joined', ({ commits }) => count(commits)),
    row('WAL per second, peak', ({ walBytesPerSecond }) => size(walBytesPerSecond)),
    row('WAL per day', ({ walBytesPerDay }) => size(walBytesPerDay)),
    row('disk for grants, chains, sessions', ({ diskBytes }) => size(diskBytes)),
  ].join('\n')
}

function costRow(name: string, cost: Cost): string {
  const { serverMs, databaseMs, transactions, walBytes, walSyncs, answerBytes } = cost
  return `| ${name} | ${serverMs.toFixed(3)} | ${databaseMs.toFixed(3)} | ${transactions.toFixed(2)} | ${count(walBytes)} | ${walSyncs.toFixed(2)} | ${count(answerBytes)} |`
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}

function amount(value: number): string {
  return value < 10 ? value.toFixed(1) : count(value)
}

function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let [value, unit] = [bytes, 0]
  for (; value >= 1000 && unit < units.length - 1; unit += 1) value /= 1000
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit] ?? ''}`
}
