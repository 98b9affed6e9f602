import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { lockFacts } from './lock.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'lock-'))
})
afterEach(() => rm(dir, { recursive: true }))

const refused = { kind: 'conflict', code: 'facts_in_use' }

it('one_writer_at_a_time: the second is refused until the first gives the folder back', async () => {
  const unlock = await lockFacts(dir)
  await expect(lockFacts(dir)).rejects.toMatchObject(refused)
  await expect(lockFacts(path.join(dir, '.', 'x', '..'))).rejects.toMatchObject(refused)
  unlock()
  ;(await lockFacts(dir))()
})

/** Holds the lock as another process does, until it is killed. */
const HOLDER = `
  const { DuckDBInstance } = await import('@duckdb/node-api')
  globalThis.held = await DuckDBInstance.create(process.argv[1])
  console.log('held')
  setInterval(() => {}, 1000)
`

it('a_lock_ends_with_its_process: a kill leaves the folder free', { timeout: 60_000 }, async () => {
  const child = spawn(
    process.execPath,
    ['--input-type=module', '-e', HOLDER, path.join(dir, 'writer.lock')],
    {
      cwd: import.meta.dirname,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  try {
    await once(child.stdout, 'data')
    await expect(lockFacts(dir)).rejects.toMatchObject(refused)
  } finally {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  ;(await lockFacts(dir))()
})
