import type { World } from './world.ts'

export interface Tenant {
  readonly id: string
  readonly code: string
  readonly accounts: number
}

/** One tenant with half of all accounts in one batch, the others with a handful each: the case that fairness is about. */
export function shares(accounts: number, each: number): readonly number[] {
  const small = Math.floor(accounts / 2 / each)
  return [accounts - small * each, ...Array.from({ length: small }, () => each)]
}

/** Municipalities of the demo register, each with somebody who applies and somebody who approves. */
export async function makeTenants(world: World, wanted: readonly number[]): Promise<readonly Tenant[]> {
  const { server, on } = world
  const found = await world.query<{ id: string; code: string }>(
    `select organisation_id as id, code from organisation_version
     where kind in ('city', 'town', 'village', 'special_ward') and upper_inf(valid) order by code limit $1`,
    [wanted.length],
  )
  if (found.length < wanted.length)
    throw new Error(`The demo register has ${found.length} municipalities, ${wanted.length} are needed.`)
  const tenants = found.map((row, i) => ({ ...row, accounts: wanted[i] ?? 0 }))
  await server.transact(on, server.systemActor('bench'), async (tx) => {
    for (const tenant of tenants)
      for (const role of ['project_office', 'organisation_owner'] as const) {
        const id = personId(tenant, role)
        const mail = `${id}@example.lg.jp`
        const given = { id, organisation_id: tenant.id, valid: '(,)' }
        const name = { name_ja: id, first_name: 'A', last_name: 'B', user_name: mail, email: mail }
        await tx.sql
          .insertInto('person')
          .values({ ...given, ...name })
          .execute()
        await tx.sql
          .insertInto('role_grant')
          .values({ ...given, id: `grt_${id}`, person_id: id, role })
          .execute()
      }
    await tx.record({
      kind: 'bench.tenants',
      organisationId: null,
      subject: 'bench',
      data: { tenants: tenants.length },
    })
  })
  return tenants
}

type TenantRole = 'project_office' | 'organisation_owner'
const personId = (tenant: Tenant, role: TenantRole) => `per_bench_${tenant.code}_${role}`

const actorOf = (tenant: Tenant, role: TenantRole) => ({
  kind: 'person' as const,
  id: personId(tenant, role),
  name: personId(tenant, role),
  role,
  organisationIds: [tenant.id],
})

/** Submits every application; then the owners approve, tenant by tenant, and each approval queues the work. */
export async function applyForAll(world: World, tenants: readonly Tenant[]): Promise<void> {
  const { server, on } = world
  const setup = server.loadApplicationSetup('aws.example.lg.jp')
  const newId = server.idSource(server.systemClock, server.systemRandom)
  const start = server.addDays(server.dayInJapan(new Date()), 10)
  const approvals: { tenant: Tenant; id: string; version: number }[] = []
  for (const tenant of tenants)
    for (let n = 0; n < tenant.accounts; n++) {
      const id = newId('app')
      const form = server.sampleVendForm({
        organisation: tenant.code,
        system: `b${n}`,
        start,
        environments: ['production'],
      })
      const version = await server.transact(on, actorOf(tenant, 'project_office'), async (tx) => {
        const draft = await server.createDraft(tx, id, form as never)
        const submitted = await server.submitApplication(tx, setup, id, draft.version)
        return submitted.version
      })
      approvals.push({ tenant, id, version })
    }
  for (const { tenant, id, version } of approvals)
    await server.transact(on, actorOf(tenant, 'organisation_owner'), (tx) =>
      server.decideApplication(tx, setup, id, { decision: 'approve', comment: '', version }),
    )
}
