import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { type BatchItem, fault, type RowFault, readBatch } from '../../domain/applications/batch.ts'
import { BATCH_COLUMNS } from '../../domain/applications/batch-columns.ts'
import { blocking, type Verdict } from '../../domain/applications/rules/evaluate.ts'
import type { BatchView, VerdictView } from '../../domain/applications/view.ts'
import type { Actor } from '../../domain/people/roles.ts'
import { conflict } from '../../kernel/errors.ts'
import type { IdSource } from '../../kernel/ids.ts'
import { readCsv } from '../organisations/read-file.ts'
import { type Changes, read, type Tx, transact } from '../transact.ts'
import { checkApplication } from './check.ts'
import { submitApplication } from './decide.ts'
import { createDraft } from './drafts.ts'
import type { ApplicationSetup } from './setup.ts'

export interface BatchDeps {
  readonly on: Changes
  readonly ids: IdSource
  readonly setup: ApplicationSetup
}

/**
 * Reads a batch file and, unless `checkOnly`, accepts it: all its applications are submitted in one transaction, or none.
 * With one fault nothing is accepted and every fault is told with row and column.
 */
export async function takeBatch(
  deps: BatchDeps,
  actor: Actor,
  bytes: Uint8Array,
  checkOnly: boolean,
): Promise<BatchView> {
  const file = readCsv(bytes)
  const reading = readBatch(file.headings, file.records)
  const encoding = file.encoding === 'UTF-8' ? 'utf-8' : 'shift_jis'
  const base = { encoding, rows: file.records.length, checkedOnly: checkOnly } as const
  const judged = await read(deps.on, actor, (tx) => judge(tx, deps, file.headings, reading.items))
  const errors = [...reading.faults, ...judged.faults].sort((a, b) => a.row - b.row)
  const applications = judged.items.map(({ item, verdicts }) => viewOf(item, null, verdicts))
  if (checkOnly || errors.length > 0) return { ...base, batchId: null, applications, errors }
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const batchId = deps.ids('bat')
  const ids = await transact(deps.on, actor, (tx) => accept(tx, deps, batchId, sha256, reading.items))
  return {
    ...base,
    batchId,
    applications: applications.map((a) => ({ ...a, id: ids.get(a.key) ?? null })),
    errors: [],
  }
}

const viewOf = (
  item: BatchItem,
  id: string | null,
  verdicts: readonly Verdict[],
): BatchView['applications'][number] => ({
  key: item.key,
  id,
  organisationCode: item.form.organisation.code,
  systemCode: item.form.system.code,
  environments: item.form.environments.map((e) => e.environment),
  verdicts: verdicts
    .filter((v) => v.outcome !== 'pass')
    .map((v): VerdictView => ({ ...v, path: [...v.path] })),
})

interface Judged {
  readonly items: readonly { readonly item: BatchItem; readonly verdicts: readonly Verdict[] }[]
  readonly faults: readonly RowFault[]
}

/** Rules and register, for every application of the file. */
async function judge(
  tx: Tx,
  deps: BatchDeps,
  headings: readonly string[],
  items: readonly BatchItem[],
): Promise<Judged> {
  const judged: Judged['items'][number][] = []
  const faults: RowFault[] = []
  const open = await openApplications(tx)
  for (const item of items) {
    const { verdicts } = await checkApplication(tx, deps.setup, item.form, null)
    judged.push({ item, verdicts })
    for (const verdict of blocking(verdicts)) faults.push(ruleFault(headings, item, verdict))
    faults.push(...alreadyOpen(item, open))
  }
  return { items: judged, faults }
}

function ruleFault(headings: readonly string[], item: BatchItem, verdict: Verdict): RowFault {
  const [top, index] = verdict.path
  const inRow = top === 'environments' && typeof index === 'number'
  const path = inRow ? verdict.path.slice(2) : verdict.path
  const column = BATCH_COLUMNS.find(
    (c) =>
      c.level === (inRow ? 'environment' : 'application') &&
      c.path.length > 0 &&
      c.path.every((part, i) => path[i] === undefined || path[i] === part),
  )
  const heading = headings.find((h) => h === column?.name || h === column?.ja) ?? column?.name ?? null
  const line = (inRow ? item.lines[index] : item.lines[0]) ?? 1
  return fault(line, heading, item.key, `rule.${verdict.rule}`, verdict.message)
}

/** Applications in work for the same environment of the same system: a file that is sent twice must not double accounts. */
async function openApplications(tx: Tx): Promise<ReadonlyMap<string, string>> {
  const rows = await sql<{ place: string; id: string }>`
    select lower(organisation_code || ' ' || system_code || ' ' || environment) as place, id
    from application, unnest(environments) as environment
    where kind = 'vend' and state in ('submitted', 'accepted', 'queued', 'running', 'needs_repair')`.execute(
    tx.sql,
  )
  return new Map(rows.rows.map((row) => [row.place, row.id]))
}

function alreadyOpen(item: BatchItem, open: ReadonlyMap<string, string>): readonly RowFault[] {
  return item.form.environments.flatMap((e, i) => {
    const place = `${item.form.organisation.code} ${item.form.system.code} ${e.environment}`.toLowerCase()
    const id = open.get(place)
    if (!id) return []
    const message = {
      ja: `申請 ${id} が同じ環境を既に申請中です。`,
      en: `Application ${id} asks for the same environment already.`,
    }
    return [fault(item.lines[i] ?? 1, 'environment', item.key, 'already_applied', message)]
  })
}

async function accept(
  tx: Tx,
  deps: BatchDeps,
  batchId: string,
  sha256: string,
  items: readonly BatchItem[],
): Promise<ReadonlyMap<string, string>> {
  const fresh = await tx.sql
    .insertInto('application_batch')
    .values({
      id: batchId,
      sha256,
      actor_id: tx.actor.id,
      actor_name: tx.actor.name,
      applications: items.length,
      at: tx.at,
    })
    .onConflict((oc) => oc.column('sha256').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!fresh)
    throw conflict(
      'batch_already_accepted',
      'Exactly this file was accepted before; its applications are not made twice.',
    )
  await tx.record({
    kind: 'batch.accepted',
    organisationId: null,
    subject: batchId,
    data: { sha256, applications: items.length },
  })
  const ids = new Map<string, string>()
  for (const item of items) {
    const id = deps.ids('app')
    await createDraft(tx, id, item.form as Parameters<typeof createDraft>[2], batchId)
    await submitApplication(tx, deps.setup, id, 1)
    ids.set(item.key, id)
  }
  return ids
}
