import type { AwsAccountState } from '../../domain/accounts/status.ts'
import type { Environment } from '../../domain/applications/kinds.ts'
import { ACTIONS_OF, type DriftAction } from '../../domain/drift/kinds.ts'
import { conflict, invalid, notFound } from '../../kernel/errors.ts'
import type { DriftCase } from '../../ports/accounts.ts'
import type { EstateAccount } from '../../ports/estate.ts'
import type { Tx } from '../transact.ts'
import { closureByHand } from './closure.ts'
import { type AccountDbRow, json, lockAccount, recordAccount } from './row.ts'
import type { Closure } from './schema.ts'

export interface Decision {
  readonly action: DriftAction
  readonly reason: string
}

/** What AWS shows of the account at the moment of the decision. */
export interface Shown {
  readonly account: EstateAccount | null
  readonly ou: { readonly id: string; readonly name: string } | null
}

/** Claims the drift for one decision; a second person, or a drift that is not open any more, is refused. */
export async function beginApplying(tx: Tx, id: string, decision: Decision): Promise<DriftCase> {
  const row = await tx.sql.selectFrom('drift').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  if (!row) throw notFound('drift', id)
  if (row.state === 'resolved')
    throw conflict(
      'drift_resolved',
      `The drift \`${id}\` was resolved by \`${row.resolved_by ?? ''}\` already.`,
    )
  if (!ACTIONS_OF[row.kind].includes(decision.action))
    throw invalid('action_not_possible', `\`${decision.action}\` is not possible for \`${row.kind}\`.`)
  await tx.sql
    .updateTable('drift')
    .set({ state: 'applying', reason: decision.reason })
    .where('id', '=', id)
    .execute()
  await tx.record({
    kind: 'drift.decided',
    organisationId: row.organisation_id,
    subject: id,
    data: { ...decision, kind: row.kind, accountId: row.account_id },
  })
  const { kind, expected } = row
  return { id, kind, awsOrganizationId: row.aws_organization_id, accountId: row.account_id, expected }
}

/** The effect failed: the drift is open again, so that a person can decide anew. */
export async function reopen(tx: Tx, id: string, because: string): Promise<void> {
  await tx.sql.updateTable('drift').set({ state: 'open' }).where('id', '=', id).execute()
  await tx.record({ kind: 'drift.reopened', organisationId: null, subject: id, data: { because } })
  await tx.notify('drift', id, null)
}

export async function resolve(tx: Tx, drift: DriftCase, decision: Decision): Promise<void> {
  await tx.sql
    .updateTable('drift')
    .set({
      state: 'resolved',
      resolution: decision.action,
      reason: decision.reason,
      resolved_at: tx.at,
      resolved_by: tx.actor.name,
    })
    .where('id', '=', drift.id)
    .execute()
  await tx.record({
    kind: 'drift.resolved',
    organisationId: null,
    subject: drift.id,
    data: { ...decision, accountId: drift.accountId },
  })
  await tx.notify('drift', drift.id, null)
}

/** The register takes what AWS shows. */
export async function recordAsShown(tx: Tx, drift: DriftCase, shown: Shown): Promise<void> {
  const row = await lockAccount(tx, drift.accountId)
  const values = await columnsOf(tx, row, drift, shown)
  await tx.sql.updateTable('account').set(values).where('id', '=', row.id).execute()
  await recordAccount(tx, row, 'account.recorded_as_shown', { drift: drift.id, kind: drift.kind, ...values })
}

async function columnsOf(tx: Tx, row: AccountDbRow, drift: DriftCase, { account, ou }: Shown) {
  if (account === null) {
    if (drift.kind === 'left_organization') return { status: 'departed' as const }
    throw conflict(
      'account_gone',
      `The account \`${drift.accountId}\` is not in the AWS organisation any more.`,
    )
  }
  if (drift.kind === 'moved' && ou) return { ou_id: ou.id, ou_name: ou.name }
  if (drift.kind === 'renamed') return { name: account.name }
  if (drift.kind === 'email_changed') return { email: account.email }
  return { aws_state: account.state, ...(await endingOf(tx, drift, account, row.closure)) }
}

/** Open, or in the 90 days in which AWS keeps a closed account: those of an earlier closing that is known go on. */
async function endingOf(
  tx: Tx,
  drift: DriftCase,
  { accountId, state }: EstateAccount,
  known: Closure | null,
) {
  if (isOpen(state)) return { status: 'active' as const, closure: null, closed_at: null }
  const closure = known ?? (await closureByHand(tx, accountId, await foundAt(tx, drift.id)))
  return {
    status: 'post_closure' as const,
    closure: json(closure),
    closed_at: new Date(closure.requestedAt),
  }
}

async function foundAt(tx: Tx, driftId: string): Promise<Date> {
  const { found_at } = await tx.sql
    .selectFrom('drift')
    .select('found_at')
    .where('id', '=', driftId)
    .executeTakeFirstOrThrow()
  return found_at
}

const isOpen = (state: AwsAccountState): boolean => state === 'ACTIVE' || state === 'PENDING_ACTIVATION'

export interface Adoption {
  readonly id: string
  readonly organisationId: string | null
  readonly organisationCode: string | null
  readonly organisationName: { readonly ja: string; readonly en: string } | null
  readonly environment: Environment | null
}

/** Takes an account into the register that no workflow made. */
export async function adopt(tx: Tx, drift: DriftCase, shown: Shown, adoption: Adoption): Promise<void> {
  if (shown.account === null || shown.ou === null)
    throw conflict(
      'account_gone',
      `The account \`${drift.accountId}\` is not in the AWS organisation any more.`,
    )
  const { accountId, name, email, state } = shown.account
  const ending = await endingOf(tx, drift, shown.account, null)
  await tx.sql
    .insertInto('account')
    .values({
      id: adoption.id,
      account_id: accountId,
      name,
      email,
      aws_state: state,
      environment: adoption.environment,
      organisation_id: adoption.organisationId,
      organisation_code: adoption.organisationCode,
      organisation_name_ja: adoption.organisationName?.ja ?? null,
      organisation_name_en: adoption.organisationName?.en ?? null,
      system_code: null,
      system_name_ja: null,
      system_name_en: null,
      aws_organization_id: drift.awsOrganizationId,
      ou_id: shown.ou.id,
      ou_name: shown.ou.name,
      origin: 'adopted',
      work_id: null,
      suspension: null,
      created_at: tx.at,
      ready_at: tx.at,
      ...ending,
    })
    .onConflict((c) => c.column('account_id').doNothing())
    .execute()
  const row = await lockAccount(tx, accountId)
  await recordAccount(tx, row, 'account.adopted', { drift: drift.id, name, email, ou: shown.ou })
}
