import type { Who } from '../../domain/applications/life.ts'
import type { Verdict } from '../../domain/applications/rules/evaluate.ts'
import type { Tx } from '../transact.ts'
import { json, type Row } from './rows.ts'

/** The approval of the centre grants the exceptions that the applicant asked for: reason, approver and expiry are kept. */
export async function grantExceptions(
  tx: Tx,
  row: Row,
  verdicts: readonly Verdict[],
  approver: Who,
): Promise<void> {
  const asked = verdicts.flatMap((v) => (v.exception ? [{ rule: v.rule, ...v.exception }] : []))
  for (const exception of asked) {
    await tx.sql
      .insertInto('application_exception')
      .values({
        application_id: row.id,
        organisation_id: row.organisation_id,
        rule: exception.rule,
        reason: exception.reason,
        expires_on: exception.expiresOn,
        approver: json(approver),
        granted_at: tx.at,
      })
      .execute()
    await tx.record({
      kind: 'application.exception_granted',
      organisationId: row.organisation_id,
      subject: row.id,
      data: { ...exception },
    })
  }
}

/** A new round asks anew; what an earlier round granted stays in the ledger. */
export const withdrawExceptions = (tx: Tx, applicationId: string) =>
  tx.sql.deleteFrom('application_exception').where('application_id', '=', applicationId).execute()
