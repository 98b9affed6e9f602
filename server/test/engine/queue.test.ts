import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { systemActor } from '../../src/domain/people/roles.ts'
import { choose, headsOf, newClock, tagsOf, type Waiting } from '../../src/domain/scheduling/fair.ts'
import type { WorkStore } from '../../src/ports/queue.ts'
import { enqueueWork, withdrawWork } from '../../src/storage/queue/enqueue.ts'
import { estimateAll } from '../../src/storage/queue/estimates.ts'
import { queueContext, workStore } from '../../src/storage/queue/store.ts'
import { transact } from '../../src/storage/transact.ts'
import { type TestDatabase, testDatabase } from '../support/postgres.ts'
import { enqueue, waitUntil } from './toy.ts'

let on: TestDatabase
let store: WorkStore
const fresh = () => {
  store = workStore({ db: on.db, url: on.url, timeScale: 1 })
  return store
}

beforeAll(async () => {
  on = await testDatabase()
})
beforeEach(async () => {
  await sql`truncate work_queue, quota_clock, quota_share, quota_use, executor, rate_bucket cascade`.execute(
    on.db,
  )
  await fresh().heartbeat('x1')
})
afterAll(() => on.drop())

const add = (workId: string, tenantId: string, weight = 1, deadline: string | null = null) =>
  transact(on, systemActor('test'), (tx) =>
    enqueueWork(tx, { workId, kind: 'vend', awsOrganizationId: 'aws_1', tenantId, weight, deadline }),
  )
const count = async (table: string) =>
  (await sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)}`.execute(on.db)).rows[0]?.n

describe('the queue on PostgreSQL', () => {
  it('grants in exactly the order of the pure policy', async () => {
    const arrivals = fc.array(
      fc.record({ tenant: fc.nat(3), weight: fc.integer({ min: 1, max: 3 }), late: fc.boolean() }),
      { minLength: 1, maxLength: 14 },
    )
    await fc.assert(
      fc.asyncProperty(arrivals, async (rows) => {
        await sql`truncate work_queue, quota_clock, quota_share cascade`.execute(on.db)
        for (const [i, row] of rows.entries())
          await add(
            `w${i}`,
            `t${row.tenant}`,
            row.weight,
            row.late ? new Date(Date.now() - 1000 + i).toISOString() : null,
          )
        const order: string[] = []
        for (let granted = await store.grant('x1'); order.length < rows.length; ) {
          order.push(...granted.map((work) => work.workId))
          const next = order.at(-granted.length)
          if (granted.length === 0 || next === undefined) break
          granted = await endAndCollect(order)
        }
        expect(order).toEqual(purely(rows))
      }),
      {
        numRuns: 25,
        // Tags that are equal only without rounding errors: 1/3 is in between.
        examples: [
          [[3, 1, 1, 3, 0].map((tenant, i) => ({ tenant, weight: [2, 2, 1, 3, 1][i] ?? 1, late: false }))],
        ],
      },
    )
  })

  it('takes the same work once, and knows what was withdrawn in time', async () => {
    await add('a', 't1')
    await add('a', 't1')
    expect(await count('work_queue')).toBe(1)
    const withdraw = (id: string) => transact(on, systemActor('test'), (tx) => withdrawWork(tx, id))
    expect(await withdraw('a')).toBe(true)
    expect(await store.grant('x1')).toEqual([])
    await add('b', 't1')
    expect(await store.grant('x1')).toHaveLength(1)
    expect(await withdraw('b')).toBe(false)
  })

  it('puts nothing into the queue when the approval fails', async () => {
    const failing = transact(on, systemActor('test'), async (tx) => {
      await enqueueWork(tx, {
        workId: 'a',
        kind: 'vend',
        awsOrganizationId: 'aws_1',
        tenantId: 't',
        deadline: null,
      })
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect(await count('work_queue')).toBe(0)
    expect(await count('quota_wait')).toBe(0)
  })

  it('never gives more units than the limit to many that ask at once, and honours an override from its day on', async () => {
    await enqueue(
      on,
      Array.from({ length: 20 }, (_, i) => `w${i}`),
    )
    const stores = Array.from({ length: 4 }, () => workStore({ db: on.db, url: on.url, timeScale: 1 }))
    const granted = (await Promise.all(stores.map((one) => one.grant('x1')))).flat()
    expect(granted).toHaveLength(5)
    await transact(on, systemActor('test'), async (tx) => {
      await sql`insert into quota_override values ('aws_1', 'account_operations', '2020-01-01', 7, 'raised by AWS')`.execute(
        tx.sql,
      )
      await tx.record({ kind: 'quota.changed', organisationId: null, subject: 'aws_1', data: {} })
    })
    expect(await fresh().grant('x1')).toHaveLength(2)
    await transact(on, systemActor('test'), async (tx) => {
      await sql`delete from quota_override`.execute(tx.sql)
      await tx.record({ kind: 'quota.changed', organisationId: null, subject: 'aws_1', data: {} })
    })
  })

  it('an override without a ledger entry cannot be made', async () => {
    const silent = on.db
      .transaction()
      .execute((trx) =>
        sql`insert into quota_override values ('aws_1', 'account_operations', '2020-01-01', 7, 'x')`.execute(
          trx,
        ),
      )
    await expect(silent).rejects.toThrow(/ledger entry/)
  })

  it('counts closures over thirty days, also those that ended', async () => {
    await transact(on, systemActor('test'), async (tx) => {
      await sql`insert into quota_override values ('aws_2', 'account_closures_30_days', '2020-01-01', 2, 'small')`.execute(
        tx.sql,
      )
      await tx.record({ kind: 'quota.changed', organisationId: null, subject: 'aws_2', data: {} })
    })
    const names = ['c1', 'c2', 'c3']
    await transact(on, systemActor('test'), async (tx) => {
      for (const workId of names)
        await enqueueWork(tx, {
          workId,
          kind: 'suspend',
          awsOrganizationId: 'aws_2',
          tenantId: 't',
          deadline: null,
        })
    })
    await fresh().grant('x1')
    const close = async (workId: string) => {
      const claim = await store.claim(workId, 'x1')
      const request = {
        quota: 'account_closures_30_days',
        scope: 'aws_2',
        workId,
        hold: '0',
        epoch: claim?.epoch ?? 0,
      } as const
      const held = await store.acquire(request, 'x1')
      if (held) await store.release({ ...request, executorId: 'x1', pages: 1 })
      return held
    }
    expect([await close('c1'), await close('c2'), await close('c3')]).toEqual([true, true, false])
    await sql`update quota_use set used_at = used_at - interval '31 days' where work_id = 'c1'`.execute(on.db)
    expect(await close('c3')).toBe(true)
  })

  it('allows as many closures in 30 days as the size of the AWS organisation gives, and says how many are used', async () => {
    await transact(on, systemActor('test'), async (tx) => {
      await sql`insert into aws_organization (id, name, engine, created_at) values
        ('aws_big', 'Big', 'account_factory', now()), ('aws_new', 'New', 'account_factory', now())`.execute(
        tx.sql,
      )
      await tx.record({ kind: 'aws_organization.connected', organisationId: null, subject: 'x', data: {} })
    })
    await sql`insert into aws_organization_sweep (aws_organization_id, at, complete, listed, accounts)
      values ('aws_big', now(), true, 3001, 3001)`.execute(on.db)
    await sql`insert into quota_use (quota, scope, work_id, hold, used_at) values
      ('account_closures_30_days', 'aws_big', 'c1', '0', now() - interval '31 days'),
      ('account_closures_30_days', 'aws_big', 'c2', '0', now() - interval '29 days')`.execute(on.db)
    const { slots } = await fresh().status()
    const closures = slots.filter(({ scope }) => ['aws_big', 'aws_new'].includes(scope))
    expect(closures).toEqual([
      { quota: 'account_closures_30_days', scope: 'aws_big', used: 1, limit: 600, waiting: 0 },
      { quota: 'account_closures_30_days', scope: 'aws_new', used: 0, limit: 250, waiting: 0 },
    ])
  })

  it('gives a running workflow its admission again when a crash lost what it did under it', async () => {
    await add('a', 't1')
    await store.grant('x1')
    const first = await store.claim('a', 'x1')
    const request = { quota: 'account_operations', scope: 'aws_1', workId: 'a', hold: 'admission' } as const
    const epoch = first?.epoch ?? 0
    await store.release({ ...request, epoch, executorId: 'x1', pages: 2 })
    const second = await store.claim('a', 'x1')
    expect(second).toMatchObject({ holdsAdmission: false, endedHolds: new Map([['admission', 2]]) })
    const again = { ...request, epoch: second?.epoch ?? 0 }
    expect(await store.acquire(again, 'x1')).toBe(true)
    expect(await store.claim('a', 'x1')).toMatchObject({ holdsAdmission: true })
    expect(await count('quota_wait')).toBe(0)
  })

  it('gives work the unit that its dead execution holds, or waits for, under another number', async () => {
    await add('a', 't1')
    await add('b', 't1')
    await store.grant('x1')
    const unit = { quota: 'moves_per_ou', scope: 'aws_1/ou-1' } as const
    const ask = async (workId: string, hold: string) => {
      const claim = await store.claim(workId, 'x1')
      return { ...unit, workId, hold, epoch: claim?.epoch ?? 0 }
    }
    expect(await store.acquire(await ask('a', '2'), 'x1')).toBe(true)
    expect(await store.acquire(await ask('b', '2'), 'x1')).toBe(false)
    // What the first executions made is there: a hold before this one falls away for the second ones.
    const mine = await ask('a', '1')
    expect(await store.acquire(mine, 'x1')).toBe(true)
    const other = await ask('b', '1')
    expect(await store.acquire(other, 'x1')).toBe(false)
    await store.release({ ...mine, executorId: 'x1', pages: 1 })
    expect(await store.acquire(other, 'x1')).toBe(true)
    expect(await count('quota_wait')).toBe(0)
    await store.release({ ...other, executorId: 'x1', pages: 1 })
    const slots = await sql`select 1 from quota_slot where quota = 'moves_per_ou'`.execute(on.db)
    expect(slots.rows).toEqual([])
  })

  it('hands over the work of an executor whose session ended long before its lease, and not of one that opens it again', async () => {
    const deaf = {
      onStart: () => {},
      onGranted: () => {},
      onSignal: () => {},
      onFree: () => {},
      onGap: () => {},
      onLost: () => {},
      onGone: () => {},
    }
    let gone = 0
    await sql`delete from executor`.execute(on.db)
    await store.heartbeat('one')
    const session = await store.listen('one', deaf)
    const hearing = await store.listen('two', { ...deaf, onGone: () => gone++ })
    await enqueue(on, ['a'])
    await store.grant('one')
    await store.heartbeat('two')
    expect(await store.heartbeat('two')).toEqual([])
    await session.stop()
    const missing = async () =>
      (await sql`select 1 from executor where missing_since is not null`.execute(on.db)).rows.length
    await waitUntil('it is missed', async () => {
      expect(await store.heartbeat('two')).toEqual([])
      return (await missing()) === 1
    })
    await waitUntil('everybody is told', async () => gone > 0)
    const again = await store.listen('one', deaf)
    await waitUntil('it is seen again', async () => {
      expect(await store.heartbeat('two')).toEqual([])
      return (await missing()) === 0
    })
    await again.stop()
    const taken: string[] = []
    await waitUntil('its work is taken', async () => {
      taken.push(...(await store.heartbeat('two')).map((work) => work.workId))
      return taken.length > 0
    })
    expect(taken).toEqual(['a'])
    const before = gone
    await store.announce('three')
    await store.leave('three')
    await waitUntil('everybody is told', async () => gone > before)
    await hearing.stop()
  })

  it('hands over the work of an executor that stopped living, once', async () => {
    const some = () => workStore({ db: on.db, url: on.url, timeScale: 1 })
    const [one, two, three] = [some(), some(), some()]
    await sql`delete from executor`.execute(on.db)
    await one.announce('one')
    await enqueue(on, ['a', 'b'])
    await one.grant('one')
    const claim = await one.claim('a', 'one')
    await sql`update executor set heartbeat_at = clock_timestamp() - interval '11 seconds' where id = 'one'`.execute(
      on.db,
    )
    await Promise.all([two.announce('two'), three.announce('three')])
    const taken = (await Promise.all([two.heartbeat('two'), three.heartbeat('three')])).flat()
    expect(taken.map((work) => [work.workId, work.state]).sort()).toEqual([
      ['a', 'running'],
      ['b', 'granted'],
    ])
    // The old execution still may act until somebody claims the work; from then on it may not.
    expect(await one.holdsLease('a', claim?.epoch ?? -1)).toBe(true)
    await two.claim('a', 'two')
    expect(await one.holdsLease('a', claim?.epoch ?? -1)).toBe(false)
    await one.end('a', claim?.epoch ?? -1, 'one', { state: 'done' })
    expect((await one.find('a'))?.state).toBe('running')
  })

  it('estimates 10,000 queued applications at once', async () => {
    await sql`select rankan_enqueue_work('w' || n, 'vend', 'aws_1', 't' || (n % 300), 1, null, 'account_operations')
      from generate_series(1, 10000) as n`.execute(on.db)
    await store.grant('x1')
    const context = queueContext({ db: on.db, timeScale: 1 })
    const estimates = await estimateAll(context)
    expect(estimates.size).toBe(10_000)
    const last = [...estimates.values()].reduce((a, b) => (b.doneMs > a.doneMs ? b : a))
    // 2,000 rounds of half an hour each.
    expect((last.doneMs - Date.now()) / 3_600_000).toBeGreaterThan(990)
    expect(await store.estimate()).toMatchObject({ estimated: 9995 })
  })
})

async function endAndCollect(order: readonly string[]) {
  const open = await sql<{ id: string }>`select work_id as id from quota_slot order by granted_at`.execute(
    on.db,
  )
  const first = open.rows[0]
  if (first === undefined || !order.includes(first.id)) return []
  const claim = await store.claim(first.id, 'x1')
  return store.end(first.id, claim?.epoch ?? 0, 'x1', { state: 'done' })
}

function purely(rows: readonly { tenant: number; weight: number; late: boolean }[]): readonly string[] {
  const finishTags = new Map<string, number>()
  let clock = newClock
  const waiting: Waiting[] = rows.map((row, seq) => {
    const tenantId = `t${row.tenant}`
    const { startTag, finishTag } = tagsOf(clock, finishTags.get(tenantId) ?? null, row.weight)
    finishTags.set(tenantId, finishTag)
    const expected = { slotMs: 1, slotSdMs: 0, tailMs: 0, tailSdMs: 0 }
    return { id: `w${seq}`, tenantId, startTag, seq, deadlineMs: row.late ? seq : null, expected }
  })
  const order: string[] = []
  for (
    let next = choose(headsOf(waiting), clock, 1e15);
    next !== null;
    next = choose(headsOf(waiting), clock, 1e15)
  ) {
    clock = next.clock
    order.push(next.item.id)
    waiting.splice(waiting.indexOf(next.item), 1)
  }
  return order
}
