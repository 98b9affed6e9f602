import { createHash } from 'node:crypto'
import { OrganizationsClient } from '@aws-sdk/client-organizations'
import { sql } from 'kysely'
import { DECLARED_ACTIONS } from '../../src/aws/actions.ts'
import { type AwsEstate, createEstate } from '../../src/aws/estate.ts'
import { readLibrary } from '../../src/cli/control/library.ts'
import type { ApplyDetail, ApplyView } from '../../src/domain/controls/applies.ts'
import type { PlanDetail, PlanRequestInput, PlanView } from '../../src/domain/controls/plans.ts'
import type { Actor, Role } from '../../src/domain/people/roles.ts'
import { importRoutes } from '../../src/http/catalog/imports.ts'
import { controlRoutes } from '../../src/http/controls/routes.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { readShippedSets } from '../../src/main/controls/sets.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts'
import { controlStore } from '../../src/storage/controls/store.ts'
import type { ControlDeps } from '../../src/workflows/controls/deps.ts'
import { runNextControls } from '../../src/workflows/controls/next.ts'
import { seededOf } from '../sandbox/core-support.ts'
import { type TestApp, testApp } from '../support/app.ts'
import { type TestDatabase, testDatabase } from '../support/postgres.ts'
import { awsOrganization, connect } from '../workflows/seed.ts'

export const TIME_SCALE = 1_000
export const library = readLibrary()

export const person = (role: Role): Actor => ({
  kind: 'person',
  id: `per_${role}`,
  name: role,
  role,
  organisationIds: [],
})
export const CENTRE = person('central_operator')
export const REASON = 'Agreed in the change board of November'

export interface ControlWorldSetup {
  readonly on: TestDatabase
  readonly sandbox: Sandbox
  readonly http: TestApp
  /** By id: `aws_0` has a landing zone, `aws_1` has none. */
  readonly estates: ReadonlyMap<string, AwsEstate>
  /** A person beside Rankan, in the management account. */
  readonly hands: ReadonlyMap<string, OrganizationsClient>
  readonly deps: ControlDeps
  stop(): Promise<void>
}

/** Both organisations of the demo estate with Rankan connected to them, and the API over a database. */
export async function controlSetup(): Promise<ControlWorldSetup> {
  const on = await testDatabase()
  const sandbox = await startSandbox({
    dataDir: null,
    allowedActions: DECLARED_ACTIONS,
    timeScale: TIME_SCALE,
  })
  const estates = new Map<string, AwsEstate>()
  const hands = new Map<string, OrganizationsClient>()
  for (const index of [0, 1]) {
    const id = `aws_${index}`
    const seeded = seededOf(sandbox, index)
    const { accessKeyId, secretAccessKey } = sandbox.credentials()
    const credentials = { accessKeyId, secretAccessKey }
    estates.set(id, createEstate({ ...seeded, id, endpoint: sandbox.url, credentials, clock: systemClock }))
    hands.set(
      id,
      new OrganizationsClient({ endpoint: sandbox.url, region: 'us-east-1', credentials: seeded.admin }),
    )
    const { organizationId, managementAccountId } = seeded
    await connect(on, { ...awsOrganization(id), organizationId, managementAccountId })
  }
  return {
    on,
    sandbox,
    http: testApp(on, [
      ...controlRoutes({ library, sets: readShippedSets() }),
      ...importRoutes({ library, sets: readShippedSets(), controls: (id) => estateOf(estates, id).controls }),
    ]),
    estates,
    hands,
    deps: depsOf(on, estates, 'worker-1'),
    async stop() {
      for (const one of [...estates.values(), ...hands.values()]) one.destroy()
      await sandbox.stop()
      await on.drop()
    },
  }
}

function estateOf(estates: ReadonlyMap<string, AwsEstate>, id: string): AwsEstate {
  const found = estates.get(id)
  if (found === undefined) throw new Error(`no estate ${id}`)
  return found
}

export function depsOf(
  on: TestDatabase,
  estates: ReadonlyMap<string, AwsEstate>,
  executor: string,
): ControlDeps {
  return {
    store: controlStore(on, executor),
    estate: (id) => estateOf(estates, id),
    library,
    hash: (text) => createHash('sha256').update(text).digest('hex'),
    clock: systemClock,
    timeScale: TIME_SCALE,
  }
}

export const runAll = async (deps: ControlDeps): Promise<void> => {
  const stop = new AbortController()
  while (await runNextControls(deps, stop.signal));
}

export async function planned(
  { http, deps }: Pick<ControlWorldSetup, 'http' | 'deps'>,
  request: PlanRequestInput,
): Promise<PlanDetail> {
  const asked = await http.call(CENTRE, 'POST', '/api/control-plans', request)
  if (asked.status !== 202) throw new Error(JSON.stringify(asked.body))
  await runAll(deps)
  return (await http.call(CENTRE, 'GET', `/api/control-plans/${(asked.body as PlanView).id}`))
    .body as PlanDetail
}

export async function asked(
  { http }: Pick<ControlWorldSetup, 'http'>,
  planId: string,
  reason: string | undefined = REASON,
): Promise<ApplyView> {
  const answer = await http.call(CENTRE, 'POST', `/api/control-plans/${planId}/apply`, { reason })
  if (answer.status !== 202) throw new Error(JSON.stringify(answer.body))
  return answer.body as ApplyView
}

export const applyOf = async ({ http }: Pick<ControlWorldSetup, 'http'>, id: string): Promise<ApplyDetail> =>
  (await http.call(CENTRE, 'GET', `/api/control-applies/${id}`)).body as ApplyDetail

/** Plans and applies to the end. */
export async function applied(
  world: Pick<ControlWorldSetup, 'http' | 'deps'>,
  request: PlanRequestInput,
): Promise<ApplyDetail> {
  const plan = await planned(world, request)
  if (plan.state !== 'ready') throw new Error(JSON.stringify(plan.error))
  const { id } = await asked(world, plan.id)
  await runAll(world.deps)
  return applyOf(world, id)
}

/** Kinds of the ledger's entries of one subject, in their order. */
export const ledgerOf = (
  { on }: Pick<ControlWorldSetup, 'on'>,
  subject: string,
): Promise<readonly string[]> =>
  on.db.transaction().execute(async (trx) => {
    await sql`select set_config('rankan.scope', 'all', true)`.execute(trx)
    const { rows } = await sql<{ kind: string }>`
      select kind from ledger_entry where subject = ${subject} order by id`.execute(trx)
    return rows.map(({ kind }) => kind)
  })
