import { gzipSync } from 'node:zlib'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Actor } from '../../src/domain/people/roles.ts'
import type { ReplayProgress } from '../../src/domain/policies/replays.ts'
import { replayReport } from '../../src/domain/policies/report.ts'
import type { ReplayWorld } from '../../src/domain/policies/world.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { idSource } from '../../src/kernel/ids.ts'
import { systemRandom } from '../../src/kernel/random.ts'
import type { ReplayJob } from '../../src/ports/replays.ts'
import { askReplay, cancelReplay } from '../../src/storage/policies/ask-replay.ts'
import { replayResult, wholeTable } from '../../src/storage/policies/replay-result.ts'
import { replayDetail } from '../../src/storage/policies/replay-rows.ts'
import { keepWorld } from '../../src/storage/policies/replay-world.ts'
import { replayStore } from '../../src/storage/policies/run-replay.ts'
import { read, transact } from '../../src/storage/transact.ts'
import { type TestDatabase, testDatabase } from '../support/postgres.ts'
import { awsOrganization, connect } from '../workflows/seed.ts'

const CENTRE: Actor = {
  kind: 'person',
  id: 'per_c',
  name: 'Centre',
  role: 'central_operator',
  organisationIds: [],
}
const WORLD: ReplayWorld = {
  version: 1,
  organizationId: 'o-abcdefghij',
  managementAccountId: '999988887777',
  places: [{ id: 'r-1', kind: 'root', name: 'Root', parentId: null, policies: [] }],
  policies: [],
}
const PROGRESS: ReplayProgress = {
  phase: 'asking',
  filesTotal: 2,
  filesRead: 2,
  eventsRead: 10,
  factsTotal: 5,
  factsAsked: 3,
}
const TABLES = {
  calls: 0,
  already: 0,
  first: null,
  last: null,
  byDay: [],
  byAccount: [],
  byPrincipal: [],
  byAction: [],
  byResource: [],
  groups: [],
  sizes: {},
}
const REPORT = replayReport.parse({
  period: { since: null, until: null },
  events: 10,
  skipped: {},
  exempt: {},
  calls: 10,
  allowed: 10,
  denied: { ...TABLES, byStatement: [] },
  unknown: { ...TABLES, missing: [] },
  against: null,
  assumed: [],
  unplacedAccounts: [],
  delegatedAdministrators: [],
})
const OUTCOME = {
  ingest: { files: 2, known: 0, events: 10, refusedFiles: 0, refused: [] },
  report: REPORT,
  proposals: [],
  tables: [
    {
      section: 'denied' as const,
      table: 'byResource' as const,
      lines: 1_200,
      csvGz: gzipSync('resource,calls\r\n').toString('base64'),
    },
  ],
}

describe('replays in the database', () => {
  let on: TestDatabase
  const newId = idSource(systemClock, systemRandom)
  const stores = () => [replayStore(on, 'worker-a'), replayStore(on, 'worker-b')] as const

  beforeAll(async () => {
    on = await testDatabase()
    for (const id of ['aws_1', 'aws_2']) await connect(on, awsOrganization(id))
  })
  afterAll(() => on.drop())
  beforeEach(async () => {
    for (const id of await open()) await transact(on, CENTRE, (tx) => cancelReplay(tx, id))
    await died()
    await stores()[0].claim()
  })

  const inAll = <T>(
    work: (trx: Parameters<Parameters<ReturnType<typeof on.db.transaction>['execute']>[0]>[0]) => Promise<T>,
  ) =>
    on.db.transaction().execute(async (trx) => {
      await sql`select set_config('rankan.scope', 'all', true)`.execute(trx)
      return work(trx)
    })
  const open = () =>
    inAll(async (trx) => {
      const rows = await trx
        .selectFrom('replay')
        .select('id')
        .where('state', 'in', ['queued', 'running'])
        .execute()
      return rows.map(({ id }) => id)
    })
  /** The leases of all running replays are over. */
  const died = () =>
    inAll((trx) => sql`update replay_run set lease_until = now() - interval '1 minute'`.execute(trx))
  const ask = (awsOrganizationId: string) =>
    transact(on, CENTRE, async (tx) =>
      askReplay(tx, {
        id: newId('rpl'),
        awsOrganizationId,
        title: 't',
        request: { policies: [], withInForce: false, against: null, since: null, until: null },
        worldSha256: await keepWorld(tx, awsOrganizationId, WORLD),
        parentId: null,
        exemptions: [],
      }),
    )
  const show = (id: string) => read(on, CENTRE, (tx) => replayDetail(tx, id))
  const claimed = async (store: ReturnType<typeof replayStore>): Promise<ReplayJob> => {
    const job = await store.claim()
    if (job === null) throw new Error('nothing to claim')
    return job
  }

  it('run one at a time of each AWS organisation, in the order of asking', async () => {
    const [a, b] = stores()
    const [first, second, other] = [await ask('aws_1'), await ask('aws_1'), await ask('aws_2')]
    const claims = await Promise.all([a.claim(), b.claim(), a.claim(), b.claim()])
    expect(claims.flatMap((one) => one?.id ?? []).sort()).toEqual([first.id, other.id].sort())
    const job = claims.find((one) => one?.id === first.id)
    if (!job) throw new Error('not claimed')
    const owner = claims.indexOf(job) % 2 === 0 ? a : b
    await owner.done(job, OUTCOME)
    expect((await show(first.id)).state).toBe('done')
    expect((await claimed(b)).id).toBe(second.id)
  })

  it('of a dead worker go to another, which alone is believed from then on', async () => {
    const [a, b] = stores()
    const { id } = await ask('aws_1')
    const lost = await claimed(a)
    expect(await a.beat(lost, PROGRESS)).toBe('go')
    expect((await show(id)).progress).toEqual(PROGRESS)
    expect(await b.claim()).toBeNull()
    await died()
    const taken = await claimed(b)
    expect(taken).toMatchObject({ id, attempt: 2 })
    expect(await a.beat(lost, PROGRESS)).toBe('lost')
    await a.done(lost, OUTCOME)
    await a.failed(lost, { code: 'x', message: 'x' })
    expect((await show(id)).state).toBe('running')
    await b.done(taken, OUTCOME)
    expect(await show(id)).toMatchObject({
      state: 'done',
      totals: { calls: 10, denied: 0, newlyDenied: null },
    })
    expect((await read(on, CENTRE, (tx) => replayResult(tx, id))).report).toEqual(REPORT)
  })

  it('are given up when they take worker after worker with them, but not for workers that were stopped', async () => {
    const [a] = stores()
    const { id } = await ask('aws_1')
    for (let i = 0; i < 7; i++) await a.release(await claimed(a))
    expect(await show(id)).toMatchObject({ state: 'running', attempts: 7 })
    for (let i = 0; i < 5; i++) {
      await claimed(a)
      await died()
    }
    expect(await a.claim()).toBeNull()
    expect(await show(id)).toMatchObject({ state: 'failed', error: { code: 'workers_died' } })
  })

  it('are cancelled: at once while they wait, by their worker while they run, by the next one when that is dead', async () => {
    const [a, b] = stores()
    const [running, waiting] = [await ask('aws_1'), await ask('aws_1')]
    const job = await claimed(a)
    const cancel = (id: string) => transact(on, CENTRE, (tx) => cancelReplay(tx, id))
    expect(await cancel(waiting.id)).toMatchObject({ state: 'cancelled', cancelling: false })
    expect(await cancel(running.id)).toMatchObject({ state: 'running', cancelling: true })
    expect(await a.beat(job, PROGRESS)).toBe('cancelled')
    await died()
    expect(await b.claim()).toBeNull()
    expect(await show(running.id)).toMatchObject({ state: 'cancelled', cancelling: false })
    await expect(cancel(running.id)).rejects.toMatchObject({ code: 'replay_over' })
  })

  it('are not queued without end', async () => {
    for (let i = 0; i < 50; i++) await ask('aws_2')
    await expect(ask('aws_2')).rejects.toMatchObject({ code: 'too_many_replays' })
  })

  it('keep the long tables whole beside the result', async () => {
    const asked = await ask('aws_1')
    const [a] = stores()
    const job = await claimed(a)
    expect(job.id).toBe(asked.id)
    await a.done(job, OUTCOME)
    const table = (section: 'denied' | 'unknown') =>
      read(on, CENTRE, (tx) => wholeTable(tx, job.id, section, 'byResource'))
    expect(await table('denied')).toBe('resource,calls\r\n')
    expect(await table('unknown')).toBeNull()
  })

  it('share what they stand on, and are nobody’s but the centre’s', async () => {
    await ask('aws_1')
    const tenant: Actor = { ...CENTRE, role: 'organisation_owner', organisationIds: ['org_x'] }
    for (const table of ['replay', 'replay_run', 'replay_result', 'replay_table', 'replay_world'] as const) {
      const count = (who: Actor) =>
        read(on, who, async (tx) => (await tx.sql.selectFrom(table).selectAll().execute()).length)
      expect([table, await count(tenant)]).toEqual([table, 0])
      expect([table, await count(CENTRE)]).not.toEqual([table, 0])
    }
    const worlds = await read(on, CENTRE, (tx) =>
      tx.sql.selectFrom('replay_world').select('sha256').execute(),
    )
    expect(worlds).toHaveLength(1)
  })
})
