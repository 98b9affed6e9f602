import { isWaiting, stageOf } from '../../domain/applications/life.ts'
import { dueReminders } from '../../domain/applications/policy.ts'
import { systemActor } from '../../domain/people/roles.ts'
import { type Changes, read, type Tx, transact } from '../transact.ts'
import { standIns } from './delegations.ts'
import { notify } from './notifications.ts'
import { holdersOf } from './register.ts'
import { type Row, toApplication } from './rows.ts'
import type { ApplicationSetup } from './setup.ts'

const REMINDER = systemActor('reminders')

/** Reminds the approvers whose turn has lasted too long. Safe to run on several machines: each reminder is written once. */
export async function remind(on: Changes, setup: ApplicationSetup): Promise<number> {
  const first = Math.min(...setup.policy.reminders.afterHours)
  const waiting = await read(on, REMINDER, (tx) =>
    tx.sql
      .selectFrom('application')
      .selectAll()
      .where('state', 'in', ['submitted', 'accepted'])
      .where('since', '<=', new Date(tx.at.getTime() - first * 3_600_000))
      .orderBy('since')
      .limit(1000)
      .execute(),
  )
  let told = 0
  for (const row of waiting) told += await transact(on, REMINDER, (tx) => remindOf(tx, setup, row))
  return told
}

async function remindOf(tx: Tx, setup: ApplicationSetup, row: Row): Promise<number> {
  const application = toApplication(row)
  if (!isWaiting(application)) return 0
  const sent = await tx.sql
    .selectFrom('application_reminder')
    .select('after_hours')
    .where('application_id', '=', row.id)
    .where('since', '=', row.since)
    .execute()
  const due = dueReminders(
    application,
    sent.map((s) => s.after_hours),
    setup.policy,
    tx.at,
  )
  const latest = due.at(-1)
  if (latest === undefined) return 0
  for (const afterHours of due) await note(tx, row, afterHours)
  await tx.record({
    kind: 'application.reminded',
    organisationId: row.organisation_id,
    subject: row.id,
    data: { afterHours: due },
  })
  const people = await approversOf(tx, row, stageOf(application))
  for (const personId of people)
    await notify(tx, {
      personId,
      organisationId: row.organisation_id,
      kind: 'application.reminder',
      subject: row.id,
      params: { hours: String(latest), organisation: row.organisation_name_ja, system: row.system_name_ja },
      onceKey: `reminder ${row.id} ${row.since.toISOString()} ${latest}`,
    })
  return people.size
}

const note = (tx: Tx, row: Row, afterHours: number) =>
  tx.sql
    .insertInto('application_reminder')
    .values({
      application_id: row.id,
      since: row.since,
      after_hours: afterHours,
      organisation_id: row.organisation_id,
      at: tx.at,
    })
    .onConflict((oc) => oc.doNothing())
    .execute()

async function approversOf(tx: Tx, row: Row, stage: 'organisation' | 'centre'): Promise<ReadonlySet<string>> {
  const role = stage === 'organisation' ? 'organisation_owner' : 'central_operator'
  const holders = await holdersOf(tx, role, stage === 'organisation' ? row.organisation_id : null)
  const standing = await standIns(tx, stage, row.organisation_id)
  const ids = [...holders.map((h) => h.id), ...standing.map((d) => d.to.id)]
  return new Set(ids.filter((id) => id !== row.applicant_id))
}
