/** Log lines on standard error, or where the caller says, in one of three forms. */

import { pino, stdTimeFunctions, type DestinationStream, type Logger } from 'pino'
import type { Log } from '../context.ts'
import type { ObservedExchange, RequestObserver } from '../http/observe.ts'

/** Levels of the log, the gravest first. */
export type LogLevel = 'panic' | 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace'
/** How a line of the log is written. */
export type LogFormat = 'json' | 'json_pretty' | 'text'

/** What the log shows. */
export interface LogOptions {
  readonly level: LogLevel
  readonly format: LogFormat
  /** Logs query strings and credentials as they are. */
  readonly leakSensitiveValues: boolean
  /** Stands for what is not shown. */
  readonly redactionText: string
  /** Number of the worker that writes, if there are several. */
  readonly worker?: number
  /** Where lines go; standard error if not given. */
  readonly destination?: DestinationStream
}

/** A log and the writer of access lines. */
export interface ProcessLog {
  readonly log: Log
  /** `undefined` when the level hides access lines, so that requests pay nothing for them. */
  accessLog(options: { readonly skipHealth: boolean }): RequestObserver | undefined
  /** Writes out what is buffered. */
  flush(): void
}

/** Bytes that a pipe takes whole (POSIX PIPE_BUF), so that lines of several processes do not mix. */
const atomicWrite = 4096

/** Opens the log. */
export function openLog(options: LogOptions): ProcessLog {
  const destination =
    options.destination ??
    pino.destination({ fd: 2, sync: false, minLength: 0, maxWrite: atomicWrite })
  const logger = pino(
    {
      level: options.level === 'panic' ? 'fatal' : options.level,
      base: {
        audience: 'application',
        service_name: 'Firebrand',
        ...(options.worker === undefined ? {} : { worker: options.worker }),
      },
      timestamp: stdTimeFunctions.isoTime,
      messageKey: 'msg',
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: describeError },
      ...(options.leakSensitiveValues
        ? {}
        : { redact: { paths: secretPaths(), censor: options.redactionText } }),
    },
    formatted(options.format, destination),
  )
  return {
    log: logger,
    accessLog: ({ skipHealth }) =>
      logger.isLevelEnabled('info') ? accessLogger(logger, options, skipHealth) : undefined,
    flush() {
      logger.flush()
    },
  }
}

/** Names that must never show a value, wherever a careless caller puts them. */
const secretNames = [
  'authorization',
  'cookie',
  'set-cookie',
  'x-session-token',
  'password',
  'secret',
  'client_secret',
  'client_assertion',
  'assertion',
  'token',
  'access_token',
  'refresh_token',
  'id_token',
  'id_token_hint',
  'registration_access_token',
  'code',
  'code_verifier',
  'device_code',
  'user_code',
]

function secretPaths(): string[] {
  return secretNames.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`])
}

/** An error with its causes and, for bugs, the place; messages of ours hold no credentials. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: String(error) }
  return {
    name: error.name,
    message: error.message,
    ...(error.stack === undefined ? {} : { stack_trace: error.stack }),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  }
}

function accessLogger(
  logger: Logger,
  { leakSensitiveValues, redactionText }: LogOptions,
  skipHealth: boolean,
): RequestObserver {
  return (exchange) => {
    if (skipHealth && isHealth(exchange.route)) return
    const fields: Record<string, unknown> = {
      http_request: describeRequest(exchange, leakSensitiveValues ? undefined : redactionText),
      http_response: {
        status: exchange.status,
        size: exchange.responseBytes,
        took: Math.round(exchange.milliseconds * 1_000_000),
      },
      request_id: exchange.requestId,
    }
    logger.info(fields, 'completed handling request')
  }
}

function isHealth(route: string): boolean {
  return (
    route.endsWith('/health/alive') ||
    route.endsWith('/health/ready') ||
    route.endsWith('/metrics/prometheus')
  )
}

/** No header but these is logged: they hold no credential, and the others are long and rarely of use. */
function describeRequest(
  { request, path, peerAddress }: ObservedExchange,
  redaction: string | undefined,
): object {
  const query = request.url.indexOf('?')
  return {
    remote: peerAddress ?? '',
    method: request.method,
    path,
    query: query < 0 ? '' : (redaction ?? request.url.slice(query + 1)),
    scheme: request.url.startsWith('https:') ? 'https' : 'http',
    host: request.headers.get('host') ?? '',
    user_agent: request.headers.get('user-agent') ?? '',
  }
}

/** pino writes JSON; the other forms are made of it. */
function formatted(format: LogFormat, destination: DestinationStream): DestinationStream {
  if (format === 'json') return destination
  const write = format === 'text' ? textLine : prettyLine
  return { write: (line) => destination.write(write(line)) }
}

function prettyLine(line: string): string {
  return `${JSON.stringify(JSON.parse(line), undefined, 2)}\n`
}

/** `time=… level=info msg=… key=value`; nested objects are written as JSON. */
function textLine(line: string): string {
  const { time, level, msg, ...rest } = JSON.parse(line) as Readonly<Record<string, unknown>>
  return `${Object.entries({ time, level, msg, ...rest })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${textValue(value)}`)
    .join(' ')}\n`
}

function textValue(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return /^[\w.:/+@%,-]+$/u.test(text) ? text : JSON.stringify(text)
}
