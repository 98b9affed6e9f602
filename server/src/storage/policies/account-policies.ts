import { sql } from 'kysely'
import type { AccountPolicies, GuardrailTarget, PolicyLevelView } from '../../domain/policies/guardrails.ts'
import type { GuardrailKind, TargetKind } from '../../domain/policies/kinds.ts'
import { groupBy } from '../../kernel/group.ts'
import type { Tx } from '../transact.ts'

interface Row {
  readonly depth: number
  readonly place_id: string
  readonly place_kind: TargetKind
  readonly place_name: string
  readonly parent_id: string | null
  readonly policy_id: string | null
  readonly policy_kind: GuardrailKind | null
  readonly policy_name: string | null
  readonly document: string | null
}

interface Reading {
  readonly organization_id: string
  readonly management_account_id: string
  readonly kinds: readonly GuardrailKind[]
  readonly read_at: Date
}

interface Account {
  readonly accountId: string
  readonly awsOrganizationId: string
}

/** What binds one account. The database answers for accounts that the actor sees, and says nothing of others. */
export async function accountPoliciesOf(tx: Tx, account: Account): Promise<AccountPolicies> {
  const [found] = await policiesOfAccounts(tx, [account])
  return found ?? policiesOf(account, undefined, [])
}

/** As `accountPoliciesOf` for each of them, in two statements however many they are. */
export async function policiesOfAccounts(
  tx: Tx,
  accounts: readonly Account[],
): Promise<readonly AccountPolicies[]> {
  if (accounts.length === 0) return []
  const asked = sql`unnest(${accounts.map(({ accountId }) => accountId)}::text[]) as asked (account_id)`
  const { rows: readings } = await sql<Reading & Asked>`
    select asked.account_id, r.* from ${asked} cross join lateral rankan_account_reading(asked.account_id) r`.execute(
    tx.sql,
  )
  const { rows } = await sql<Row & Asked>`
    select asked.account_id, g.* from ${asked} cross join lateral rankan_account_guardrails(asked.account_id) g
    order by g.depth, g.policy_id`.execute(tx.sql)
  const readingOf = new Map(readings.map((one) => [one.account_id, one]))
  const rowsOf = groupBy(rows, (one) => one.account_id)
  return accounts.map((account) =>
    policiesOf(account, readingOf.get(account.accountId), rowsOf.get(account.accountId) ?? []),
  )
}

interface Asked {
  readonly account_id: string
}

function policiesOf(account: Account, reading: Reading | undefined, rows: readonly Row[]): AccountPolicies {
  const kinds = reading?.kinds ?? []
  return {
    accountId: account.accountId,
    awsOrganizationId: account.awsOrganizationId,
    organizationId: reading?.organization_id ?? null,
    managementAccountId: reading?.management_account_id ?? null,
    readAt: reading?.read_at.toISOString() ?? null,
    path: pathOf(rows),
    scps: levelsOf(rows, kinds, 'scp'),
    rcps: levelsOf(rows, kinds, 'rcp'),
    others: kinds
      .filter((kind) => kind !== 'scp' && kind !== 'rcp')
      .flatMap((kind) =>
        levelsOf(rows, kinds, kind)
          .filter(({ policies }) => policies.length > 0)
          .map((level) => ({ kind, ...level })),
      ),
  }
}

function pathOf(rows: readonly Row[]): GuardrailTarget[] {
  const places = new Map(
    rows.map((row) => [
      row.place_id,
      { id: row.place_id, kind: row.place_kind, name: row.place_name, parentId: row.parent_id },
    ]),
  )
  return [...places.values()]
}

/** One level for each place, root first; none when the kind is switched off, for then it binds nobody. */
function levelsOf(
  rows: readonly Row[],
  kinds: readonly GuardrailKind[],
  kind: GuardrailKind,
): PolicyLevelView[] {
  if (!kinds.includes(kind)) return []
  return pathOf(rows).map(({ id }) => ({
    target: id,
    policies: rows.flatMap((row) =>
      row.place_id === id && row.policy_kind === kind && row.policy_id !== null
        ? [{ id: row.policy_id, name: row.policy_name ?? row.policy_id, document: row.document ?? '' }]
        : [],
    ),
  }))
}
