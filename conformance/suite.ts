/**
 * Configurations for the web interface of the conformance suite: where the server is, which clients are registered, and how
 * a browser fills in the pages.
 */

/** Alias of the test plans; the redirect URIs of the clients in clients.json end with it. */
const alias = 'firebrand'

/** The person of the profile. */
export const person = {
  email: 'ada@example.com',
  name: 'Ada Lovelace',
  password: 'correct horse battery',
}

/** Which client of clients.json stands for the first one of the suite, by the name of the file. */
const firstClients = {
  oidcc: 'conformance',
  'front-channel': 'conformance-front-channel',
  'back-channel': 'conformance-back-channel',
} as const

function client(id: string) {
  return { client_id: id, client_secret: `the public secret of ${id}` }
}

/** Ticks the boxes of scopes that are not ticked yet. */
function tickScopes(count: number) {
  return Array.from({ length: count }, (_, index) => [
    'click',
    'css',
    `#scope-${index}:not(:checked)`,
    'optional',
  ])
}

function browser(issuer: string) {
  return [
    {
      match: `${issuer}/oauth2/auth*`,
      tasks: [
        {
          task: 'Sign in',
          optional: true,
          match: `${issuer}/ui/login*`,
          commands: [
            ['text', 'id', 'email', person.email],
            ['text', 'id', 'password', person.password],
            ['click', 'css', '#remember:not(:checked)', 'optional'],
            ['click', 'id', 'accept'],
          ],
        },
        {
          task: 'Consent',
          optional: true,
          match: `${issuer}/ui/consent*`,
          commands: [
            ...tickScopes(6),
            ['click', 'css', '#remember:not(:checked)', 'optional'],
            ['click', 'id', 'accept'],
          ],
        },
        {
          task: 'Back at the client',
          optional: true,
          match: `*/test/a/${alias}/callback*`,
          commands: [['wait', 'id', 'submission_complete', 10]],
        },
      ],
    },
    {
      match: `${issuer}/oauth2/sessions/logout*`,
      tasks: [
        {
          task: 'Sign out',
          optional: true,
          match: `${issuer}/ui/logout*`,
          commands: [['click', 'id', 'accept']],
        },
        {
          task: 'Back at the client',
          optional: true,
          match: `*/test/a/${alias}/post_logout_redirect*`,
          commands: [['wait', 'id', 'submission_complete', 10]],
        },
      ],
    },
  ]
}

/** Name of a file and the configuration in it, for each. */
export function suiteConfigurations(issuer: string): ReadonlyMap<string, object> {
  const base = issuer.replace(/\/$/u, '')
  return new Map(
    Object.entries(firstClients).map(([name, first]) => [
      `${name}.json`,
      {
        alias,
        description: `Firebrand at ${issuer}`,
        server: {
          discoveryUrl: `${base}/.well-known/openid-configuration`,
          login_hint: person.email,
        },
        client: client(first),
        client2: client('conformance-2'),
        client_secret_post: client('conformance-post'),
        browser: browser(base),
      },
    ]),
  )
}
