import { sql } from 'kysely'
import type { AccountPolicies, GuardrailTarget, PolicyLevelView } from '../../domain/policies/guardrails.ts'
import type { GuardrailKind, TargetKind } from '../../domain/policies/kinds.ts'
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

/** What binds one account. The database answers for accounts that the actor sees, and says nothing of others. */
export async function accountPoliciesOf(
  tx: Tx,
  account: { readonly accountId: string; readonly awsOrganizationId: string },
): Promise<AccountPolicies> {
  const { accountId } = account
  const [reading] = (await sql<Reading>`select * from rankan_account_reading(${accountId})`.execute(tx.sql))
    .rows
  const { rows } = await sql<Row>`select * from rankan_account_guardrails(${accountId})`.execute(tx.sql)
  const kinds = reading?.kinds ?? []
  return {
    accountId,
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
