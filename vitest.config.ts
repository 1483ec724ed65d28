import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { testScale } from './test/support/scale.ts'

export default defineConfig({
  test: {
    include: ['{src,test,bench}/**/*.test.ts'],
    // One process per file: crashes, process.env and open handles of a suite stay its own.
    pool: 'forks',
    maxWorkers: Math.min(availableParallelism(), 8),
    globalSetup: ['test/support/shared-postgres.ts'],
    testTimeout: 20_000 * testScale,
    hookTimeout: 60_000,
    allowOnly: false,
  },
})
