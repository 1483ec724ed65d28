/**
 * `npm run test:long`, for a nightly run: what is generated or repeated, many times as much of it. About fifty minutes.
 * Each part ends with its own `N passed, N failed`.
 */

import { run } from './steps.ts'

/** How many times as much as `npm test` tries, and of what. The first sends a million malformed requests, the last gets two million tokens. */
const parts: readonly (readonly [scale: number, ...files: string[]])[] = [
  [420, 'test/http/fuzz.test.ts', 'test/http/raw-fuzz.test.ts'],
  [20, 'test/models', 'test/faults'],
  [1000, 'test/growth.test.ts'],
]

for (const [scale, ...files] of parts) {
  process.env['TEST_SCALE'] = String(scale)
  if (!run(['scripts/test.ts', ...files])) process.exitCode = 1
}
