import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/kernel/clock.ts'
import { startPostgres } from '../../src/main/postgres.ts'
import { openDatabase } from '../../src/storage/database.ts'
import { migrate } from '../../src/storage/migrate.ts'
import { type TestDatabase, testDatabase } from '../support/postgres.ts'
import { tcpProxy } from './proxy.ts'
import {
  doubled,
  effectsOf,
  enqueue,
  mostAtOnce,
  statesOf,
  type ToyWorker,
  toyTables,
  toyWorker,
  waitUntil,
} from './toy.ts'

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

/** Each workflow stands alone: one started by another would take a step number of it, and no replay would fit. */
async function foreignSteps(): Promise<readonly unknown[]> {
  const result = await sql`select workflow_uuid, function_id, function_name from dbos.operation_outputs
    where function_name = 'work' or child_workflow_id is not null`.execute(on.db)
  return result.rows
}

const reset = () =>
  sql`truncate work_queue, quota_clock, quota_share, quota_use, toy_effect, toy_account, toy_mark, toy_told, executor cascade`.execute(
    on.db,
  )

beforeEach(async () => {
  await reset()
})

describe('the engine', () => {
  it('runs queued work once each, never more than five account operations at a time', async () => {
    await start()
    await enqueue(on, ids('a', 12))
    await waitUntil('12 done', allDone(12))
    const steps = ['reserve', 'begin', 'contacts', 'budget', 'assign', 'finish']
    expect(await effectsOf(on, 'app_a3.production')).toEqual(steps)
    expect(await doubled(on)).toBe(0)
    expect(await mostAtOnce(on)).toBe(5)
  })

  it('shares the work between workers', async () => {
    await Promise.all([start(), start(), start()])
    await enqueue(on, ids('s', 30))
    await waitUntil('30 done', allDone(30))
    const by = await sql<{ executor: string }>`select distinct executor from toy_effect`.execute(on.db)
    expect(by.rows).toHaveLength(3)
    expect(await doubled(on)).toBe(0)
    expect(await mostAtOnce(on)).toBe(5)
  })

  it('goes on on another worker when one is killed, and no finished step runs again', async () => {
    const [first] = await Promise.all([start(), start()])
    await enqueue(on, ids('k', 10))
    await waitUntil('some in flight', async () => (await mostAtOnce(on)) === 5)
    first?.kill('SIGKILL')
    const killedAt = Date.now()
    const taken = async () =>
      (
        await sql`select 1 from work_queue where executor_id = ${first?.executorId} and state in ('granted','running')`.execute(
          on.db,
        )
      ).rows.length === 0
    await waitUntil('its work was taken', taken, 30_000)
    expect(Date.now() - killedAt).toBeLessThan(30_000)
    await waitUntil('10 done', allDone(10))
    expect(await mostAtOnce(on)).toBe(5)
    // A step that was running when its worker died may run again; a recorded one never.
    const repeated = await sql<{
      n: number
    }>`select count(*)::int as n from toy_effect group by work_id, step having count(*) > 2`.execute(on.db)
    expect(repeated.rows).toEqual([])
    expect(await foreignSteps()).toEqual([])
  })

  it('fences a worker that was paused while its work was taken over', async () => {
    const [paused, other] = await Promise.all([start(), start()])
    await enqueue(on, ids('p', 6))
    // All wait for AWS now: an effect that is under way when its process is paused may still arrive, and is no fault.
    await waitUntil('five begun', async () => {
      const begun = await sql`select 1 from toy_effect where step = 'begin'`.execute(on.db)
      return begun.rows.length === 5
    })
    paused?.kill('SIGSTOP')
    await waitUntil('all done by the other', allDone(6))
    const before = await effectsOf(on, 'app_p0.production')
    const mine = await sql<{ n: number }>`select count(*)::int as n from toy_effect`.execute(on.db)
    paused?.kill('SIGCONT')
    await new Promise((resolve) => setTimeout(resolve, 3000))
    const after = await sql<{ n: number }>`select count(*)::int as n from toy_effect`.execute(on.db)
    expect(after.rows).toEqual(mine.rows)
    expect(await effectsOf(on, 'app_p0.production')).toEqual(before)
    // And it works again.
    await enqueue(on, ids('q', 10))
    await waitUntil('all done', allDone(16))
    const by = await sql<{
      executor: string
    }>`select distinct executor from toy_effect where work_id like 'app_q%'`.execute(on.db)
    expect(by.rows.map((row) => row.executor).sort()).toEqual([paused?.executorId, other?.executorId].sort())
  })

  it('retries what passes and shows each attempt', async () => {
    await start({ TOY_THROTTLE: '0.3' })
    await enqueue(on, ids('t', 6))
    await waitUntil('6 done', allDone(6))
    expect(await doubled(on)).toBe(0)
    const failed = await sql<{
      n: number
    }>`select count(*)::int as n from toy_told where kind = 'failed' and body->>'retryInMs' is not null`.execute(
      on.db,
    )
    expect(failed.rows[0]?.n).toBeGreaterThan(0)
  })

  it('waits for a person, gives the slot away meanwhile, and goes on from the failed step', async () => {
    const worker = await start()
    await enqueue(on, ['app_r.move'], 'move')
    await waitUntil('needs repair', async () => (await statesOf(on)).needs_repair === 1)
    expect((await sql`select 1 from quota_slot`.execute(on.db)).rows).toEqual([])
    expect(await effectsOf(on, 'app_r.move')).toEqual(['before', 'order:needs-repair'])
    await sql`insert into toy_mark values ('app_r.move')`.execute(on.db)
    expect(await worker.ask({ retry: 'app_r.move' })).toMatchObject({ done: {} })
    await waitUntil('done', allDone(1))
    expect(await effectsOf(on, 'app_r.move')).toEqual([
      'before',
      'order:needs-repair',
      'order:started',
      'inside',
      'after',
    ])
    expect(await worker.ask({ retry: 'app_r.move' })).toMatchObject({
      error: expect.stringContaining('`done`'),
    })
  })

  it('fails again in the same way when nothing was repaired, and can be retried from an earlier step or given up', async () => {
    const worker = await start()
    await enqueue(on, ['app_u.move'], 'move')
    const needsRepair = (n: number) => async () =>
      (await statesOf(on)).needs_repair === 1 &&
      (await effectsOf(on, 'app_u.move')).filter((s) => s === 'order:needs-repair').length === n
    await waitUntil('needs repair', needsRepair(1))
    await worker.ask({ retry: 'app_u.move', fromStep: 'before' })
    await waitUntil('needs repair again', needsRepair(2))
    expect((await effectsOf(on, 'app_u.move')).filter((step) => step === 'before')).toHaveLength(2)
    expect(await worker.ask({ retry: 'app_u.move', fromStep: 'nowhere' })).toMatchObject({
      error: expect.stringContaining('`nowhere`'),
    })
    await worker.ask({ abandon: 'app_u.move' })
    await waitUntil('given up', async () => (await statesOf(on)).abandoned === 1)
    expect((await effectsOf(on, 'app_u.move')).at(-1)).toBe('clean')
    expect((await sql`select 1 from quota_slot`.execute(on.db)).rows).toEqual([])
  })

  it('lets a small request pass a big batch at the next free unit, and urgent work first', async () => {
    await enqueue(on, ids('big', 40), 'vend', 'org_big')
    await start()
    await waitUntil('the batch has begun', async () => (await mostAtOnce(on)) === 5)
    await enqueue(on, ['app_small.production'], 'vend', 'org_small')
    await enqueue(on, ['app_late.production'], 'vend', 'org_big', new Date(Date.now() + 1000).toISOString())
    await waitUntil('all done', allDone(42))
    const order = await sql<{ work_id: string }>`select work_id from work_queue order by granted_at`.execute(
      on.db,
    )
    const names = order.rows.map((row) => row.work_id)
    expect(names.indexOf('app_small.production')).toBeLessThan(15)
    expect(names.indexOf('app_late.production')).toBeLessThan(15)
  })
})

describe('the database restarts', () => {
  it('and the work in flight goes on', async () => {
    const dir = await mkdtemp(path.join(tmpdir(), 'rankan-engine-'))
    let postgres = await startPostgres({ dir, unsafe: true })
    await migrate(postgres.url)
    const proxy = await tcpProxy(portOf(postgres.url))
    const url = postgres.url.replace(`:${portOf(postgres.url)}/`, `:${proxy.port}/`)
    const db = openDatabase({ url, onError: () => {} })
    const own = { db, clock: systemClock }
    await toyTables(own)
    workers.push(await toyWorker(url), await toyWorker(url))
    await enqueue(own, ids('d', 12))
    await waitUntil('some in flight', async () => (await mostAtOnce(own)) === 5)
    await postgres.stop()
    proxy.pointAt(null)
    await new Promise((resolve) => setTimeout(resolve, 3000))
    postgres = await startPostgres({ dir, unsafe: true })
    proxy.pointAt(portOf(postgres.url))
    await waitUntil('12 done', async () => (await statesOf(own).catch(() => ({ done: 0 }))).done === 12)
    expect(await mostAtOnce(own)).toBe(5)
    expect(workers.map((worker) => worker.process.exitCode)).toEqual([null, null])
    for (const worker of workers) worker.kill('SIGTERM')
    await Promise.all(workers.map((worker) => worker.ended))
    workers = []
    await db.destroy()
    await proxy.close()
    await postgres.stop()
    await rm(dir, { recursive: true, force: true })
  })
})

const portOf = (url: string) => Number(new URL(url).port)
