import { z } from '@hono/zod-openapi'
import { entriesDifference, entriesOf, entriesOfSet } from '../../catalog/imports/entries.ts'
import { againstLibrary } from '../../catalog/imports/imported.ts'
import { sheetOf } from '../../catalog/imports/sheet.ts'
import {
  headingsRequest,
  type ImportDetail,
  type ImportPreview,
  type ImportRequest,
  importDetail,
  importList,
  importName,
  importPreview,
  importRequest,
  MAX_IMPORT_BYTES,
  sheetHead,
  takenView,
  takeRequest,
} from '../../catalog/imports/view.ts'
import { checkSet } from '../../catalog/plan/choose.ts'
import type { Control } from '../../catalog/record.ts'
import { invalid } from '../../kernel/errors.ts'
import type { ControlsPort } from '../../ports/controls.ts'
import {
  demandImport,
  findImport,
  type KeptImport,
  listImports,
  moved,
  saveImport,
} from '../../storage/controls/imports.ts'
import { findSet, type ShippedSets, saveSet } from '../../storage/controls/sets.ts'
import { read, type Tx, transact } from '../../storage/transact.ts'
import { type Route, route } from '../route.ts'
import { fileOf, type ReadImport, readRequest } from './read-import.ts'

const TAG = 'Imports'
const HEAD_ROWS = 5

export interface ImportParts {
  readonly library: readonly Control[]
  readonly sets: ShippedSets
  /** What an AWS organisation has in place; throws `not_found`. */
  readonly controls: (awsOrganizationId: string) => ControlsPort
}

/** Imports of controls and frameworks: what would change, then the taking of it. */
export const importRoutes = (parts: ImportParts): readonly Route[] => [
  route({
    method: 'get',
    path: '/api/control-imports',
    action: 'control_import.read',
    tag: TAG,
    summary: 'What was imported, the latest version of each',
    reply: importList,
    handle: async ({ actor, services }) => ({ items: [...(await read(services.on, actor, listImports))] }),
  }),
  route({
    method: 'get',
    path: '/api/control-imports/{name}',
    action: 'control_import.read',
    tag: TAG,
    summary: 'One import: what it holds, and what it changed against the version before',
    params: z.object({ name: importName }),
    query: z.object({ version: z.coerce.number().int().min(1).optional() }),
    reply: importDetail,
    handle: ({ params, query, actor, services }) =>
      read(services.on, actor, (tx) => detailOf(tx, params.name, query.version, parts.library)),
  }),
  route({
    method: 'post',
    path: '/api/control-imports/headings',
    action: 'control_import.take',
    tag: TAG,
    summary: 'Headings and first rows of a spreadsheet, so that its columns can be mapped; keeps nothing',
    body: headingsRequest,
    maxBytes: MAX_IMPORT_BYTES,
    reply: sheetHead,
    handle: async ({ body }) => {
      const [file] = body.files
      if (file === undefined) throw invalid('one_file', 'Give one file.')
      const { headings, rows } = await sheetOf(fileOf(file))
      return {
        headings: [...headings],
        rows: rows.slice(0, HEAD_ROWS).map(({ cells }) => headings.map((one) => cells[one] ?? '')),
        count: rows.length,
      }
    },
  }),
  route({
    method: 'post',
    path: '/api/control-imports/preview',
    action: 'control_import.take',
    tag: TAG,
    summary: 'What an import would change against the last one and against the library; keeps nothing',
    body: importRequest,
    maxBytes: MAX_IMPORT_BYTES,
    reply: importPreview,
    handle: async ({ body, actor, services }) => {
      const found = await readFrom(body, parts, services.clock.now())
      return read(services.on, actor, (tx) => previewOf(tx, found, parts))
    },
  }),
  route({
    method: 'post',
    path: '/api/control-imports',
    action: 'control_import.take',
    tag: TAG,
    summary: 'Takes an import: keeps it as the next version; an OSCAL profile becomes a control set',
    description:
      '`before` and `sha256` are those of the preview; 409 `import_moved` when they are not any more.',
    body: takeRequest,
    maxBytes: MAX_IMPORT_BYTES,
    reply: takenView,
    handle: async ({ body, actor, services }) => {
      const found = await readFrom(body.request, parts, services.clock.now())
      if (body.sha256 !== null && body.sha256 !== found.sha256) throw moved(found.name)
      return transact(services.on, actor, (tx) => take(tx, found, body.before, parts))
    },
  }),
]

const readFrom = (
  request: ImportRequest,
  { library, controls }: ImportParts,
  now: Date,
): Promise<ReadImport> => readRequest(request, { library, controls, now })

async function previewOf(tx: Tx, found: ReadImport, parts: ImportParts): Promise<ImportPreview> {
  const { name, source, sourceVersion, sha256 } = found
  const base = { name, title: found.title, source, sourceVersion, sha256 }
  if (found.what === 'set') {
    const before = await latestSet(tx, parts, name)
    const after = entriesOfSet(found.body)
    return {
      ...base,
      kind: 'control-set',
      before: before?.version ?? null,
      entries: found.body.controls.length,
      ...entriesDifference(before === null ? [] : entriesOfSet(before), after),
      library: null,
      notes: checkSet(found.body, parts.library).map(({ message }) => message),
    }
  }
  const before = await findImport(tx, name)
  const after = entriesOf(found.body)
  return {
    ...base,
    kind: found.kind,
    before: before?.view.version ?? null,
    entries: after.length,
    ...entriesDifference(before === null ? [] : entriesOf(before.body), after),
    ...comparedWith(found.body, parts.library),
  }
}

function comparedWith(
  body: KeptImport['body'],
  library: readonly Control[],
): Pick<ImportPreview, 'library' | 'notes'> {
  if (!('controls' in body)) return { library: null, notes: [] }
  const { both, onlyThere, onlyOurs } = againstLibrary(body, library)
  return {
    library: {
      both: both.map(({ id, ours }) => ({ id, ours: [...ours] })),
      onlyThere: [...onlyThere],
      onlyOurs: [...onlyOurs],
    },
    notes: body.notes,
  }
}

/** The control set as it is now, or null; a set that comes with Rankan counts. */
const latestSet = (tx: Tx, { sets }: ImportParts, name: string) =>
  findSet(tx, sets, name).catch((error: unknown) => {
    if (error instanceof Error && 'kind' in error && error.kind === 'not_found') return null
    throw error
  })

async function take(tx: Tx, found: ReadImport, before: number | null, parts: ImportParts) {
  if (found.what === 'import') return { what: 'import' as const, import: await saveImport(tx, found, before) }
  const issues = checkSet(found.body, parts.library)
  if (issues.length > 0)
    throw invalid('bad_control_set', `The control set has ${issues.length} fault(s).`, issues)
  if (((await latestSet(tx, parts, found.name))?.version ?? null) !== before) throw moved(found.name)
  const { name, version } = await saveSet(tx, parts.sets, found.name, found.body)
  return { what: 'control-set' as const, name, version }
}

async function detailOf(
  tx: Tx,
  name: string,
  version: number | undefined,
  library: readonly Control[],
): Promise<ImportDetail> {
  const { view, body } = await demandImport(tx, name, version)
  const before = view.version === 1 ? null : await demandImport(tx, name, view.version - 1)
  const on = new Map('controls' in body ? body.controls.map((one) => [one.id, one.on ?? []]) : [])
  return {
    ...view,
    difference: entriesDifference(before === null ? [] : entriesOf(before.body), entriesOf(body)),
    ...comparedWith(body, library),
    items: entriesOf(body).map(({ id, title }) => ({ id, title, on: on.get(id) ?? [] })),
  }
}
