import type { DraftForm } from '../../domain/applications/draft.ts'
import { isEditable } from '../../domain/applications/life.ts'
import { isCentral } from '../../domain/people/roles.ts'
import { conflict, denied, invalid } from '../../kernel/errors.ts'
import type { Tx } from '../transact.ts'
import { actorWho, addEvent, demandVersion, headerOf, lockRow, type Subject, tell } from './persist.ts'
import { accountRef, organisationOf } from './register.ts'
import { json, type Row, toApplication } from './rows.ts'

/** Organisation and system that the draft is about, as far as it names them. */
async function subjectOf(tx: Tx, draft: DraftForm): Promise<Subject> {
  const organisation = await organisationOf(tx, draft)
  const account = typeof draft.accountId === 'string' ? await accountRef(tx, draft.accountId) : null
  const system = account && {
    code: account.systemCode,
    nameJa: account.systemNameJa,
    nameEn: account.systemNameEn,
  }
  return { organisation, system }
}

/** A draft belongs to the organisation it names, or to the writer's own until it names one. */
function ownerOf(tx: Tx, subject: Subject): string {
  const { actor } = tx
  const wanted = subject.organisation?.id
  if (wanted && (isCentral(actor) || actor.organisationIds.includes(wanted))) return wanted
  if (wanted) throw denied('other_organisation', 'You can apply only for an organisation of your own.')
  const own = actor.organisationIds[0]
  if (!own) throw invalid('no_organisation', 'You belong to no organisation that could apply.')
  return own
}

const keepForm = (tx: Tx, row: Row) =>
  tx.sql
    .insertInto('application_form_version')
    .values({
      application_id: row.id,
      version: row.version,
      organisation_id: row.organisation_id,
      form: json(row.form),
      at: tx.at,
      by_id: tx.actor.id,
      by_name: tx.actor.name,
    })
    .execute()

export async function createDraft(
  tx: Tx,
  id: string,
  draft: DraftForm,
  batchId: string | null = null,
): Promise<Row> {
  const subject = await subjectOf(tx, draft)
  const who = actorWho(tx)
  const row = await tx.sql
    .insertInto('application')
    .values({
      id,
      kind: draft.kind,
      state: 'draft',
      version: 1,
      organisation_id: ownerOf(tx, subject),
      ...headerOf(id, draft, subject),
      applicant_id: who.id,
      applicant_name: who.name,
      applicant_role: who.role,
      form: json(draft),
      approvals: json({}),
      answer: null,
      batch_id: batchId,
      created_at: tx.at,
      since: tx.at,
      submitted_at: null,
      finished_at: null,
      updated_at: tx.at,
      updated_by_id: who.id,
      updated_by_name: who.name,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  await keepForm(tx, row)
  await addEvent(tx, row, null, { action: 'created' })
  await tell(tx, row, { action: 'created' })
  return row
}

/** Saves the form of a draft or of a returned application. `conflict` when somebody saved in between. */
export async function saveDraft(tx: Tx, id: string, expectedVersion: number, draft: DraftForm): Promise<Row> {
  const row = await lockRow(tx, id)
  demandVersion(row, expectedVersion)
  if (!isEditable(toApplication(row)))
    throw conflict('not_editable', `The application is ${row.state}; its form can no longer be changed.`)
  if (row.applicant_id !== tx.actor.id)
    throw denied('not_the_applicant', 'Only the applicant can change the form.')
  if (draft.kind !== row.kind)
    throw invalid(
      'kind_changed',
      `This is an application to \`${row.kind}\`; begin a new one for \`${draft.kind}\`.`,
    )
  const subject = await subjectOf(tx, draft)
  const saved = await tx.sql
    .updateTable('application')
    .set({
      ...headerOf(id, draft, subject),
      organisation_id: ownerOf(tx, subject),
      form: json(draft),
      version: row.version + 1,
      updated_at: tx.at,
      updated_by_id: tx.actor.id,
      updated_by_name: tx.actor.name,
    })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
  await keepForm(tx, saved)
  await tell(tx, saved, { action: 'saved' })
  return saved
}
