import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

// Vitest leaves one core to itself, which on a machine of two leaves one for the tests.
const UNIT_WORKERS = Math.max(2, availableParallelism() - 1)

// Two projects: `unit` needs nothing but Node; `system` starts real processes (PostgreSQL, sandbox, workers, Chromium).
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            'server/src/**/*.test.ts',
            'portal/src/**/*.test.{ts,tsx}',
            'tools/**/*.test.ts',
            'bench/src/**/*.test.ts',
          ],
          testTimeout: 20_000,
          maxWorkers: UNIT_WORKERS,
        },
      },
      {
        test: {
          name: 'system',
          include: ['server/test/**/*.test.ts'],
          globalSetup: ['server/test/support/global.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
