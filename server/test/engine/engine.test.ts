import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/postgres.ts'
import { doubled, effectsOf, enqueue, mostAtOnce, statesOf, type ToyWorker, toyTables, toyWorker, waitUntil } from './toy.ts'

let on: TestDatabase
let workers: ToyWorker[] = []
const start = async (env: Record<string, string> = {}) => {
  const worker = await toyWorker(on.url, env)
  workers.push(worker)
  return worker
}

beforeAll(async () => {
  on = await testDatabase()
  await toyTables(on)
})
afterEach(async () => {
  for (const worker of workers) {
    worker.kill('SIGCONT')
    worker.kill('SIGTERM')
  }
  await Promise.all(workers.map((worker) => worker.ended))
  workers = []
})
afterAll(() => on.drop())

const ids = (name: string, n: number) => Array.from({ length: n }, (_, i) => `app_${name}${i}.production`)
const allDone = (n: number) => async () => (await statesOf(on)).done === n

describe('the engine', () => {
  it('runs queued work once each, never more than five account operations at a time', async () => {
    await start()
    await enqueue(on, ids('a', 12))
    await waitUntil('12 done', allDone(12))
    expect(await effectsOf(on, 'app_a3.production')).toEqual(['reserve', 'begin', 'contacts', 'budget', 'assign', 'finish'])
    expect(await doubled(on)).toBe(0)
    expect(await mostAtOnce(on)).toBe(5)
  })
})
