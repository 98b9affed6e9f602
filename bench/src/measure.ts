import { createRequire } from 'node:module'
import { serverFile } from './server.ts'
import type { World } from './world.ts'

export interface WorkRow {
  readonly workId: string
  readonly tenantId: string
  readonly state: string
  /** Seconds since the first grant, real time. */
  readonly granted: number
  /** When AWS had taken the order. */
  readonly begun: number
  readonly released: number
  readonly done: number
  readonly etaError: number | null
}

const SINCE_FIRST_GRANT = (column: string) =>
  `extract(epoch from ${column} - (select min(granted_at) from work_queue))::double precision`

export const readWork = (world: World): Promise<readonly WorkRow[]> =>
  world.query<WorkRow>(
    `select work_id as "workId", tenant_id as "tenantId", state, ${SINCE_FIRST_GRANT('granted_at')} as granted,
       ${SINCE_FIRST_GRANT(`(select finished_at from work_step s where s.work_id = work_queue.work_id and step = 'create-account')`)} as begun,
       ${SINCE_FIRST_GRANT('released_at')} as released, ${SINCE_FIRST_GRANT('done_at')} as done,
       (abs(extract(epoch from done_at - eta_first))
         / greatest(extract(epoch from done_at - eta_first_at), 0.001))::double precision as "etaError"
     from work_queue`,
  )

/** Asked twice a second while PostgreSQL's CPU is measured: it must not cost what it measures. */
export async function countWork(world: World): Promise<{ done: number; stuck: number }> {
  const [row] = await world.query<{ done: number; stuck: number }>(
    `select count(*) filter (where state = 'done')::integer as done,
       count(*) filter (where state = 'needs_repair')::integer as stuck from work_queue`,
  )
  return row ?? { done: 0, stuck: 0 }
}

interface RecordDetail {
  readonly RecordType?: string
  readonly Status?: string
  readonly ProvisionedProductName?: string
  readonly CreatedTime?: Date
  readonly UpdatedTime?: Date
}

interface ServiceCatalog {
  readonly ServiceCatalogClient: new (
    config: object,
  ) => {
    send(command: object): Promise<{ RecordDetails?: readonly RecordDetail[]; NextPageToken?: string }>
    destroy(): void
  }
  readonly ListRecordHistoryCommand: new (input: object) => object
}

/** The account operations as AWS recorded them, asked with AWS's own client as an administrator who is not Rankan. */
export async function accountOperations(world: World): Promise<readonly RecordDetail[]> {
  const require = createRequire(serverFile('package.json'))
  const sdk = require('@aws-sdk/client-service-catalog') as ServiceCatalog
  const admin = world.credentials.organizations[0]?.admin
  const client = new sdk.ServiceCatalogClient({
    region: 'ap-northeast-1',
    endpoint: world.sandboxUrl,
    credentials: admin,
  })
  const found: RecordDetail[] = []
  let token: string | undefined
  do {
    const input = { AccessLevelFilter: { Key: 'Account', Value: 'self' }, PageSize: 20, PageToken: token }
    const page = await client.send(new sdk.ListRecordHistoryCommand(input))
    found.push(...(page.RecordDetails ?? []))
    token = page.NextPageToken
  } while (token !== undefined)
  client.destroy()
  return found
}

export const secondsOf = (record: RecordDetail): number =>
  ((record.UpdatedTime?.getTime() ?? 0) - (record.CreatedTime?.getTime() ?? 0)) / 1000

/** Accounts with the same name or e-mail, and works without an account that is ready. */
export async function audit(
  world: World,
  expected: number,
): Promise<{ duplicates: number; lost: number; accounts: number }> {
  const organization = world.credentials.organizations[0]?.organizationId ?? ''
  const reply = await fetch(`${world.sandboxUrl}/_sandbox/estate?org=${organization}`)
  const estate = (await reply.json()) as {
    accounts: readonly { email: string; name: string; state: string }[]
  }
  const orders = await world.query<{ email: string; name: string }>(
    'select account_email as email, account_name as name from application_order',
  )
  const names = new Map<string, number>()
  for (const account of estate.accounts) names.set(account.name, (names.get(account.name) ?? 0) + 1)
  const vended = orders.filter((order) => (names.get(order.name) ?? 0) > 0)
  const duplicates = orders.reduce((sum, order) => sum + Math.max(0, (names.get(order.name) ?? 0) - 1), 0)
  const active = new Set(
    estate.accounts.filter((a) => a.state === 'ACTIVE').map((a) => a.email.toLowerCase()),
  )
  const ready = orders.filter((order) => active.has(order.email.toLowerCase()))
  return { duplicates, lost: expected - ready.length, accounts: vended.length }
}

export function percentile(values: readonly number[], share: number): number | null {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? null
}

export const mean = (values: readonly number[]): number =>
  values.reduce((a, b) => a + b, 0) / Math.max(values.length, 1)

export const round = (value: number, digits = 3): number => Number(value.toFixed(digits))
