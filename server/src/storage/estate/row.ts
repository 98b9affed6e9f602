import type { Selectable } from 'kysely'
import type { AccountStatus } from '../../domain/accounts/status.ts'
import { mayBecome } from '../../domain/accounts/status.ts'
import { systemActor } from '../../domain/people/roles.ts'
import { conflict, notFound } from '../../kernel/errors.ts'
import type { Tx } from '../transact.ts'
import type { EstateTables } from './schema.ts'

export type AccountDbRow = Selectable<EstateTables['account']>

/** In whose name the workflows write. */
export const WORKER = systemActor('worker')

export const json = (value: unknown): string => JSON.stringify(value)

/** The account's row, held until the transaction ends: two workflows never change one account at the same time. */
export async function lockAccount(tx: Tx, accountId: string): Promise<AccountDbRow> {
  const row = await tx.sql
    .selectFrom('account')
    .selectAll()
    .where('account_id', '=', accountId)
    .forUpdate()
    .executeTakeFirst()
  if (row === undefined) throw notFound('account', accountId)
  return row
}

export function demandStep(row: AccountDbRow, to: AccountStatus): void {
  if (mayBecome(row.status, to)) return
  throw conflict(
    'account_status',
    `The account \`${row.account_id}\` is \`${row.status}\` and cannot become \`${to}\`.`,
  )
}

/** Tells the ledger and the browsers of a change of one account. */
export async function recordAccount(tx: Tx, row: AccountDbRow, kind: string, data: object): Promise<void> {
  await tx.record({ kind, organisationId: row.organisation_id, subject: row.account_id, data })
  await tx.notify('accounts', row.id, row.organisation_id)
}
