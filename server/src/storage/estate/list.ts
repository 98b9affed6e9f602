import { sql } from 'kysely'
import type {
  AccountDetail,
  AccountFilter,
  AccountRow,
  AwsOrganizationView,
} from '../../domain/accounts/view.ts'
import { ACCOUNTS_PER_LANDING_ZONE } from '../../domain/placement/place.ts'
import { notFound } from '../../kernel/errors.ts'
import { ACCOUNT_WORDS, matchesText, preferIndexes } from '../search.ts'
import type { Tx } from '../transact.ts'
import type { AccountDbRow } from './row.ts'

export interface AccountCursor {
  readonly name: string
  readonly accountId: string
}

const openDrift = sql<number>`(select count(*)::integer from drift
  where drift.account_id = account.account_id and drift.state <> 'resolved')`

function filtered(tx: Tx, filter: AccountFilter) {
  let query = tx.sql.selectFrom('account')
  if (filter.text) query = query.where(matchesText(tx, ACCOUNT_WORDS, 'account.id', filter.text))
  if (filter.status) query = query.where('status', '=', filter.status)
  if (filter.environment) query = query.where('environment', '=', filter.environment)
  if (filter.organisationId) query = query.where('organisation_id', '=', filter.organisationId)
  if (filter.awsOrganizationId) query = query.where('aws_organization_id', '=', filter.awsOrganizationId)
  if (filter.drifted !== undefined) query = query.where(sql<boolean>`(${openDrift} > 0) = ${filter.drifted}`)
  return query
}

/** One page by the key (name, account number): as fast on the last page as on the first. */
export async function listAccounts(
  tx: Tx,
  filter: AccountFilter,
  after: AccountCursor | null,
  limit: number,
) {
  if (filter.text) await preferIndexes(tx, ACCOUNT_WORDS, filter.text)
  let query = filtered(tx, filter).selectAll('account')
  if (after)
    query = query.where(
      sql<boolean>`(name collate "C", account_id) > (${after.name} collate "C", ${after.accountId})`,
    )
  const page = query
    .orderBy(sql`name collate "C"`)
    .orderBy('account_id')
    .limit(limit + 1)
  // Drift is counted for the rows of the page, not for the thousands that the sort throws away.
  const rows = await tx.sql
    .selectFrom(page.as('account'))
    .selectAll('account')
    .select(openDrift.as('open_drift'))
    .orderBy(sql`name collate "C"`)
    .orderBy('account_id')
    .execute()
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return {
    items: items.map((row) => toAccountView(row, row.open_drift)),
    next: rows.length > limit && last ? { name: last.name, accountId: last.account_id } : null,
  }
}

export async function countAccounts(tx: Tx, filter: AccountFilter): Promise<number> {
  const row = await filtered(tx, filter)
    .select(sql<number>`count(*)::integer`.as('n'))
    .executeTakeFirstOrThrow()
  return row.n
}

/** By `acc_…` or by the twelve digits. */
export async function findAccount(tx: Tx, id: string): Promise<AccountDetail> {
  const row = await tx.sql
    .selectFrom('account')
    .selectAll()
    .select(openDrift.as('open_drift'))
    .where(/^\d{12}$/.test(id) ? 'account_id' : 'id', '=', id)
    .executeTakeFirst()
  if (!row) throw notFound('account', id)
  const works = await tx.sql
    .selectFrom('application_order')
    .select(['work_id', 'application_id', 'kind', 'state', 'created_at'])
    .where('account_id', '=', row.account_id)
    .orderBy('created_at', 'desc')
    .limit(100)
    .execute()
  return {
    ...toAccountView(row, row.open_drift),
    contacts: [...row.contacts],
    facts: { ...row.facts },
    suspension: row.suspension,
    closure: row.closure && { knownBy: 'order', ...row.closure },
    works: works.map((work) => ({
      workId: work.work_id,
      applicationId: work.application_id,
      kind: work.kind,
      state: work.state === 'finished' ? 'done' : work.state,
      at: work.created_at.toISOString(),
    })),
  }
}

const bilingual = (ja: string | null, en: string | null) => (ja === null ? null : { ja, en: en || ja })

export const toAccountView = (row: AccountDbRow, openDriftCount: number): AccountRow => ({
  id: row.id,
  accountId: row.account_id,
  name: row.name,
  email: row.email,
  status: row.status,
  awsState: row.aws_state,
  environment: row.environment,
  organisationId: row.organisation_id,
  organisationCode: row.organisation_code,
  organisationName: bilingual(row.organisation_name_ja, row.organisation_name_en),
  systemCode: row.system_code,
  systemName: bilingual(row.system_name_ja, row.system_name_en),
  awsOrganizationId: row.aws_organization_id,
  ouId: row.ou_id,
  ouName: row.ou_name,
  origin: row.origin,
  openDrift: openDriftCount,
  createdAt: row.created_at.toISOString(),
  readyAt: row.ready_at?.toISOString() ?? null,
  closedAt: row.closed_at?.toISOString() ?? null,
})

export async function listAwsOrganizations(tx: Tx): Promise<readonly AwsOrganizationView[]> {
  const rows = await tx.sql
    .selectFrom('aws_organization')
    .leftJoin('aws_organization_sweep as sweep', 'sweep.aws_organization_id', 'aws_organization.id')
    .selectAll('aws_organization')
    .select(['sweep.at as sweep_at', 'sweep.complete as sweep_complete'])
    .select([
      sql<number>`(select count(*)::integer from account
        where account.aws_organization_id = aws_organization.id and status not in ('closed', 'departed'))`.as(
        'accounts',
      ),
      sql<number>`(select count(*)::integer from drift
        where drift.aws_organization_id = aws_organization.id and state <> 'resolved')`.as('open_drift'),
    ])
    .orderBy('aws_organization.name')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    organizationId: row.organization_id,
    managementAccountId: row.management_account_id,
    engine: row.engine,
    accounts: row.accounts,
    accountLimit: ACCOUNTS_PER_LANDING_ZONE,
    lastSweepAt: row.sweep_at?.toISOString() ?? null,
    lastSweepComplete: row.sweep_complete,
    openDrift: row.open_drift,
  }))
}
