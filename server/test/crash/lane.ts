import { type ChildProcess, fork } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { DECLARED_ACTIONS } from '../../src/aws/actions.ts'
import { canonicalJson } from '../../src/kernel/json.ts'
import type { Order } from '../../src/ports/orders.ts'
import { estateOf } from '../../src/sandbox/control/estate.ts'
import { seedOrganization } from '../../src/sandbox/seed/organization.ts'
import type { Sandbox } from '../../src/sandbox/server.ts'
import { orderFor } from '../../src/workflows/testing/orders.ts'
import { type TestDatabase, testDatabase } from '../support/postgres.ts'
import { awsOrganization, connect, seedOrder } from '../workflows/seed.ts'

const WORKER = fileURLToPath(new URL('./worker.mjs', import.meta.url))
const LEASE_MS = 4000
const RUN_TIMEOUT_MS = 90_000
const WORKERS = 2

export type Engine = 'account_factory' | 'auto_enrolment'
export type Kind = 'vend' | 'close'

/** A database with two living workers: when one dies the other takes over, and a new one is started. One run at a time. */
export interface Lane {
  /** `point`: where to die, as the list of a clean run names it; null runs undisturbed. */
  run(tag: string, kind: Kind, engine: Engine, point: string | null): Promise<RunResult>
  /** Connects a new AWS organisation and vends one account in it, as far as it goes. */
  vend(tag: string, engine: Engine, over?: Partial<Order>): Promise<Vended>
  /** Until the work ends or needs repair. */
  outcome(workId: string): Promise<Outcome>
  readonly on: TestDatabase
  stop(): Promise<void>
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
  readonly timeScale: number
  readonly env: Readonly<Record<string, string>>
}

/** `env`: for the workers, e.g. `CRASH_LOOKS`, the looks after which an account is confirmed without its event. */
export async function openLane(
  sandbox: Sandbox,
  timeScale: number,
  env: Readonly<Record<string, string>> = {},
): Promise<Lane> {
  const on = await testDatabase()
  const folder = await mkdtemp(path.join(tmpdir(), 'rankan-crash-'))
  const parts: Parts = { on, folder, sandbox, timeScale, env }
  writeFileSync(path.join(folder, 'organizations.json'), '{}')
  writeFileSync(path.join(folder, 'plan.json'), '{}')
  const workers = keepWorkers(parts)
  await workers.ready
  return {
    on,
    run: (tag, kind, engine, point) => runOnce(parts, tag, kind, engine, point),
    async vend(tag, engine, over = {}) {
      const organizationId = await makeOrganization(parts, tag, engine)
      const order = { ...orderOf(tag, 'vend', null), ...over }
      await seedOrder(on, order)
      return { order, organizationId, ...(await outcome(parts, order.workId)) }
    },
    outcome: (workId) => outcome(parts, workId),
    async stop() {
      await workers.stop()
      await on.drop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Two workers that live, as a service manager keeps them. */
function keepWorkers(parts: Parts) {
  const living = new Set<ChildProcess>()
  let stopping = false
  const start = (): Promise<void> => {
    const child = fork(WORKER, {
      env: {
        ...process.env,
        AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
        CRASH_DATABASE_URL: parts.on.url,
        CRASH_FOLDER: parts.folder,
        CRASH_TIME_SCALE: String(parts.timeScale),
        CRASH_LEASE_MS: String(LEASE_MS),
        ...parts.env,
      },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    living.add(child)
    const ready = new Promise<void>((resolve, reject) => {
      child.once('message', () => resolve())
      child.once('exit', (code, signal) => reject(new Error(`A worker ended early: ${code ?? signal}`)))
    })
    child.once('exit', () => {
      living.delete(child)
      if (!stopping) void start().catch((error: unknown) => console.error(String(error)))
    })
    return ready
  }
  // One after the other: the first one makes the engine's tables.
  const ready = (async () => {
    for (let n = 0; n < WORKERS; n++) await start()
  })()
  return {
    ready,
    async stop() {
      stopping = true
      const ended = [...living].map((child) => new Promise((resolve) => child.once('exit', resolve)))
      for (const child of living) child.kill('SIGKILL')
      await Promise.all(ended)
    },
  }
}

async function runOnce(
  parts: Parts,
  tag: string,
  kind: Kind,
  engine: Engine,
  point: string | null,
): Promise<RunResult> {
  const organizationId = await makeOrganization(parts, tag, engine)
  const vend = orderOf(tag, 'vend', null)
  const tested = kind === 'vend' ? vend : null
  if (tested) await plan(parts, tested.workId, point)
  await finish(parts, vend)
  const order = tested ?? orderOf(tag, 'close', await accountOf(parts, vend))
  if (!tested) {
    await plan(parts, order.workId, point)
    await finish(parts, order)
  }
  const lines = (await readFile(path.join(parts.folder, `${order.workId}.seen`), 'utf8')).trim().split('\n')
  return {
    seen: [...new Set(lines)],
    died: await exists(path.join(parts.folder, `${order.workId}.died`)),
    end: await endState(parts, tag, organizationId),
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

async function plan({ folder }: Parts, workId: string, point: string | null): Promise<void> {
  writeFileSync(path.join(folder, 'plan.json'), JSON.stringify(point === null ? {} : { [workId]: point }))
}

const orderOf = (tag: string, kind: Kind, accountId: string | null): Order =>
  orderFor({
    kind,
    workId: `app_${tag}${kind}.${kind === 'vend' ? 'production' : kind}`,
    applicationId: `app_${tag}${kind}`,
    awsOrganizationId: `aws_${tag}`,
    organisationId: `org_${tag}`,
    account:
      accountId === null ? { name: `131016-${tag}-prd-01`, email: `aws+${tag}@${tag}.example.jp` } : null,
    accountId,
    environment: accountId === null ? 'production' : null,
    reason: accountId === null ? null : 'end of the system',
  })

async function finish(parts: Parts, order: Order): Promise<void> {
  await seedOrder(parts.on, order)
  const { state, failure } = await outcome(parts, order.workId)
  if (state !== 'done') throw new Error(`${order.workId} is ${state}: ${JSON.stringify(failure)}`)
}

async function outcome({ on }: Parts, workId: string): Promise<Outcome> {
  const end = Date.now() + RUN_TIMEOUT_MS
  while (Date.now() < end) {
    const { rows } = await sql<Outcome>`
      select state, failure from work_queue where work_id = ${workId}
        and state in ('done', 'needs_repair', 'abandoned')`.execute(on.db)
    if (rows[0]) return rows[0]
    await new Promise((resolve) => setTimeout(resolve, 40))
  }
  throw new Error(`${workId} did not end within ${RUN_TIMEOUT_MS} ms: ${await lastSteps(on, workId)}`)
}

export const central = <T>(on: TestDatabase, query: (trx: TestDatabase['db']) => Promise<T>): Promise<T> =>
  on.db.transaction().execute(async (trx) => {
    await sql`select set_config('rankan.scope', 'all', true)`.execute(trx)
    return query(trx)
  })

async function lastSteps(on: TestDatabase, workId: string): Promise<string> {
  const { rows } = await central(on, (trx) =>
    sql<object>`select step, state, attempts, error from work_step where work_id = ${workId} order by seq desc limit 3`.execute(
      trx,
    ),
  )
  return JSON.stringify(rows)
}

async function accountOf({ on }: Parts, order: Order): Promise<string> {
  const { rows } = await central(on, (trx) =>
    sql<{ account_id: string }>`select account_id from account where work_id = ${order.workId}`.execute(trx),
  )
  const accountId = rows[0]?.account_id
  if (!accountId) throw new Error(`${order.workId} has no account`)
  return accountId
}

const exists = (file: string): Promise<boolean> =>
  readFile(file).then(
    () => true,
    () => false,
  )

/** AWS goes on after our work is done: it closes the account, enrols it, delivers events. */
async function settled({ sandbox }: Parts, organizationId: string): Promise<ReturnType<typeof estateOf>> {
  for (let n = 0; n < 200; n++) {
    const estate = estateOf(sandbox.runtime, organizationId)
    const pending = estate.accounts.some((account) => account.state.startsWith('PENDING'))
    // AWS answers the support case some time after it was opened.
    const open = JSON.stringify(estate.tables).includes('unassigned')
    if (!pending && !open) return estate
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`The estate of ${organizationId} does not settle.`)
}

async function endState(parts: Parts, tag: string, organizationId: string): Promise<string> {
  const { on } = parts
  const tenant = `org_${tag}`
  const [ledger, applications, orders, accounts, works] = await central(
    on,
    async (trx) =>
      [
        (
          await sql<object>`select kind, subject, body::jsonb -> 'data' as data from ledger_entry
      where organisation_id = ${tenant} order by id`.execute(trx)
        ).rows,
        (
          await sql<object>`select id, state, version from application where organisation_id = ${tenant} order by id`.execute(
            trx,
          )
        ).rows,
        (
          await sql<object>`select work_id, state, account_id, failure from application_order where organisation_id = ${tenant} order by work_id`.execute(
            trx,
          )
        ).rows,
        (
          await sql<object>`select account_id, name, email, status, aws_state, ou_name, contacts, facts, suspension,
      closure -> 'evidenceHash' as evidence from account where organisation_id = ${tenant}`.execute(trx)
        ).rows,
        (
          await sql<object>`select work_id, ou_path, place_settled, attempt, facts from work_estate where organisation_id = ${tenant} order by work_id`.execute(
            trx,
          )
        ).rows,
      ] as const,
  )
  const estate = await settled(parts, organizationId)
  return mask(canonicalJson({ estate, ledger, applications, orders, accounts, works }), tag)
}

/** What differs between any two runs: the tag, numbers that AWS draws, times and hashes of what holds times. */
const mask = (text: string, tag: string): string =>
  text
    .replaceAll(/[0-9a-f]{64}/g, '<hash>')
    // Before tag and account numbers, which may stand inside one by chance.
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uuid>')
    .replaceAll(tag, '<tag>')
    .replaceAll(/\bcase-[0-9A-Za-z-]+/g, '<case>')
    .replaceAll(/\b\d{12}\b/g, '<account>')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
    .replaceAll(/\bou-[0-9a-z]{4}-[0-9a-z]{8}\b/g, '<ou>')
    .replaceAll(/\b[0-9a-f]{10}-<uuid>/g, '<uuid>')
    // A budget begins with the month, and months pass in the sandbox's time.
    .replaceAll(/(Start|End)(\\*"):\d{13}/g, '$1$2:<month>')
    .replaceAll(/(displayId\\*":\\*")\d+/g, '$1<id>')
    .replaceAll(/-muen-\d{4}-[0-9a-f]+/g, '-<case>')
    // A closing goes on by itself; which of its states the register saw is only when it looked.
    .replaceAll(/"aws_state":"(PENDING_CLOSURE|SUSPENDED)"/g, '"aws_state":"<closing>"')
