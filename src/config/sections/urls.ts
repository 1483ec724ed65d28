import { z } from 'zod'
import { optionalSection, section, tolerantSection, uri, uriReference } from '../value-types.ts'

const page = (description: string, example: string) =>
  uriReference()
    .optional()
    .meta({ format: 'uri-reference', description, examples: [example] })

/** Keys below `urls`. */
export const urls = section(
  {
    self: section(
      {
        issuer: uri()
          .optional()
          .meta({
            description:
              'The `iss` of all tokens, byte for byte. Must be https outside dev mode. Unset: made from `serve.public`.',
            examples: ['https://auth.example.com'],
          }),
        public: uri()
          .optional()
          .meta({
            description: 'Base of the public endpoints. Unset: the issuer.',
            examples: ['https://auth.example.com'],
          }),
        admin: uri()
          .optional()
          .meta({
            description: 'Base of the admin API, for messages only.',
            examples: ['https://auth-admin.internal'],
          }),
      },
      'Where this server is reached.',
    ),
    login: page(
      'Login page; gets `?login_challenge=`. Unset: the built-in page.',
      'https://login.example.com/login',
    ),
    registration: page(
      'Page for `prompt=registration`. Unset: the login page.',
      'https://login.example.com/signup',
    ),
    consent: page(
      'Consent page; gets `?consent_challenge=`. Unset: the built-in page.',
      'https://login.example.com/consent',
    ),
    logout: page(
      'Logout page; gets `?logout_challenge=`. Unset: the built-in page.',
      'https://login.example.com/logout',
    ),
    error: page(
      'Page for errors that cannot go to the client. Unset: the built-in page.',
      'https://login.example.com/error',
    ),
    post_logout_redirect: page(
      'Where the browser goes after logout without a client’s URL. Unset: the built-in page.',
      'https://www.example.com/',
    ),
    device: tolerantSection(
      {
        verification: page(
          'Page that takes the user code. Unset: the built-in page.',
          'https://login.example.com/device',
        ),
        success: page(
          'Page shown when the device is allowed. Unset: the built-in page.',
          'https://login.example.com/device/done',
        ),
      },
      'Pages of the device authorization grant.',
    ),
    identity_provider: optionalSection(
      {
        url: uri()
          .optional()
          .meta({
            description: 'Admin URL of an Ory Kratos whose session ends on logout.',
            examples: ['http://kratos:4434'],
          }),
        publicUrl: uri()
          .optional()
          .meta({
            description: 'Public URL of that Ory Kratos.',
            examples: ['http://kratos:4433'],
          }),
        headers: z
          .record(z.string(), z.string())
          .optional()
          .meta({ description: 'Headers of those calls.', writeOnly: true }),
      },
      'The system behind the login page.',
    ),
  },
  'Addresses of this server and of the pages it sends browsers to.',
)
