import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { systemActor } from '../../src/domain/people/roles.ts'
import { enqueueWork } from '../../src/storage/queue/enqueue.ts'
import { type Changes, transact } from '../../src/storage/transact.ts'

const worker = fileURLToPath(new URL('./toy-worker.mjs', import.meta.url))

export interface ToyWorker {
  readonly process: ChildProcess
  readonly executorId: string
  ask(message: object): Promise<unknown>
  kill(signal: NodeJS.Signals): void
  ended: Promise<void>
}

/** A real process that runs toy workflows; `npm test` has built server/dist. */
export async function toyWorker(url: string, env: Readonly<Record<string, string>> = {}): Promise<ToyWorker> {
  const child = fork(worker, {
    env: { ...process.env, TOY_DATABASE_URL: url, ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const { ready } = (await nextMessage(child)) as { ready: string }
  return {
    process: child,
    executorId: ready,
    ended,
    ask: (message) => {
      const answer = nextMessage(child)
      child.send(message)
      return answer
    },
    kill: (signal) => void child.kill(signal),
  }
}

const nextMessage = (child: ChildProcess): Promise<unknown> =>
  new Promise((resolve, reject) => {
    child.once('message', resolve)
    child.once('exit', (code) => reject(new Error(`The toy worker ended with ${code}`)))
  })

export async function toyTables(on: Changes): Promise<void> {
  await sql`create table toy_effect (id bigint generated always as identity, work_id text, step text, executor text, at timestamptz default clock_timestamp())`.execute(
    on.db,
  )
  await sql`create table toy_account (work_id text primary key, begun_at timestamptz default clock_timestamp())`.execute(
    on.db,
  )
  await sql`create table toy_mark (work_id text primary key)`.execute(on.db)
  await sql`create table toy_told (id bigint generated always as identity, work_id text, kind text, body jsonb)`.execute(
    on.db,
  )
}

export const enqueue = (
  on: Changes,
  ids: readonly string[],
  kind = 'vend',
  tenantId = 'org_a',
  deadline: string | null = null,
) =>
  transact(on, systemActor('test'), async (tx) => {
    for (const workId of ids)
      await enqueueWork(tx, { workId, kind, awsOrganizationId: 'aws_1', tenantId, deadline })
  })

export async function statesOf(on: Changes): Promise<Readonly<Record<string, number>>> {
  const result = await sql<{
    state: string
    n: number
  }>`select state, count(*)::int as n from work_queue group by 1`.execute(on.db)
  return Object.fromEntries(result.rows.map((row) => [row.state, row.n]))
}

export async function waitUntil(
  what: string,
  check: () => Promise<boolean>,
  timeoutMs = 60_000,
): Promise<void> {
  const end = Date.now() + timeoutMs
  while (Date.now() < end) {
    if (await check()) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`It did not happen within ${timeoutMs} ms: ${what}`)
}

/** Steps of the vend workflow that ran more than once although nothing was in the way. */
export async function effectsOf(on: Changes, workId: string): Promise<readonly string[]> {
  const result = await sql<{
    step: string
  }>`select step from toy_effect where work_id = ${workId} order by id`.execute(on.db)
  return result.rows.map((row) => row.step)
}

export async function doubled(on: Changes): Promise<number> {
  const result = await sql<{ n: number }>`select count(*)::int as n from (
    select work_id, step from toy_effect group by 1, 2 having count(*) > 1) as d`.execute(on.db)
  return result.rows[0]?.n ?? 0
}

/** The most units of a quota that were ever held at the same moment, from the toy accounts' own times. */
export async function mostAtOnce(on: Changes): Promise<number> {
  const result = await sql<{ n: number }>`
    with edges as (
      select granted_at as at, 1 as d from work_queue where granted_at is not null
      union all select released_at, -1 from work_queue where released_at is not null)
    select coalesce(max(n), 0)::int as n from (select sum(d) over (order by at, d) as n from edges) as e`.execute(
    on.db,
  )
  return result.rows[0]?.n ?? 0
}
