import { ListInstancesCommand } from '@aws-sdk/client-sso-admin'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { DECLARED_ACTIONS } from '../../src/aws/actions.ts'
import { type Connection, connect } from '../../src/aws/connection.ts'
import { systemActor } from '../../src/domain/people/roles.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { seedOrganization } from '../../src/sandbox/seed/organization.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts'
import { type Db, openDatabase } from '../../src/storage/database.ts'
import { sharedRate } from '../../src/storage/queue/rate.ts'
import { transact } from '../../src/storage/transact.ts'
import { type TestDatabase, testDatabase } from '../support/postgres.ts'

const QUOTA = 'identity_center_calls_per_second'
const WORKERS = 4

let on: TestDatabase
/** Each worker has its own connections to PostgreSQL, as a process has. */
let pools: readonly Db[]
let statements = 0

beforeAll(async () => {
  on = await testDatabase()
  pools = Array.from({ length: WORKERS }, () =>
    openDatabase({ url: on.url, onError: () => {} }).withPlugin({
      transformQuery: ({ node }) => {
        statements++
        return node
      },
      transformResult: async ({ result }) => result,
    }),
  )
})
beforeEach(() => sql`truncate rate_bucket`.execute(on.db))
afterAll(async () => {
  await Promise.all(pools.map((db) => db.destroy()))
  await on.drop()
})

const turns = (timeScale: number) =>
  pools.map((db) =>
    sharedRate({ db, clock: systemClock, timeScale, quota: QUOTA, awsOrganizationId: 'aws_1' }),
  )

interface Run {
  readonly throttled: number
  readonly seconds: number
}

/** Every worker makes so many calls to Identity Center at once, as often as it may. The sandbox counts what it answered. */
async function callAtOnce(timeScale: number, callsEach: number, paced: boolean): Promise<Run> {
  const sandbox = await startSandbox({
    dataDir: null,
    allowedActions: DECLARED_ACTIONS,
    estate: 'empty',
    timeScale,
  })
  const shared = turns(timeScale)
  const workers = pools.map((_, i) => connection(sandbox, paced ? shared[i] : undefined))
  const startedAt = Date.now()
  const calls = workers.flatMap((aws) =>
    Array.from({ length: callsEach }, () => aws.sso.send(new ListInstancesCommand({}))),
  )
  await Promise.allSettled(calls)
  const seconds = (Date.now() - startedAt) / 1000
  const answer = await fetch(`${sandbox.url}/_sandbox/calls`)
  const outcomes = (await answer.json()) as Record<string, { outcomes: Record<string, number> }>
  for (const aws of workers) aws.destroy()
  await sandbox.stop()
  return { throttled: throttlingAnswers(outcomes), seconds }
}

const managed = new WeakMap<Sandbox, { roleArn: string; homeRegion: string }>()

function connection(sandbox: Sandbox, turn: (() => Promise<void>) | undefined): Connection {
  const made =
    managed.get(sandbox) ??
    sandbox.runtime.run((world) =>
      seedOrganization(
        world,
        {
          name: 'Rate',
          landingZone: true,
          engine: 'account_factory',
          homeRegion: 'ap-northeast-1',
          ouNames: ['Production'],
          emailDomain: 'rate.example.jp',
        },
        DECLARED_ACTIONS,
      ),
    )
  managed.set(sandbox, made)
  return connect({
    roleArn: made.roleArn,
    homeRegion: made.homeRegion,
    endpoint: sandbox.url,
    credentials: sandbox.credentials(),
    clock: systemClock,
    ...(turn === undefined ? {} : { identityTurn: turn }),
  })
}

function throttlingAnswers(calls: Record<string, { outcomes: Record<string, number> }>): number {
  const seen = Object.entries(calls).find(([operation]) => operation.endsWith('ListInstances'))
  if (seen === undefined) throw new Error(`The sandbox counted no ListInstances: ${Object.keys(calls)}`)
  return seen[1].outcomes.ThrottlingException ?? 0
}

describe('calls to Identity Center, whose ceiling all workers share', () => {
  it('are throttled when nobody waits for a turn: the sandbox does count', async () => {
    expect((await callAtOnce(1, 15, false)).throttled).toBeGreaterThan(0)
  })

  it('of four workers at once are never throttled, and use most of the rate', async () => {
    const run = await callAtOnce(1, 15, true)
    expect(run.throttled).toBe(0)
    // 60 calls, 12 a second after a burst of 5.
    expect(run.seconds).toBeGreaterThan(3.5)
    expect(run.seconds).toBeLessThan(9)
  })

  it.each([5, 60, 300])('are never throttled where time runs %i times as fast', async (timeScale) => {
    expect((await callAtOnce(timeScale, 40, true)).throttled).toBe(0)
  })

  it('cost a statement for several of them, and none where nobody could reach the ceiling', async () => {
    statements = 0
    const [turn] = turns(60)
    await Promise.all(Array.from({ length: 50 }, () => turn?.()))
    // Five calls for each, two to read the quota; a busy machine may lose some calls that it reserved.
    expect(statements).toBeLessThanOrEqual(50 / 2)
    const [free] = turns(3600)
    await free?.()
    statements = 0
    for (let i = 0; i < 1000; i++) await free?.()
    expect(statements).toBe(0)
  })

  it('follow the quota of that AWS organisation', async () => {
    await transact(on, systemActor('test'), async (tx) => {
      await sql`insert into quota_override values ('aws_1', ${QUOTA}, '2020-01-01', 4, 'shared with another tool')`.execute(
        tx.sql,
      )
      await tx.record({ kind: 'quota.changed', organisationId: null, subject: 'aws_1', data: {} })
    })
    const startedAt = Date.now()
    await Promise.all(turns(1).map((turn) => turn()))
    // 4 calls, none ahead of its moment, 2.4 a second: the last one begins after 1.25 s.
    expect(Date.now() - startedAt).toBeGreaterThan(1_000)
  })
})
