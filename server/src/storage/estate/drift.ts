import { sql } from 'kysely'
import type { AwsAccountState } from '../../domain/accounts/status.ts'
import type { DriftFinding, RegisterSnapshot } from '../../domain/drift/diff.ts'
import { systemActor } from '../../domain/people/roles.ts'
import { idSource } from '../../kernel/ids.ts'
import { systemRandom } from '../../kernel/random.ts'
import type { SweepStore } from '../../ports/accounts.ts'
import { saveGuardrails } from '../policies/save-guardrails.ts'
import { type Changes, read, type Tx, transact } from '../transact.ts'
import { lockAccount, recordAccount } from './row.ts'

const SWEEP = systemActor('sweep')

export function sweepStore(on: Changes): SweepStore {
  const newId = idSource(on.clock, systemRandom)
  return {
    snapshot: (awsOrganizationId) => read(on, SWEEP, (tx) => snapshot(tx, awsOrganizationId)),
    saveFindings: (awsOrganizationId, findings, looked) =>
      transact(on, SWEEP, async (tx) => {
        await stampSweep(tx, awsOrganizationId, looked)
        let opened = 0
        for (const finding of findings) if (await open(tx, awsOrganizationId, finding, newId('drf'))) opened++
        const vanished = await closeVanished(tx, awsOrganizationId, findings, looked)
        return { opened, vanished }
      }),
    saveGuardrails: (awsOrganizationId, reading) =>
      transact(on, SWEEP, (tx) => saveGuardrails(tx, awsOrganizationId, reading)),
    follow: (accountId, awsState) => transact(on, SWEEP, (tx) => follow(tx, accountId, awsState)),
  }
}

async function snapshot(tx: Tx, awsOrganizationId: string): Promise<RegisterSnapshot> {
  const accounts = await tx.sql
    .selectFrom('account')
    .select(['account_id', 'name', 'email', 'status', 'aws_state', 'ou_id'])
    .where('aws_organization_id', '=', awsOrganizationId)
    .execute()
  const open = await sql<{ account_id: string | null; email: string | null }>`
    select coalesce(o.account_id, w.account_id) as account_id, n.value as email
      from application_order o
      left join work_estate w on w.work_id = o.work_id
      left join account_name n on n.work_id = o.work_id and n.kind = 'email'
     where o.aws_organization_id = ${awsOrganizationId} and o.state in ('queued', 'running', 'needs_repair')`.execute(
    tx.sql,
  )
  const own = await tx.sql
    .selectFrom('aws_organization')
    .select(['own_accounts', 'management_account_id'])
    .where('id', '=', awsOrganizationId)
    .executeTakeFirst()
  return {
    entries: accounts.map((row) => ({
      accountId: row.account_id,
      name: row.name,
      email: row.email,
      status: row.status,
      awsState: row.aws_state,
      ouId: row.ou_id,
    })),
    busy: new Set(open.rows.flatMap((row) => row.account_id ?? [])),
    expectedEmails: new Set(open.rows.flatMap((row) => row.email?.toLowerCase() ?? [])),
    ownAccounts: new Set([...(own?.own_accounts ?? []), own?.management_account_id ?? '']),
  }
}

async function stampSweep(
  tx: Tx,
  awsOrganizationId: string,
  looked: { complete: boolean; accountIds: ReadonlySet<string> },
): Promise<void> {
  const row = {
    aws_organization_id: awsOrganizationId,
    at: tx.at,
    complete: looked.complete,
    listed: looked.accountIds.size,
    last_complete_at: looked.complete ? tx.at : null,
    accounts: looked.complete ? looked.accountIds.size : null,
  }
  await tx.sql
    .insertInto('aws_organization_sweep')
    .values(row)
    .onConflict((conflict) =>
      conflict.column('aws_organization_id').doUpdateSet({
        at: row.at,
        complete: row.complete,
        listed: row.listed,
        last_complete_at: sql`coalesce(excluded.last_complete_at, aws_organization_sweep.last_complete_at)`,
        accounts: sql`coalesce(excluded.accounts, aws_organization_sweep.accounts)`,
      }),
    )
    .execute()
}

async function open(tx: Tx, awsOrganizationId: string, finding: DriftFinding, id: string): Promise<boolean> {
  if (await isKnown(tx, finding)) return false
  const account = await tx.sql
    .selectFrom('account')
    .select(['organisation_id', 'email'])
    .where('account_id', '=', finding.accountId)
    .executeTakeFirst()
  await tx.sql
    .insertInto('drift')
    .values({
      id,
      kind: finding.kind,
      state: 'open',
      aws_organization_id: awsOrganizationId,
      account_id: finding.accountId,
      account_name: finding.accountName,
      account_email: account?.email ?? null,
      organisation_id: account?.organisation_id ?? null,
      expected: finding.expected,
      actual: finding.actual,
      found_at: tx.at,
      resolved_at: null,
      resolved_by: null,
      resolution: null,
      reason: null,
    })
    .execute()
  const organisationId = account?.organisation_id ?? null
  await tx.record({ kind: 'drift.found', organisationId, subject: id, data: finding })
  await tx.notify('drift', id, organisationId)
  return true
}

/** Open already (then what AWS shows now is kept), or acknowledged by a person exactly as it is. */
async function isKnown(tx: Tx, finding: DriftFinding): Promise<boolean> {
  const last = await tx.sql
    .selectFrom('drift')
    .select(['id', 'state', 'resolution', 'expected', 'actual', 'organisation_id'])
    .where('account_id', '=', finding.accountId)
    .where('kind', '=', finding.kind)
    .orderBy('found_at', 'desc')
    .limit(1)
    .forUpdate()
    .executeTakeFirst()
  if (!last) return false
  const same = last.expected === finding.expected && last.actual === finding.actual
  if (last.state === 'resolved') return last.resolution === 'ignore' && same
  if (same) return true
  await tx.sql
    .updateTable('drift')
    .set({ expected: finding.expected, actual: finding.actual })
    .where('id', '=', last.id)
    .execute()
  await tx.record({
    kind: 'drift.changed',
    organisationId: last.organisation_id,
    subject: last.id,
    data: finding,
  })
  return true
}

async function closeVanished(
  tx: Tx,
  awsOrganizationId: string,
  findings: readonly DriftFinding[],
  looked: { complete: boolean; accountIds: ReadonlySet<string> },
): Promise<number> {
  const still = new Set(findings.map((one) => `${one.kind} ${one.accountId}`))
  const rows = await tx.sql
    .selectFrom('drift')
    .select(['id', 'kind', 'account_id', 'organisation_id'])
    .where('aws_organization_id', '=', awsOrganizationId)
    .where('state', '=', 'open')
    .forUpdate()
    .execute()
  const gone = rows.filter(
    (row) =>
      !still.has(`${row.kind} ${row.account_id}`) &&
      (looked.complete || looked.accountIds.has(row.account_id)),
  )
  for (const row of gone) {
    await tx.sql
      .updateTable('drift')
      .set({ state: 'resolved', resolution: 'vanished', resolved_at: tx.at, resolved_by: SWEEP.name })
      .where('id', '=', row.id)
      .execute()
    const organisationId = row.organisation_id
    await tx.record({ kind: 'drift.vanished', organisationId, subject: row.id, data: {} })
    await tx.notify('drift', row.id, organisationId)
  }
  return gone.length
}

async function follow(tx: Tx, accountId: string, awsState: AwsAccountState | 'gone'): Promise<void> {
  const row = await lockAccount(tx, accountId)
  const state = awsState === 'gone' ? 'CLOSED' : awsState
  const status = state === 'CLOSED' ? ('closed' as const) : row.status
  if (row.aws_state === state && row.status === status) return
  await tx.sql.updateTable('account').set({ aws_state: state, status }).where('id', '=', row.id).execute()
  await recordAccount(tx, row, 'account.followed', { from: row.aws_state, to: awsState })
}
