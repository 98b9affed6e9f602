import { createHash } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { Application, Approval, InWork, Who } from '../../domain/applications/life.ts'
import type { ApplicationRow } from '../../domain/applications/view.ts'
import { bug, invariant } from '../../kernel/errors.ts'
import { canonicalJson } from '../../kernel/json.ts'
import type { ApplicationTables, Approvals } from './schema.ts'

export type Row = Selectable<ApplicationTables['application']>

export const json = (value: unknown): string => JSON.stringify(value)
export const formHash = (form: unknown): string =>
  createHash('sha256').update(canonicalJson(form)).digest('hex')

const applicantOf = (row: Row): Who => ({
  id: row.applicant_id,
  name: row.applicant_name,
  role: row.applicant_role,
})

function approval(row: Row, stage: keyof Approvals): Approval {
  const found = row.approvals[stage]
  invariant(found, `The application ${row.id} is ${row.state} without an approval by ${stage}.`)
  return found
}

function submittedAt(row: Row): string {
  invariant(row.submitted_at, `The application ${row.id} is ${row.state} but was never submitted.`)
  return row.submitted_at.toISOString()
}

/** The row as the state it is in; a row that lacks what its state demands is our bug and is not papered over. */
export function toApplication(row: Row): Application {
  const common = {
    id: row.id,
    kind: row.kind,
    organisationId: row.organisation_id,
    applicant: applicantOf(row),
    version: row.version,
    since: row.since.toISOString(),
  }
  const state = row.state
  switch (state) {
    case 'draft':
    case 'withdrawn':
      return { ...common, state }
    case 'submitted':
      return { ...common, state, submittedAt: submittedAt(row) }
    case 'accepted':
      return { ...common, state, submittedAt: submittedAt(row), organisation: approval(row, 'organisation') }
    case 'returned':
    case 'rejected': {
      if (!row.answer) throw bug(`The application ${row.id} is ${state} without an answer.`)
      return { ...common, state, ...row.answer }
    }
    default: {
      const approvals = { organisation: approval(row, 'organisation'), centre: approval(row, 'centre') }
      return { ...common, state, submittedAt: submittedAt(row), ...approvals } satisfies InWork
    }
  }
}

/** The columns that the state of an application decides. */
export function stateColumns(a: Application) {
  const approvals: Approvals = {
    ...('organisation' in a ? { organisation: a.organisation } : {}),
    ...('centre' in a ? { centre: a.centre } : {}),
  }
  const answer = a.state === 'returned' || a.state === 'rejected' ? { by: a.by, comment: a.comment } : null
  return {
    state: a.state,
    version: a.version,
    since: new Date(a.since),
    approvals: json(approvals),
    answer: answer === null ? null : json(answer),
    ...('submittedAt' in a ? { submitted_at: new Date(a.submittedAt) } : {}),
  }
}

export const toRowView = (row: Row): ApplicationRow => ({
  id: row.id,
  kind: row.kind,
  state: row.state,
  version: row.version,
  organisationId: row.organisation_id,
  organisationCode: row.organisation_code,
  organisationName: {
    ja: row.organisation_name_ja,
    en: row.organisation_name_en || row.organisation_name_ja,
  },
  systemCode: row.system_code,
  systemName: { ja: row.system_name_ja, en: row.system_name_en || row.system_name_ja },
  environments: row.environments,
  accountId: row.account_id,
  applicant: applicantOf(row),
  batchId: row.batch_id,
  createdAt: row.created_at.toISOString(),
  since: row.since.toISOString(),
  submittedAt: row.submitted_at?.toISOString() ?? null,
  finishedAt: row.finished_at?.toISOString() ?? null,
  updatedAt: row.updated_at.toISOString(),
  updatedBy: row.updated_by_name,
})
