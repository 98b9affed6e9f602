import { writeFileSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { sql } from 'kysely'
import { DECLARED_ACTIONS } from '../../src/aws/actions.ts'
import { engineControl } from '../../src/engine/control.ts'
import type { Order } from '../../src/ports/orders.ts'
import type { EngineControl } from '../../src/ports/queue.ts'
import type { FaultRequest } from '../../src/sandbox/control/api.ts'
import { seedOrganization } from '../../src/sandbox/seed/organization.ts'
import type { Sandbox } from '../../src/sandbox/server.ts'
import { workStore } from '../../src/storage/queue/store.ts'
import { type TestDatabase, testDatabase } from '../support/postgres.ts'
import { awsOrganization, connect, seedOrder } from '../workflows/seed.ts'
import { central, endState } from './end-state.ts'
import { type Engine, orderOf, type Stage, stage } from './stages.ts'
import { keepWorkers } from './workers.ts'

const LEASE_MS = 4000
const RUN_TIMEOUT_MS = 300_000
const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

/** A database with two living workers: when one dies the other takes over, and a new one is started. One life at a time. */
export interface Lane {
  /** Connects a new AWS organisation, for one account and all the work on it. */
  begin(tag: string, engine: Engine): Promise<Life>
  /** Connects a new AWS organisation and vends one account in it, as far as it goes. */
  vend(tag: string, engine: Engine, over?: Partial<Order>): Promise<Vended>
  /** Until the work ends or needs repair. */
  outcome(workId: string): Promise<Outcome>
  readonly on: TestDatabase
  readonly control: EngineControl
  stop(): Promise<void>
}

export interface Life {
  /** `point`: where to die, as the list of a clean run names it; null runs undisturbed. */
  run(work: Stage, point: string | null): Promise<RunResult>
}

export interface Outcome {
  readonly state: 'done' | 'needs_repair' | 'abandoned'
  readonly failure: { readonly code: string; readonly correctable: readonly string[] } | null
}

export interface Vended extends Outcome {
  readonly order: Order
  readonly organizationId: string
}

export interface RunResult {
  /** Effects in order, `before …` and `after …`, without repetition. */
  readonly seen: readonly string[]
  readonly died: boolean
  /** Estate, ledger and state of application and account at the end; what is random is masked. */
  readonly end: string
}

interface Parts {
  readonly on: TestDatabase
  readonly folder: string
  readonly sandbox: Sandbox
  readonly control: EngineControl
}

/** `env`: for the workers, e.g. `CRASH_LOOKS`, the looks after which an account is confirmed without its event. */
export async function openLane(
  sandbox: Sandbox,
  timeScale: number,
  env: Readonly<Record<string, string>> = {},
): Promise<Lane> {
  const on = await testDatabase()
  const folder = await mkdtemp(path.join(tmpdir(), 'rankan-crash-'))
  writeFileSync(path.join(folder, 'organizations.json'), '{}')
  writeFileSync(path.join(folder, 'plan.json'), '{}')
  const workers = keepWorkers({
    CRASH_DATABASE_URL: on.url,
    CRASH_FOLDER: folder,
    CRASH_TIME_SCALE: String(timeScale),
    CRASH_LEASE_MS: String(LEASE_MS),
    ...env,
  })
  await workers.ready
  const store = workStore({ db: on.db, url: on.url, timeScale })
  const control = await engineControl({ databaseUrl: on.url, store, log: quiet })
  const parts: Parts = { on, folder, sandbox, control }
  return {
    on,
    control,
    begin: (tag, engine) => begin(parts, tag, engine),
    async vend(tag, engine, over = {}) {
      const organizationId = await makeOrganization(parts, tag, engine)
      const order = { ...orderOf(stage('vend'), tag, null), ...over }
      await seedOrder(on, order)
      return { order, organizationId, ...(await outcome(on, order.workId)) }
    },
    outcome: (workId) => outcome(on, workId),
    async stop() {
      await control.stop()
      await workers.stop()
      await on.drop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function begin(parts: Parts, tag: string, engine: Engine): Promise<Life> {
  const { on, folder, sandbox } = parts
  const organizationId = await makeOrganization(parts, tag, engine)
  let accountId: string | null = null
  return {
    async run(work, point) {
      const order = orderOf(work, tag, work.kind === 'vend' ? null : accountId)
      const key = `${order.workId}~${work.givenUp ? 'give_up' : 'do'}`
      writeFileSync(path.join(folder, 'plan.json'), JSON.stringify(point === null ? {} : { [key]: point }))
      // Until it is given up: a refusal that a starved worker lost would otherwise be the only one, and the work end well.
      const removeFault =
        work.fault && accountId !== null ? await addFault(sandbox, work.fault(engine, accountId)) : null
      await seedOrder(on, order)
      if (work.givenUp) await giveUp(parts, order.workId, removeFault)
      await expectState(on, order.workId, work.givenUp ? 'abandoned' : 'done')
      accountId ??= await accountOf(on, order)
      const seen = await everythingSeen(path.join(folder, `${key}.seen`))
      const died = point !== null && (await appears(path.join(folder, `${key}.died`)))
      return { seen, died, end: await endState(on, sandbox, tag, organizationId) }
    },
  }
}

async function giveUp(
  { on, control }: Parts,
  workId: string,
  removeFault: (() => Promise<void>) | null,
): Promise<void> {
  await expectState(on, workId, 'needs_repair')
  await removeFault?.()
  await control.abandon(workId, 'not needed any more')
}

/** @returns what removes it again. */
async function addFault(sandbox: Sandbox, fault: FaultRequest): Promise<() => Promise<void>> {
  const faults = `${sandbox.url}/_sandbox/faults`
  const reply = await fetch(faults, { method: 'POST', body: JSON.stringify(fault) })
  if (!reply.ok) throw new Error(`The sandbox took no fault: ${await reply.text()}`)
  const { id } = (await reply.json()) as { readonly id: string }
  return async () => {
    const gone = await fetch(`${faults}/${id}`, { method: 'DELETE' })
    if (!gone.ok) throw new Error(`The sandbox kept the fault: ${await gone.text()}`)
  }
}

/** The sandbox keeps Rankan's own user in its first organisation: no run is to be that one. */
export function seedHost(sandbox: Sandbox): void {
  seed(sandbox, 'host', 'auto_enrolment')
}

const seed = (sandbox: Sandbox, tag: string, engine: Engine) =>
  sandbox.runtime.run((world) =>
    seedOrganization(
      world,
      {
        name: `Organisation ${tag}`,
        landingZone: true,
        engine,
        homeRegion: 'ap-northeast-1',
        ouNames: ['Production'],
        emailDomain: `${tag}.example.jp`,
      },
      DECLARED_ACTIONS,
    ),
  )

async function makeOrganization(
  { on, folder, sandbox }: Parts,
  tag: string,
  engine: Engine,
): Promise<string> {
  const made = seed(sandbox, tag, engine)
  const { accessKeyId, secretAccessKey } = sandbox.credentials()
  const settings = {
    managementAccountId: made.managementAccountId,
    roleArn: made.roleArn,
    homeRegion: made.homeRegion,
    engine,
    endpoint: sandbox.url,
    credentials: { accessKeyId, secretAccessKey },
  }
  writeFileSync(path.join(folder, 'organizations.json'), JSON.stringify({ [`aws_${tag}`]: settings }))
  await connect(on, { ...awsOrganization(`aws_${tag}`), engine })
  return made.organizationId
}

async function expectState(on: TestDatabase, workId: string, wanted: Outcome['state']): Promise<void> {
  const { state, failure } = await outcome(on, workId)
  if (state !== wanted) throw new Error(`${workId} is ${state} and not ${wanted}: ${JSON.stringify(failure)}`)
}

async function outcome(on: TestDatabase, workId: string): Promise<Outcome> {
  const end = Date.now() + RUN_TIMEOUT_MS
  while (Date.now() < end) {
    const { rows } = await sql<Outcome>`
      select state, failure from work_queue where work_id = ${workId}
        and state in ('done', 'needs_repair', 'abandoned')`.execute(on.db)
    if (rows[0]) return rows[0]
    await pause(40)
  }
  throw new Error(`${workId} did not end within ${RUN_TIMEOUT_MS} ms: ${await lastSteps(on, workId)}`)
}

async function lastSteps(on: TestDatabase, workId: string): Promise<string> {
  const { rows } = await central(on, (trx) =>
    sql<object>`select step, state, attempts, error from work_step where work_id = ${workId} order by seq desc limit 3`.execute(
      trx,
    ),
  )
  return JSON.stringify(rows)
}

/** Null while AWS has made no account, and where it never did. */
async function accountOf(on: TestDatabase, order: Order): Promise<string | null> {
  const { rows } = await central(on, (trx) =>
    sql<{ account_id: string }>`select account_id from account where work_id = ${order.workId}`.execute(trx),
  )
  return rows[0]?.account_id ?? null
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const textOf = (file: string): Promise<string> => readFile(file, 'utf8').catch(() => '')

/** The work is over a moment before the worker writes down that it was. */
async function everythingSeen(file: string): Promise<readonly string[]> {
  for (let n = 0; n < 100; n++) {
    const text = await textOf(file)
    if (text.includes('after queue.end#1')) return [...new Set(text.trim().split('\n'))]
    await pause(20)
  }
  throw new Error(`${file} does not say that the work ended`)
}

async function appears(file: string): Promise<boolean> {
  for (let n = 0; n < 25; n++) {
    const there = await readFile(file).then(
      () => true,
      () => false,
    )
    if (there) return true
    await pause(20)
  }
  return false
}
