import { z } from 'zod'
import { tolerantSection } from '../value-types.ts'

function isOrigin(value: string): boolean {
  if (value === '*') return true
  const wildcards = value.split('*').length - 1
  return wildcards <= 1 && URL.canParse(value.replace('*', 'wildcard'))
}

const list = (values: readonly string[], description: string) =>
  z
    .array(z.string())
    .default([...values])
    .meta({ description })

/** Keys below `serve.public.cors` and `serve.admin.cors`. */
export function cors(name: 'public' | 'admin') {
  return tolerantSection(
    {
      enabled: z
        .boolean()
        .default(false)
        .meta({ description: 'Answer requests of other origins.', examples: [true] }),
      allowed_origins: z
        .array(z.string().refine(isOrigin, 'must be an origin with at most one *, or *'))
        .refine((values) => new Set(values).size === values.length, 'must not repeat an origin')
        .default([])
        .meta({
          description:
            'Origins that are answered. One `*` stands for a whole label: `https://*.example.com`. An empty list allows none.',
          examples: [['https://app.example.com', 'https://*.example.com']],
        }),
      allowed_methods: list(
        ['POST', 'GET', 'PUT', 'PATCH', 'DELETE', 'CONNECT', 'HEAD', 'OPTIONS', 'TRACE'],
        'Methods that a preflight may ask for.',
      ),
      allowed_headers: list(
        [
          'Accept',
          'Content-Type',
          'Content-Length',
          'Accept-Language',
          'Content-Language',
          'Authorization',
        ],
        'Request headers that a preflight may ask for.',
      ),
      exposed_headers: list(
        [
          'Cache-Control',
          'Expires',
          'Last-Modified',
          'Pragma',
          'Content-Length',
          'Content-Language',
          'Content-Type',
        ],
        'Response headers that scripts may read.',
      ),
      allow_credentials: z
        .boolean()
        .default(true)
        .meta({ description: 'Allow cookies and credentials.' }),
      options_passthrough: z
        .boolean()
        .default(false)
        .meta({ description: 'Hand preflights on to the endpoint.' }),
      max_age: z
        .int('must be a whole number of seconds')
        .default(0)
        .meta({ description: 'Seconds a preflight may be cached; 0 sends no header.' }),
      debug: z.boolean().default(false).meta({ description: 'Log every decision.' }),
    },
    `Cross-origin requests to the ${name} listener.`,
  )
}
