import { denied, notFound } from '../../kernel/errors.ts'
import type { Tx } from '../transact.ts'
import { notify } from './notifications.ts'
import { actorWho } from './persist.ts'
import { json } from './rows.ts'

/** Adds to the thread of an application; the applicant is told, unless it is the applicant who writes. */
export async function addComment(tx: Tx, id: string, commentId: string, body: string): Promise<void> {
  const row = await tx.sql
    .selectFrom('application')
    .select(['id', 'organisation_id', 'applicant_id', 'state'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row || (row.state === 'draft' && row.applicant_id !== tx.actor.id)) throw notFound('application', id)
  if (row.state === 'draft') throw denied('draft_has_no_thread', 'Nobody else sees a draft; submit it first.')
  await tx.sql
    .insertInto('application_comment')
    .values({
      id: commentId,
      application_id: id,
      organisation_id: row.organisation_id,
      at: tx.at,
      author: json(actorWho(tx)),
      body,
    })
    .execute()
  await tx.record({
    kind: 'application.commented',
    organisationId: row.organisation_id,
    subject: id,
    data: { commentId, body },
  })
  if (row.applicant_id !== tx.actor.id)
    await notify(tx, {
      personId: row.applicant_id,
      organisationId: row.organisation_id,
      kind: 'application.commented',
      subject: id,
      params: { by: tx.actor.name },
      onceKey: `comment ${commentId}`,
    })
  await tx.notify('applications', id, row.organisation_id)
}
