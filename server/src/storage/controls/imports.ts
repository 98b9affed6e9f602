import { entriesDifference, entriesOf } from '../../catalog/imports/entries.ts'
import type { OwnFramework } from '../../catalog/imports/own-framework.ts'
import type { ImportBody, ImportView, KeptKind } from '../../catalog/imports/view.ts'
import { conflict, notFound } from '../../kernel/errors.ts'
import { CENTRE_ONLY, type Scoped, type Tx } from '../transact.ts'

/** An import that was read and is not kept yet. */
export interface NewImport {
  readonly name: string
  readonly kind: KeptKind
  readonly source: string
  readonly sourceVersion: string
  readonly awsOrganizationId: string | null
  readonly body: ImportBody
  /** Of the body, without what only says when it was read. */
  readonly sha256: string
}

export interface KeptImport {
  readonly view: ImportView
  readonly body: ImportBody
}

/** The latest version of every import, by name. */
export async function listImports(tx: Scoped): Promise<readonly ImportView[]> {
  const rows = await tx.sql
    .selectFrom('control_import')
    .distinctOn('name')
    .select(VIEWED)
    .orderBy('name')
    .orderBy('version', 'desc')
    .execute()
  return rows.map(viewOf)
}

const VIEWED = [
  'name',
  'version',
  'kind',
  'source',
  'source_version',
  'aws_organization_id',
  'entries',
  'sha256',
  'created_at',
  'created_by',
] as const

/** The latest version, or the one asked for; null when there is none. */
export async function findImport(tx: Scoped, name: string, version?: number): Promise<KeptImport | null> {
  let rows = tx.sql
    .selectFrom('control_import')
    .select([...VIEWED, 'body'])
    .where('name', '=', name)
  if (version !== undefined) rows = rows.where('version', '=', version)
  const row = await rows.orderBy('version', 'desc').limit(1).executeTakeFirst()
  return row === undefined ? null : { view: viewOf(row), body: row.body }
}

/** Throws `not_found`. */
export async function demandImport(tx: Scoped, name: string, version?: number): Promise<KeptImport> {
  const found = await findImport(tx, name, version)
  if (found === null) throw notFound('control_import', version === undefined ? name : `${name} ${version}`)
  return found
}

/** The latest version of every import of a kind, with what it holds. */
export async function importsOf(tx: Scoped, kind: KeptKind): Promise<readonly KeptImport[]> {
  const rows = await tx.sql
    .selectFrom('control_import')
    .distinctOn('name')
    .select([...VIEWED, 'body'])
    .orderBy('name')
    .orderBy('version', 'desc')
    .execute()
  return rows.filter((row) => row.kind === kind).map((row) => ({ view: viewOf(row), body: row.body }))
}

/** Frameworks of the operator's own, the latest version of each. A tenant sees none. */
export const ownFrameworks = async (tx: Scoped): Promise<readonly OwnFramework[]> =>
  (await importsOf(tx, 'framework')).flatMap(({ body }) => ('framework' in body ? [body] : []))

interface ViewedRow {
  readonly name: string
  readonly version: number
  readonly kind: KeptKind
  readonly source: string
  readonly source_version: string
  readonly aws_organization_id: string | null
  readonly entries: number
  readonly sha256: string
  readonly created_at: Date
  readonly created_by: string
}

const viewOf = (row: ViewedRow): ImportView => ({
  name: row.name,
  version: row.version,
  kind: row.kind,
  source: row.source,
  sourceVersion: row.source_version,
  awsOrganizationId: row.aws_organization_id,
  entries: row.entries,
  sha256: row.sha256,
  createdAt: row.created_at.toISOString(),
  createdBy: row.created_by,
})

/**
 * Keeps the next version. `before` is the version that a person saw the differences to: another one since then is a
 * `conflict`. What is the same as the latest is kept again only of an AWS organisation, where the time of the reading counts.
 */
export async function saveImport(tx: Tx, given: NewImport, before: number | null): Promise<ImportView> {
  const latest = await findImport(tx, given.name)
  if ((latest?.view.version ?? null) !== before) throw moved(given.name)
  if (latest !== null && latest.view.kind !== given.kind)
    throw conflict(
      'import_of_other_kind',
      `\`${given.name}\` is an import of \`${latest.view.kind}\`. Give another name.`,
    )
  if (latest !== null && latest.view.sha256 === given.sha256 && given.kind !== 'in-place') return latest.view
  const version = (before ?? 0) + 1
  const entries = entriesOf(given.body)
  const difference = entriesDifference(latest === null ? [] : entriesOf(latest.body), entries)
  await tx.sql
    .insertInto('control_import')
    .values({
      name: given.name,
      version,
      kind: given.kind,
      source: given.source,
      source_version: given.sourceVersion,
      aws_organization_id: given.awsOrganizationId,
      entries: entries.length,
      body: JSON.stringify(given.body),
      sha256: given.sha256,
      created_at: tx.at,
      created_by_id: tx.actor.id,
      created_by: tx.actor.name,
    })
    .execute()
  await tx.record({
    kind: 'control_import.taken',
    organisationId: null,
    subject: given.name,
    data: {
      version,
      kind: given.kind,
      source: given.source,
      sourceVersion: given.sourceVersion,
      sha256: given.sha256,
      added: difference.added.length,
      removed: difference.removed.length,
      changed: difference.changed.length,
    },
  })
  await tx.notify('control_imports', given.name, CENTRE_ONLY)
  return (await demandImport(tx, given.name, version)).view
}

export const moved = (name: string) =>
  conflict(
    'import_moved',
    `\`${name}\` is not as it was when the differences were shown. Look at them again.`,
  )
