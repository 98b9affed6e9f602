import { defineConfig } from 'vitest/config'

// What `npm run conformance` runs: contract suites against servers that the script starts. Plain `npm test` leaves it out.
export default defineConfig({
  root: new URL('../..', import.meta.url).pathname,
  test: {
    include: ['server/test/aws/*.conformance.ts', 'server/test/aws/*.test.ts'],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    fileParallelism: false,
  },
})
