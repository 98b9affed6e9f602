import type { Insertable } from 'kysely'
import type { DraftForm, PartialVendForm } from '../../domain/applications/draft.ts'
import { partialVendForm } from '../../domain/applications/draft.ts'
import type { ApplicationForm } from '../../domain/applications/form.ts'
import { type Application, isWaiting, type Stage, stageOf, type Who } from '../../domain/applications/life.ts'
import { conflict, notFound, RankanError } from '../../kernel/errors.ts'
import type { Tx } from '../transact.ts'
import { notify } from './notifications.ts'
import type { OrganisationRef } from './register.ts'
import { formHash, json, type Row, stateColumns, toApplication } from './rows.ts'
import type { ApplicationTables } from './schema.ts'

export const actorWho = (tx: Tx): Who => ({ id: tx.actor.id, name: tx.actor.name, role: tx.actor.role })

/** The row, locked until the end of the transaction. Another person's draft does not exist for anybody else. */
export async function lockRow(tx: Tx, id: string): Promise<Row> {
  const row = await tx.sql
    .selectFrom('application')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (!row || (row.state === 'draft' && row.applicant_id !== tx.actor.id)) throw notFound('application', id)
  return row
}

/** A writer names the version it saw; when somebody was faster, the answer says who and when. */
export function demandVersion(row: Row, expected: number): void {
  if (row.version === expected) return
  const at = row.updated_at.toISOString()
  throw new RankanError(
    'conflict',
    'version_changed',
    `\`${row.updated_by_name}\` changed this application at ${at}. Load it again and make your change anew.`,
    {
      issues: [
        {
          path: ['version'],
          code: 'version_changed',
          params: { by: row.updated_by_name, at, version: row.version, yours: expected },
          message: `The application is at version ${row.version}, you changed version ${expected}.`,
        },
      ],
    },
  )
}

type Header = Pick<
  Insertable<ApplicationTables['application']>,
  | 'organisation_code'
  | 'organisation_name_ja'
  | 'organisation_name_en'
  | 'system_code'
  | 'system_name_ja'
  | 'system_name_en'
  | 'environments'
  | 'provider'
  | 'account_id'
  | 'search'
>

export interface Subject {
  readonly organisation: OrganisationRef | null
  /** Of the account that a change is about. */
  readonly system: { readonly code: string; readonly nameJa: string; readonly nameEn: string } | null
}

/** The columns that lists show and search, out of the form. */
export function headerOf(id: string, form: DraftForm | ApplicationForm, subject: Subject): Header {
  const vend: PartialVendForm = form.kind === 'vend' ? partialVendForm(form) : {}
  const accountId =
    'accountId' in form && typeof form.accountId === 'string' ? form.accountId.slice(0, 12) : null
  const organisation = subject.organisation
  const system = {
    code: vend.system?.code ?? subject.system?.code ?? '',
    ja: vend.system?.nameJa ?? subject.system?.nameJa ?? '',
    en: vend.system?.nameEn ?? subject.system?.nameEn ?? '',
  }
  const words = [
    id,
    organisation?.code,
    organisation?.nameJa,
    organisation?.nameEn,
    system.code,
    system.ja,
    system.en,
  ]
  return {
    organisation_code: organisation?.code ?? '',
    organisation_name_ja: organisation?.nameJa ?? '',
    organisation_name_en: organisation?.nameEn ?? '',
    system_code: system.code,
    system_name_ja: system.ja,
    system_name_en: system.en,
    environments: (vend.environments ?? []).flatMap((e) => (e.environment ? [e.environment] : [])),
    provider: form.kind === 'vend' ? (vend.provider?.name ?? 'aws') : null,
    account_id: accountId,
    search: [...words, accountId].filter(Boolean).join(' ').toLowerCase(),
  }
}

export interface Happened {
  readonly action: string
  readonly comment?: string
  readonly onBehalfOf?: Who | null
  readonly policyVersion?: string | null
  readonly by?: Who
  /** What else the ledger keeps of it. */
  readonly data?: Readonly<Record<string, unknown>>
}

/** Writes the new state with its event, stage time, ledger entry and notification. The row is locked by the caller. */
export async function saveState(tx: Tx, row: Row, next: Application, happened: Happened): Promise<Row> {
  const before = toApplication(row)
  const over = next.state === 'rejected' || next.state === 'withdrawn'
  const saved = await tx.sql
    .updateTable('application')
    .set({
      ...stateColumns(next),
      ...(over ? { finished_at: tx.at } : {}),
      updated_at: tx.at,
      updated_by_id: tx.actor.id,
      updated_by_name: happened.by?.name ?? tx.actor.name,
    })
    .where('id', '=', row.id)
    .where('version', '=', row.version)
    .returningAll()
    .executeTakeFirst()
  if (!saved) throw conflict('version_changed', 'Somebody changed this application at the same moment.')
  if (isWaiting(before)) await addStageTime(tx, stageOf(before), row.since)
  await addEvent(tx, saved, row.state, happened)
  await tell(tx, saved, happened)
  await tellApplicant(tx, saved, happened)
  return saved
}

/** The applicant hears of every decision of somebody else. */
async function tellApplicant(tx: Tx, row: Row, happened: Happened): Promise<void> {
  if (row.applicant_id === tx.actor.id && happened.by === undefined) return
  await notify(tx, {
    personId: row.applicant_id,
    organisationId: row.organisation_id,
    kind: `application.${happened.action}`,
    subject: row.id,
    params: { state: row.state, by: happened.by?.name ?? tx.actor.name },
    onceKey: `${row.id} ${row.version}`,
  })
}

export const stageTimeOf = (tx: Tx, stage: Stage | 'work', since: Date) => ({
  stage,
  left_at: tx.at,
  seconds: Math.max(0, (tx.at.getTime() - since.getTime()) / 1000),
})

const addStageTime = (tx: Tx, stage: Stage, since: Date) =>
  tx.sql
    .insertInto('application_stage_time')
    .values(stageTimeOf(tx, stage, since))
    .execute()

export const eventOf = (tx: Tx, row: Row, from: Row['state'] | null, happened: Happened) => ({
  application_id: row.id,
  organisation_id: row.organisation_id,
  at: tx.at,
  action: happened.action,
  from_state: from,
  to_state: row.state,
  actor: json(happened.by ?? actorWho(tx)),
  on_behalf_of: happened.onBehalfOf ? json(happened.onBehalfOf) : null,
  policy_version: happened.policyVersion ?? null,
  comment: happened.comment ?? '',
})

export const addEvent = (tx: Tx, row: Row, from: Row['state'] | null, happened: Happened) =>
  tx.sql
    .insertInto('application_event')
    .values(eventOf(tx, row, from, happened))
    .execute()

/** The ledger keeps the hash of the form, not the form: it holds names and addresses of people, and cannot forget. */
export async function tell(tx: Tx, row: Row, happened: Happened): Promise<void> {
  await tx.record({
    kind: `application.${happened.action}`,
    organisationId: row.organisation_id,
    subject: row.id,
    data: {
      kind: row.kind,
      state: row.state,
      version: row.version,
      formHash: formHash(row.form),
      ...(happened.comment ? { comment: happened.comment } : {}),
      ...(happened.onBehalfOf ? { onBehalfOf: happened.onBehalfOf } : {}),
      ...(happened.policyVersion ? { policyVersion: happened.policyVersion } : {}),
      ...happened.data,
    },
  })
  await tx.notify('applications', row.id, row.organisation_id)
}
