import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { renderConfigError } from './config-error.ts'
import { loadConfig, loadDsn, type ConfigInput, type Loaded } from './load.ts'

const directory = mkdtempSync(join(tmpdir(), 'firebrand-config-'))
let files = 0

function file(extension: string, text: string): string {
  files += 1
  const path = join(directory, `${files}${extension}`)
  writeFileSync(path, text)
  return path
}

const base = {
  DSN: 'memory',
  SECRETS_SYSTEM: 'a-secret-for-tests-only',
  URLS_SELF_ISSUER: 'https://auth.example.com',
}

function load(input: Partial<ConfigInput>): Loaded {
  const result = loadConfig({ files: [], env: base, flags: {}, ...input })
  if (!result.ok) throw new Error(renderConfigError(result.error))
  return result.value
}

function refusal(input: Partial<ConfigInput>): string {
  const result = loadConfig({ files: [], env: base, flags: {}, ...input })
  return result.ok ? 'accepted' : renderConfigError(result.error)
}

const withEnv = (env: Record<string, string>) => load({ env: { ...base, ...env } }).config
const refusedEnv = (env: Record<string, string>) => refusal({ env: { ...base, ...env } })

describe('precedence of sources', () => {
  const first = file(
    '.yaml',
    'serve: {public: {port: 1111}, admin: {port: 2222}}\nttl: {id_token: 2h}\n',
  )
  const second = file('.json', '{"serve": {"public": {"port": 3333}}}')
  const third = file('.toml', '[ttl]\nid_token = "3h"\n')

  it('uses the defaults when nothing is set', () => {
    expect(load({}).config.serve.public.port).toBe(4444)
    expect(load({}).config.serve.admin.port).toBe(4445)
  })
  it('merges maps of files in their order', () => {
    const { config } = load({ files: [first, second, third] })
    expect([config.serve.public.port, config.serve.admin.port]).toEqual([3333, 2222])
    expect(config.ttl.id_token).toBe(10_800_000)
  })
  it('replaces lists whole', () => {
    const a = file('.yml', 'oauth2: {allowed_top_level_claims: [a, b]}')
    const b = file('.yml', 'oauth2: {allowed_top_level_claims: [c]}')
    expect(load({ files: [a, b] }).config.oauth2.allowed_top_level_claims).toEqual(['c'])
  })
  it('lets the environment beat files and flags', () => {
    expect(
      load({ files: [first], env: { ...base, SERVE_PUBLIC_PORT: '9' } }).config.serve.public.port,
    ).toBe(9)
    expect(load({ env: { ...base, DEV: 'false' }, flags: { dev: true } }).config.dev).toBe(false)
  })
  it('honours dev of a file when the flag is absent', () => {
    expect(load({ files: [file('.yaml', 'dev: true')] }).config.dev).toBe(true)
  })
  it('lets the flag beat a file', () => {
    const no = file('.yaml', 'dev: false')
    expect(load({ files: [no], flags: { dev: true } }).config.dev).toBe(true)
  })
})

describe('files', () => {
  it.each([
    ['.ini', 'a=b', 'unknown config file extension: .ini'],
    ['.json', '{"secrets": {"system": ["hush-hush-hush-hush", ]}}', 'is not valid JSON'],
    ['.yaml', 'secrets: {system: [hush-hush-hush-hush\n', 'is not valid YAML (line'],
    ['.toml', 'secrets = [ "hush-hush-hush-hush"\nx', 'is not valid TOML (line'],
    ['.yaml', '- a\n', 'must hold a map of keys at the top'],
  ])('refuses a bad %s file without quoting it', (extension, text, reason) => {
    const message = refusal({ files: [file(extension, text)] })
    expect(message).toContain(reason)
    expect(message).not.toContain('hush')
  })
  it('names a missing file', () => {
    expect(refusal({ files: ['/nowhere/x.yaml'] })).toBe('/nowhere/x.yaml: there is no such file\n')
  })
  it('takes an empty file for an empty map', () => {
    expect(refusal({ files: [file('.yaml', ''), file('.json', ''), file('.toml', '')] })).toBe(
      'accepted',
    )
  })
  it('reads a leading zero in YAML as octal', () => {
    const config = load({
      files: [file('.yaml', 'serve: {public: {socket: {mode: 0700}}}')],
    }).config
    expect(config.serve.public.socket.mode).toBe(0o700)
  })
  it('treats __proto__ as a key like any other', () => {
    const message = refusal({ files: [file('.json', '{"__proto__": {"dev": true}}')] })
    expect(message).toContain('__proto__: [redacted]')
  })
})

describe('durations', () => {
  it.each([
    ['1h5m1s', 3_901_000],
    ['30m', 1_800_000],
    ['1500ms', 1500],
    ['0s', 0],
  ])('reads %s', (text, expected) => {
    expect(withEnv({ TTL_ACCESS_TOKEN: text }).ttl.access_token).toBe(expected)
  })
  it.each(['1d', '1 h', '1.5h', '-1h', '+1h', '10', 'h', '0', '9999999999h'])(
    'refuses %s',
    (text) => {
      expect(refusedEnv({ TTL_ACCESS_TOKEN: text })).toContain(`ttl.access_token: ${text}`)
    },
  )
  it('takes -1 for refresh tokens that never expire, as text or number', () => {
    expect(withEnv({ TTL_REFRESH_TOKEN: '-1' }).ttl.refresh_token).toBe(-1)
    const config = load({ files: [file('.json', '{"ttl": {"refresh_token": -1}}')] }).config
    expect(config.ttl.refresh_token).toBe(-1)
  })
})

describe('environment variables', () => {
  it.each(['1', 't', 'T', 'TRUE', 'true', 'True'])('reads %s as true', (text) => {
    expect(withEnv({ OAUTH2_PKCE_ENFORCED: text }).oauth2.pkce.enforced).toBe(true)
  })
  it.each(['0', 'f', 'no', 'yes', 'tRuE'])('reads %s as false', (text) => {
    expect(withEnv({ OAUTH2_MIRROR_TOP_LEVEL_CLAIMS: text }).oauth2.mirror_top_level_claims).toBe(
      false,
    )
  })
  it('reads an unparsable number as 0', () => {
    expect(withEnv({ SERVE_PUBLIC_CORS_MAX_AGE: 'x' }).serve.public.cors.max_age).toBe(0)
  })
  it.each([
    ['new-secret-16-chars,old-secret-16-chars', ['new-secret-16-chars', 'old-secret-16-chars']],
    ['["new-secret-16-chars"]', ['new-secret-16-chars']],
    ['12345678901234567890', ['12345678901234567890']],
    ['"with,a,comma,16ch"," spaces are kept "', ['with,a,comma,16ch', ' spaces are kept ']],
    ['"a ""quoted"" secret"', ['a "quoted" secret']],
  ])('reads the list %s', (text, expected) => {
    expect(withEnv({ SECRETS_SYSTEM: text }).secrets.system).toEqual(expected)
  })
  it('sets single elements of a list', () => {
    const { config } = load({
      env: {
        ...base,
        SECRETS_SYSTEM_1: 'old-secret-16-chars',
        SECRETS_SYSTEM_0: 'new-secret-16-chars',
      },
    })
    expect(config.secrets.system).toEqual(['new-secret-16-chars', 'old-secret-16-chars'])
  })
  it('reports a hole in a list', () => {
    const env = { DSN: 'memory', SECRETS_SYSTEM_1: 'old-secret-16-chars' }
    expect(refusal({ env })).toContain('secrets.system.0: <nil>')
  })
  it('merges JSON for a section below variables for its keys', () => {
    const config = withEnv({
      TTL: '{"id_token": "2h", "access_token": "3h"}',
      TTL_ACCESS_TOKEN: '4h',
    })
    expect([config.ttl.id_token, config.ttl.access_token]).toEqual([7_200_000, 14_400_000])
  })
  it('finds a key with capital letters', () => {
    const config = withEnv({ URLS_IDENTITY_PROVIDER_PUBLICURL: 'http://kratos:4433' })
    expect(config.urls.identity_provider?.publicUrl).toBe('http://kratos:4433')
  })
  it.each(['1.0', 'v2.0.0', 'nonsense'])('ignores VERSION=%s', (VERSION) => {
    expect(refusedEnv({ VERSION, PROFILING: 'mutex' })).toBe('accepted')
  })
  it('ignores empty and unknown variables', () => {
    expect(
      refusedEnv({ URLS_LOGIN: '', SERVE_PUBLIC_PORT: '', SERVE_PUBLIC_NAME: 'x', PATH: '/bin' }),
    ).toBe('accepted')
  })
  it('accepts and ignores the telemetry switch', () => {
    expect(withEnv({ SQA_OPT_OUT: 'true' }).sqa.opt_out).toBe(true)
  })

  const auth = { type: 'api_key', config: { in: 'header', name: 'X-Key', value: 'hush' } }
  it.each([
    [{ OAUTH2_TOKEN_HOOK: 'https://h/x' }, { url: 'https://h/x', auth: undefined }],
    [
      { OAUTH2_TOKEN_HOOK: JSON.stringify({ url: 'https://h/x', auth }) },
      { url: 'https://h/x', auth },
    ],
    [
      {
        OAUTH2_TOKEN_HOOK_URL: 'https://h/x',
        OAUTH2_TOKEN_HOOK_AUTH_TYPE: 'api_key',
        OAUTH2_TOKEN_HOOK_AUTH_CONFIG: JSON.stringify(auth.config),
      },
      { url: 'https://h/x', auth },
    ],
    [
      {
        OAUTH2_TOKEN_HOOK: 'https://h/x',
        OAUTH2_TOKEN_HOOK_AUTH_TYPE: 'api_key',
        OAUTH2_TOKEN_HOOK_AUTH_CONFIG_IN: 'header',
        OAUTH2_TOKEN_HOOK_AUTH_CONFIG_NAME: 'X-Key',
        OAUTH2_TOKEN_HOOK_AUTH_CONFIG_VALUE: 'hush',
      },
      { url: 'https://h/x', auth },
    ],
  ])('reads the hook of %o', (env, expected) => {
    expect(withEnv(env as Record<string, string>).oauth2.token_hook).toEqual(expected)
  })
})

describe('validation', () => {
  it('prints each wrong key with its value and rule', () => {
    const yaml = file('.yaml', 'serve: {public: {port: 70000}}\nstrategies: {scope: fuzzy}\n')
    expect(refusal({ files: [yaml] })).toBe(
      [
        'The configuration contains values or keys which are invalid:',
        'serve.public.port: 70000',
        '                   ^-- must be between 1 and 65535',
        '',
        'strategies.scope: fuzzy',
        '                  ^-- must be one of exact, wildcard',
        '',
      ].join('\n'),
    )
  })
  it('names the variable that a wrong value came from', () => {
    expect(refusedEnv({ LOG_LEVEL: 'loud' })).toContain('(set by LOG_LEVEL)')
  })
  it('reports a missing DSN at its path', () => {
    expect(refusal({ env: {} })).toContain(
      'dsn: <nil>\n     ^-- one or more required properties are missing',
    )
  })
  it.each([
    ['secret: {}', 'secret: [redacted]\n        ^-- unknown key; did you mean secrets?'],
    ['log: {colour: true}', 'log.colour'],
    ['serve: {tls: {x: 1}}', 'serve.tls.x'],
    ['serve: {cookies: {x: 1}}', 'serve.cookies.x'],
    ['serve: {public: {socket: {x: 1}}}', 'serve.public.socket.x'],
    ['serve: {admin: {request_log: {x: 1}}}', 'serve.admin.request_log.x'],
    ['urls: {self: {x: 1}}', 'urls.self.x'],
    ['urls: {identity_provider: {x: 1}}', 'urls.identity_provider.x'],
    ['clients: {http: {x: 1}}', 'clients.http.x'],
    ['webfinger: {jwks: {x: 1}}', 'webfinger.jwks.x'],
    ['oidc: {subject_identifiers: {x: 1}}', 'oidc.subject_identifiers.x'],
    ['strategies: {jwt: {x: 1}}', 'strategies.jwt.x'],
    ['ttl: {x: 1}', 'ttl.x'],
    ['oauth2: {grant: {jwt: {x: 1}}}', 'oauth2.grant.jwt.x'],
    ['hsm: {x: 1}', 'hsm.x'],
    ['cgroups: {v1: {x: 1}}', 'cgroups.v1.x'],
    ['tracing: {providers: {otlp: {x: 1}}}', 'tracing.providers.otlp.x'],
    ['db: {x: 1}', 'db.x'],
  ])('refuses the unknown key in %s', (yaml, path) => {
    expect(refusal({ files: [file('.yaml', yaml)] })).toContain(path)
  })
  it.each([
    'serve: {public: {x: 1}}',
    'serve: {admin: {cors: {x: 1}}}',
    'serve: {cookies: {names: {x: a}, paths: {x: b}}}',
    'urls: {device: {x: a}}',
    'oauth2: {session: {x: 1}, grant: {refresh_token: {x: 1}}}',
    'sqa: {x: 1}',
    'feature_flags: {x: 1}',
  ])('tolerates the unknown key in %s', (yaml) => {
    expect(refusal({ files: [file('.yaml', yaml)] })).toBe('accepted')
  })
  it.each([
    [{ SECRETS_SYSTEM: 'hush' }, 'secrets.system.0'],
    [{ SECRETS_COOKIE: 'hush' }, 'secrets.cookie.0'],
    [{ SECRETS: '{"systm": ["hush-hush-hush-hush"]}' }, 'secrets.systm'],
    [{ DSN: 'mysql://root:hush@tcp(db:3306)/x?password=hush' }, 'dsn: mysql://root:[redacted]@'],
    [{ OAUTH2_TOKEN_HOOK: '{"url": 1, "value": "hush"}' }, 'oauth2.token_hook'],
    [{ ADMIN_TOKENS: 'hush' }, 'admin.tokens.0'],
  ])('never prints a secret (%o)', (env, path) => {
    const message = refusedEnv(env)
    expect(message).toContain(path)
    expect(message).not.toContain('hush')
  })
})

describe('rules between keys', () => {
  it('demands an https issuer outside dev mode', () => {
    const rule = 'issuer URL scheme must be HTTPS unless development mode is enabled'
    expect(refusedEnv({ URLS_SELF_ISSUER: 'http://h' })).toContain(rule)
    expect(refusedEnv({ URLS_SELF_ISSUER: 'http://h', DEV: 'true' })).toBe('accepted')
  })
  it('demands a system secret outside dev mode', () => {
    expect(refusal({ env: { DSN: 'memory' } })).toContain('secrets.system: <nil>')
  })
  it.each(['mysql://u:p@tcp(h)/d', 'cockroach://u@h/d', 'nonsense', 'oracle://x'])(
    'refuses the DSN %s and names what is supported',
    (DSN) =>
      expect(refusedEnv({ DSN })).toContain(
        'unsupported DSN type; supported are memory, sqlite://',
      ),
  )
  it.each([
    'memory',
    'sqlite:///a/b.db?_fk=true',
    'sqlite3://x.db',
    'postgres://h/d',
    'postgresql://h/d',
    'pg://h/d',
    'pgx://h/d',
  ])('accepts the DSN %s', (DSN) => expect(refusedEnv({ DSN })).toBe('accepted'))
  it('demands a salt of 8 characters for pairwise subjects', () => {
    const types = { OIDC_SUBJECT_IDENTIFIERS_SUPPORTED_TYPES: 'public,pairwise' }
    const salted = (salt: string) => ({ ...types, OIDC_SUBJECT_IDENTIFIERS_PAIRWISE_SALT: salt })
    expect(refusedEnv(types)).toContain('oidc.subject_identifiers.pairwise.salt')
    expect(refusedEnv(salted('short'))).toContain('at least 8 characters')
    expect(refusedEnv(salted('long enough'))).toBe('accepted')
  })
  it('refuses hardware security modules', () => {
    expect(refusedEnv({ HSM_ENABLED: '1' })).toContain(
      'hardware security modules are not supported',
    )
    expect(refusedEnv({ HSM_PIN: '1234' })).toBe('accepted')
  })
  it('refuses a certificate given both ways', () => {
    const env = { SERVE_TLS_CERT_PATH: '/x', SERVE_TLS_CERT_BASE64: 'eA==' }
    expect(refusedEnv(env)).toContain('exactly one of path and base64')
  })
  it('accepts tracing, profiling and cgroups keys', () => {
    const yaml = file(
      '.yaml',
      'tracing: {provider: zipkin, providers: {zipkin: {server_url: "http://z:1"}}}\nprofiling: cpu\ncgroups: {v1: {auto_max_procs_enabled: true}}\nversion: v2.2.0\n',
    )
    expect(refusal({ files: [yaml] })).toBe('accepted')
  })
  it('warns when cross-origin requests are on and no origin is allowed', () => {
    const { warnings } = load({ env: { ...base, SERVE_PUBLIC_CORS_ENABLED: '1' } })
    expect(warnings.join()).toContain('no origin is allowed')
  })
})

describe('dev mode', () => {
  it('needs nothing but a database in memory', () => {
    const { config, settings } = load({ env: { DSN: 'memory' }, flags: { dev: true } })
    expect(settings.issuer).toBe('http://127.0.0.1:4444')
    expect(config.serve.admin.host).toBe('127.0.0.1')
    expect(settings.admin.access).toBe('open')
  })
  it('generates another secret for each database in memory', () => {
    const secret = () =>
      load({ env: { DSN: 'memory' }, flags: { dev: true } }).config.secrets.system
    expect(secret()).not.toEqual(secret())
  })
  it('keeps the generated secret beside a database file, readable by its owner only', () => {
    const env = { DSN: `sqlite://${directory}/dev/x.db` }
    const secret = () => load({ env, flags: { dev: true } }).config.secrets.system
    expect(secret()).toEqual(secret())
    const kept = join(directory, 'dev', 'x.db.secret')
    expect(statSync(kept).mode & 0o777).toBe(0o600)
    expect(secret()).toEqual([readFileSync(kept, 'utf8').trim()])
  })
  it('uses a database in the working directory when none is set', () => {
    const result = loadDsn({ files: [], env: {}, flags: { dev: true } })
    expect(result).toEqual({ ok: true, value: `sqlite://${process.cwd()}/.firebrand/firebrand.db` })
  })
  it('keeps what is set', () => {
    const env = { DSN: 'memory', SERVE_PUBLIC_HOST: '0.0.0.0' }
    expect(load({ env, flags: { dev: true } }).config.serve.public.host).toBe('0.0.0.0')
  })
})

describe('loadDsn', () => {
  it('reads the DSN of a configuration that is otherwise wrong', () => {
    const result = loadDsn({ files: [], env: { DSN: 'memory', LOG_LEVEL: 'loud' }, flags: {} })
    expect(result).toEqual({ ok: true, value: 'memory' })
  })
  it('answers nothing when none is set', () => {
    expect(loadDsn({ files: [], env: {}, flags: {} })).toEqual({ ok: true, value: undefined })
  })
})

describe('the configuration that the five-minute tutorial of the reference ships', () => {
  it('is accepted as it is, with --dev', () => {
    const yaml = file(
      '.yml',
      `
serve:
  cookies:
    same_site_mode: Lax
urls:
  self:
    issuer: http://127.0.0.1:4444
  consent: http://127.0.0.1:3000/consent
  login: http://127.0.0.1:3000/login
  logout: http://127.0.0.1:3000/logout
  device:
    verification: http://127.0.0.1:3000/device/verify
    success: http://127.0.0.1:3000/device/success
secrets:
  system:
    - youReallyNeedToChangeThis
oidc:
  subject_identifiers:
    supported_types:
      - pairwise
      - public
    pairwise:
      salt: youReallyNeedToChangeThis
`,
    )
    const env = {
      DSN: 'sqlite:///mnt/sqlite/db.sqlite?_fk=true&mode=rwc',
      SERVE_PUBLIC_CORS_ENABLED: 'true',
      SERVE_PUBLIC_CORS_ALLOWED_METHODS: 'POST,GET,PUT,DELETE',
      LOG_LEVEL: 'debug',
      OAUTH2_EXPOSE_INTERNAL_ERRORS: '1',
    }
    const { settings } = load({ files: [yaml], env, flags: { dev: true } })
    expect(settings).toMatchObject({
      issuer: 'http://127.0.0.1:4444',
      urls: { login: 'http://127.0.0.1:3000/login', error: undefined },
      cors: { public: { enabled: true, allowedMethods: ['POST', 'GET', 'PUT', 'DELETE'] } },
      oauth2: { exposeInternalErrors: true },
      subjectIdentifiers: { supportedTypes: ['pairwise', 'public'] },
      cookies: { sameSite: 'Lax' },
    })
  })
})
