import { describe, expect, it } from 'vitest'
import { openLog, type LogFormat, type LogLevel } from './log.ts'

function logged(
  write: (log: ReturnType<typeof openLog>) => void,
  options: { level?: LogLevel; format?: LogFormat; leak?: boolean } = {},
): readonly string[] {
  const lines: string[] = []
  const log = openLog({
    level: options.level ?? 'info',
    format: options.format ?? 'json',
    leakSensitiveValues: options.leak ?? false,
    redactionText: '[hidden]',
    destination: { write: (line) => lines.push(line) },
  })
  write(log)
  return lines
}

const exchange = {
  request: new Request('http://server/oauth2/auth?client_id=a&state=sEcReT', {
    headers: {
      authorization: 'Basic sEcReT',
      cookie: 'session=sEcReT',
      'user-agent': 'agent',
    },
  }),
  path: '/oauth2/auth',
  route: '/oauth2/auth',
  status: 302,
  responseBytes: 12,
  milliseconds: 1.5,
  peerAddress: '192.0.2.1',
  requestId: 'id-1',
}

describe('the log', () => {
  it('writes one JSON object per line with time, level and message', () => {
    const [line = ''] = logged(({ log }) => log.info({ a: 1 }, 'Hello.'))
    expect(JSON.parse(line)).toMatchObject({
      level: 'info',
      msg: 'Hello.',
      a: 1,
      audience: 'application',
      time: expect.stringMatching(/^\d{4}-.*Z$/u) as unknown,
    })
  })

  it('writes text as key=value with quotes where needed', () => {
    const [line = ''] = logged(({ log }) => log.warn({ a: 'b c', n: 1 }, 'Mind "this".'), {
      format: 'text',
    })
    expect(line).toMatch(/^time=\S+ level=warn msg="Mind \\"this\\"." /u)
    expect(line).toContain('a="b c" n=1\n')
  })

  it('writes indented JSON', () => {
    const [line = ''] = logged(({ log }) => log.info({}, 'x'), { format: 'json_pretty' })
    expect(line.split('\n').length).toBeGreaterThan(4)
    expect(JSON.parse(line)).toMatchObject({ msg: 'x' })
  })

  it('keeps a line one line, whatever was logged', () => {
    for (const format of ['json', 'text'] as const) {
      const [line = ''] = logged(({ log }) => log.info({ a: 'x\nlevel=error' }, 'a\nb'), { format })
      expect(line.match(/\n/gu)).toHaveLength(1)
    }
  })

  it('hides what is below its level', () => {
    expect(logged(({ log }) => log.debug({}, 'x'))).toEqual([])
    expect(logged(({ log }) => log.debug({}, 'x'), { level: 'debug' })).toHaveLength(1)
  })

  it('replaces values that must not be seen, at any depth that happens', () => {
    const secrets = {
      client_secret: 'sEcReT',
      headers: { authorization: 'sEcReT', 'set-cookie': 'sEcReT' },
      deep: { form: { code_verifier: 'sEcReT', refresh_token: 'sEcReT' } },
    }
    for (const format of ['json', 'json_pretty', 'text'] as const) {
      const [line = ''] = logged(({ log }) => log.error(secrets, 'x'), { format, level: 'trace' })
      expect(line).not.toContain('sEcReT')
      expect(line).toContain('[hidden]')
    }
    const [leaked] = logged(({ log }) => log.error(secrets, 'x'), { leak: true })
    expect(leaked).toContain('sEcReT')
  })

  it('describes errors with their causes', () => {
    const error = new Error('outer', { cause: new Error('inner') })
    const [line = ''] = logged(({ log }) => log.error({ error }, 'x'))
    expect(JSON.parse(line)).toMatchObject({
      error: { message: 'outer', cause: { message: 'inner' } },
    })
  })
})

describe('the access log', () => {
  it('tells method, path, status and duration, and neither query nor headers with credentials', () => {
    const [line = ''] = logged((log) => log.accessLog({ skipHealth: false })?.(exchange))
    expect(JSON.parse(line)).toMatchObject({
      msg: 'completed handling request',
      request_id: 'id-1',
      http_request: {
        remote: '192.0.2.1',
        method: 'GET',
        path: '/oauth2/auth',
        query: '[hidden]',
        scheme: 'http',
      },
      http_response: { status: 302, size: 12, took: 1_500_000 },
    })
    expect(line).not.toContain('sEcReT')
  })

  it('shows the query when told to', () => {
    const [line] = logged((log) => log.accessLog({ skipHealth: false })?.(exchange), { leak: true })
    expect(line).toContain('state=sEcReT')
  })

  it('passes over health checks and metrics when told to', () => {
    for (const route of ['/health/alive', '/admin/health/ready', '/admin/metrics/prometheus']) {
      const write = (skipHealth: boolean) =>
        logged((log) => log.accessLog({ skipHealth })?.({ ...exchange, route }))
      expect(write(true)).toEqual([])
      expect(write(false)).toHaveLength(1)
    }
  })

  it('is absent when its level is hidden', () => {
    logged((log) => expect(log.accessLog({ skipHealth: false })).toBeUndefined(), { level: 'warn' })
  })
})
