import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const SCRIPT = fileURLToPath(new URL('./cedar-calls.mjs', import.meta.url))

it('outlives V8 taking optimised code back while Cedar decides', () => {
  const done = spawnSync(process.execPath, ['--allow-natives-syntax', SCRIPT], { encoding: 'utf8' })
  expect(done.stderr).not.toContain('Fatal error')
  expect(JSON.parse(done.stdout)).toEqual({ optimised: true, during: 1, allowed: true })
})
