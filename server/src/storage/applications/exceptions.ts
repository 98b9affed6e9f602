import type { Who } from '../../domain/applications/life.ts'
import type { RenewalForm } from '../../domain/applications/renewal.ts'
import type { Verdict } from '../../domain/applications/rules/evaluate.ts'
import { dayInJapan } from '../../kernel/days.ts'
import { invalid, notFound } from '../../kernel/errors.ts'
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

/** The centre lets an exception go on; the reason, who renewed it and the day before stand in the ledger. */
export async function renewException(
  tx: Tx,
  applicationId: string,
  rule: string,
  form: RenewalForm,
): Promise<void> {
  const before = await tx.sql
    .selectFrom('application_exception')
    .select(['organisation_id', 'expires_on'])
    .where('application_id', '=', applicationId)
    .where('rule', '=', rule)
    .forUpdate()
    .executeTakeFirst()
  if (before === undefined) throw notFound('exception', `${applicationId} ${rule}`)
  if (form.expiresOn <= dayInJapan(tx.at)) {
    const message = 'The exception must end after today.'
    throw invalid('renewal_too_early', message, [{ path: ['expiresOn'], code: 'renewal_too_early', message }])
  }
  const approver: Who = { id: tx.actor.id, name: tx.actor.name, role: tx.actor.role }
  await tx.sql
    .updateTable('application_exception')
    .set({
      expires_on: form.expiresOn,
      reason: form.reason,
      approver: json(approver),
      granted_at: tx.at,
    })
    .where('application_id', '=', applicationId)
    .where('rule', '=', rule)
    .execute()
  await tx.record({
    kind: 'application.exception_renewed',
    organisationId: before.organisation_id,
    subject: applicationId,
    data: { rule, before: before.expires_on, ...form },
  })
}
