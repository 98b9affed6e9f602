import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { OFFICIAL_CHANGES } from '../../domain/organisations/data/official-changes.ts'
import { planWrites } from '../../domain/organisations/import/apply.ts'
import { describeItem } from '../../domain/organisations/import/describe.ts'
import { makePlan } from '../../domain/organisations/import/make-plan.ts'
import {
  countChanges,
  type Decisions,
  type ImportPlan,
  isEmpty,
} from '../../domain/organisations/import/plan.ts'
import type { ImportProfile } from '../../domain/organisations/import/profile.ts'
import { type ListRow, readRows } from '../../domain/organisations/import/rows.ts'
import type { Day } from '../../kernel/days.ts'
import { conflict, type Issue, invalid, notFound } from '../../kernel/errors.ts'
import type { IdSource } from '../../kernel/ids.ts'
import type { Tx } from '../transact.ts'
import type { CsvFile } from './read-file.ts'
import {
  createOrganisations,
  idsByCode,
  raiseRevision,
  registerOn,
  registerRevision,
  timelinesOf,
  writeSuccessions,
  writeTimelines,
} from './register.ts'

export interface StoredImport {
  readonly id: string
  readonly fileName: string
  readonly sha256: string
  readonly encoding: string
  readonly asOf: Day
  readonly profile: ImportProfile
  readonly decisions: Decisions
  readonly plan: ImportPlan
  readonly revision: number
  readonly state: 'planned' | 'applied' | 'discarded'
  readonly actorName: string
  readonly createdAt: string
  readonly appliedAt: string | null
}

export interface ImportRequest {
  readonly fileName: string
  readonly bytes: Uint8Array
  readonly file: CsvFile
  readonly profile: ImportProfile
  readonly asOf: Day
  readonly decisions: Decisions
}

/** Reads the list, compares it with the register and keeps the plan. Changes nothing of the register. */
export async function planImport(tx: Tx, ids: IdSource, request: ImportRequest): Promise<StoredImport> {
  const rows = readRows(request.file.headings, request.file.records, request.profile)
  if (!rows.ok) throw wrongRows(rows.error)
  await refuseOlderList(tx, request.profile.name, request.asOf)
  const plan = await planOf(tx, rows.value, request.profile, request.asOf, request.decisions)
  const id = ids('imp')
  await tx.sql
    .insertInto('organisation_import')
    .values({
      id,
      file_name: request.fileName.slice(0, 200),
      sha256: createHash('sha256').update(request.bytes).digest('hex'),
      encoding: request.file.encoding,
      as_of: request.asOf,
      profile: JSON.stringify(request.profile),
      rows: JSON.stringify(rows.value),
      decisions: JSON.stringify(request.decisions),
      plan: JSON.stringify(plan),
      revision: String(await registerRevision(tx, false)),
      state: 'planned',
      actor_id: tx.actor.id,
      actor_name: tx.actor.name,
      created_at: tx.at,
      applied_at: null,
    })
    .execute()
  await recordStep(tx, 'planned', id, {
    file: request.fileName,
    asOf: request.asOf,
    counts: countChanges(plan),
  })
  return readImport(tx, id)
}

const recordStep = (tx: Tx, step: 'planned' | 'decided' | 'discarded', id: string, data: object) =>
  tx.record({ kind: `organisations.import_${step}`, organisationId: null, subject: id, data })

const wrongRows = (issues: readonly Issue[]) =>
  invalid(
    'list_has_errors',
    `The list has errors in ${issues.length} place(s); nothing was changed. First: ${issues[0]?.message ?? ''}`,
    issues,
  )

/** Lists come in the order of their days: an older one would undo what a newer one said. */
async function refuseOlderList(tx: Tx, profile: string, asOf: Day): Promise<void> {
  const { rows } = await sql<{ last: string | null }>`
    select max(as_of)::text as last from organisation_import
    where state = 'applied' and profile ->> 'name' = ${profile}`.execute(tx.sql)
  const last = rows[0]?.last ?? null
  if (last === null || asOf >= last) return
  throw invalid(
    'list_older',
    `A list of \`${last}\` is in the register already; a list of \`${asOf}\` is older. Import lists in the order of their days.`,
  )
}

async function planOf(
  tx: Tx,
  rows: readonly ListRow[],
  profile: ImportProfile,
  asOf: Day,
  decisions: Decisions,
): Promise<ImportPlan> {
  const register = await registerOn(tx, asOf)
  const plan = makePlan({ asOf, profile, rows, register, official: OFFICIAL_CHANGES.changes, decisions })
  if (!plan.ok) throw wrongRows(plan.error)
  return plan.value
}

/** Makes the plan again with what a person decided, on the register of now. */
export async function decideImport(tx: Tx, id: string, decisions: Decisions): Promise<StoredImport> {
  const stored = await readImport(tx, id, true)
  refuseUnlessPlanned(stored)
  const { rows } = await sql<{
    rows: readonly ListRow[]
  }>`select rows from organisation_import where id = ${id}`.execute(tx.sql)
  const merged = { ...stored.decisions, ...decisions }
  const plan = await planOf(tx, rows[0]?.rows ?? [], stored.profile, stored.asOf, merged)
  await tx.sql
    .updateTable('organisation_import')
    .set({
      decisions: JSON.stringify(merged),
      plan: JSON.stringify(plan),
      revision: String(await registerRevision(tx, false)),
    })
    .where('id', '=', id)
    .execute()
  await recordStep(tx, 'decided', id, { decisions })
  return readImport(tx, id)
}

function refuseUnlessPlanned(stored: StoredImport): void {
  if (stored.state === 'planned') return
  throw conflict('import_closed', `The import \`${stored.id}\` is ${stored.state} already.`)
}

/** Applies exactly the stored plan, or throws and changes nothing. Applied again, it answers what it did. */
export async function applyImport(tx: Tx, ids: IdSource, id: string): Promise<StoredImport> {
  const revision = await registerRevision(tx, true)
  const stored = await readImport(tx, id, true)
  if (stored.state === 'applied') return stored
  refuseUnlessPlanned(stored)
  if (stored.revision !== revision)
    throw conflict(
      'register_moved',
      'The register was changed since this plan was made. Make the plan again, look at it, and apply that one.',
    )
  const { plan } = stored
  if (!isEmpty(plan)) await writePlan(tx, ids, plan)
  await tx.sql
    .updateTable('organisation_import')
    .set({ state: 'applied', applied_at: tx.at })
    .where('id', '=', id)
    .execute()
  await tx.record({
    kind: 'organisations.imported',
    organisationId: null,
    subject: id,
    data: {
      file: stored.fileName,
      sha256: stored.sha256,
      asOf: stored.asOf,
      profile: stored.profile.name,
      counts: countChanges(plan),
      decisions: stored.decisions,
      changes: plan.items
        .filter((item) => item.state === 'included' && item.change !== 'new')
        .map((item) => describeItem(item, 'en')),
    },
  })
  await tx.notify('organisations', id, null)
  return readImport(tx, id)
}

export async function writePlan(tx: Tx, ids: IdSource, plan: ImportPlan): Promise<void> {
  const touched = plan.items.flatMap((item) => (item.organisationId === null ? [] : [item.organisationId]))
  const writes = planWrites(plan, await timelinesOf(tx, touched), await idsByCode(tx), () => ids('org'))
  await createOrganisations(tx, writes.created)
  await writeTimelines(tx, writes.timelines, writes.idOfCode)
  await writeSuccessions(tx, writes.successions)
  await raiseRevision(tx)
}

export async function discardImport(tx: Tx, id: string): Promise<StoredImport> {
  const stored = await readImport(tx, id, true)
  refuseUnlessPlanned(stored)
  await tx.sql.updateTable('organisation_import').set({ state: 'discarded' }).where('id', '=', id).execute()
  await recordStep(tx, 'discarded', id, {})
  return { ...stored, state: 'discarded' }
}

const COLUMNS = [
  'id',
  'file_name',
  'sha256',
  'encoding',
  'as_of',
  'profile',
  'decisions',
  'plan',
  'revision',
  'state',
  'actor_name',
  'created_at',
  'applied_at',
] as const

export async function readImport(tx: Tx, id: string, lock = false): Promise<StoredImport> {
  const query = tx.sql.selectFrom('organisation_import').select(COLUMNS).where('id', '=', id)
  const row = await (lock ? query.forUpdate() : query).executeTakeFirst()
  if (row === undefined) throw notFound('import', id)
  return {
    id: row.id,
    fileName: row.file_name,
    sha256: row.sha256,
    encoding: row.encoding,
    asOf: row.as_of,
    profile: row.profile as ImportProfile,
    decisions: row.decisions as Decisions,
    plan: row.plan as ImportPlan,
    revision: Number(row.revision),
    state: row.state,
    actorName: row.actor_name,
    createdAt: row.created_at.toISOString(),
    appliedAt: row.applied_at?.toISOString() ?? null,
  }
}

export interface ImportLine {
  readonly id: string
  readonly fileName: string
  readonly asOf: Day
  readonly profile: string
  readonly state: StoredImport['state']
  readonly actorName: string
  readonly createdAt: string
}

/** The last imports, newest first. */
export async function listImports(tx: Tx, limit: number): Promise<readonly ImportLine[]> {
  const rows = await tx.sql
    .selectFrom('organisation_import')
    .select([
      'id',
      'file_name',
      'as_of',
      'state',
      'actor_name',
      'created_at',
      sql<string>`profile ->> 'name'`.as('profile'),
    ])
    .orderBy('created_at', 'desc')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    id: row.id,
    fileName: row.file_name,
    asOf: row.as_of,
    profile: row.profile,
    state: row.state,
    actorName: row.actor_name,
    createdAt: row.created_at.toISOString(),
  }))
}
