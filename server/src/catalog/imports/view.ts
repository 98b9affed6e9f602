import { z } from 'zod'
import { controlSetName } from '../../domain/controls/sets.ts'
import { IMPORT_KINDS, importedLibrary, LIBRARY_KINDS } from './imported.ts'
import { ownFramework } from './own-framework.ts'
import { spreadsheetMapping } from './spreadsheet.ts'

/**
 * Imports: named, versioned copies of what others wrote, and of what AWS has in place.
 *
 * | route | who | body | reply |
 * |---|---|---|---|
 * | `GET /api/control-imports` | centre | | `importList`: the latest version of each |
 * | `GET /api/control-imports/{name}` (`?version=`) | centre | | `importDetail` |
 * | `POST /api/control-imports/headings` | central operator | `headingsRequest` | `sheetHead` of a spreadsheet |
 * | `POST /api/control-imports/preview` | central operator | `importRequest` | `importPreview`; keeps nothing |
 * | `POST /api/control-imports` (`Idempotency-Key`) | central operator | `takeRequest` | `importView`; 409 `import_moved` |
 *
 * Server-sent events: topic `control_imports`.
 */

/** A JSON body with files in Base64. */
export const MAX_IMPORT_BYTES = 24_000_000

const uploaded = z.strictObject({
  name: z.string().min(1).max(300),
  /** Base64 */
  content: z.string().max(MAX_IMPORT_BYTES),
})
export type UploadedFile = z.infer<typeof uploaded>
const files = z.array(uploaded).min(1).max(1_000)

export const importName = z
  .string()
  .regex(/^[a-z0-9]+([._-][a-z0-9]+)*$/, 'small letters, digits, dots, underlines and hyphens')
  .max(60)

export const importRequest = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.enum(IMPORT_KINDS),
    name: importName,
    /** Of a source that does not say it itself. */
    sourceVersion: z.string().max(100).default(''),
    files,
  }),
  /** What `ListEnabledControls`, Organizations and AWS Config say now. Its name is the id of the AWS organisation. */
  z.strictObject({ kind: z.literal('in-place'), awsOrganizationId: z.string().min(1).max(60) }),
  /** A catalog of OSCAL; its name is the id of the framework. */
  z.strictObject({ kind: z.literal('oscal-catalog'), name: importName, files }),
  /** A spreadsheet (.xlsx or CSV); its name is the id of the framework in the mapping. */
  z.strictObject({ kind: z.literal('spreadsheet'), mapping: spreadsheetMapping, files }),
  /** A profile of OSCAL, first of the files; the others are what it imports. It becomes a control set of this name. */
  z.strictObject({ kind: z.literal('oscal-profile'), name: controlSetName, files }),
])
export type ImportRequest = z.infer<typeof importRequest>
export type ImportRequestInput = z.input<typeof importRequest>

export const takeRequest = z.strictObject({
  request: importRequest,
  /** The version that the preview was compared with; null when there was none. */
  before: z.number().int().nullable(),
  /** Of what the preview read; null: not asked. */
  sha256: z.string().nullable().default(null),
})
export type TakeRequestInput = z.input<typeof takeRequest>

export const headingsRequest = z.strictObject({ files: z.array(uploaded).length(1) })
export const sheetHead = z.object({
  headings: z.array(z.string()),
  /** The first rows, by heading. */
  rows: z.array(z.array(z.string())),
  count: z.number().int(),
})
export type SheetHead = z.infer<typeof sheetHead>

/** Kinds that are kept; a profile of OSCAL becomes a control set instead. */
export const KEPT_KINDS = [...LIBRARY_KINDS, 'framework'] as const
export type KeptKind = (typeof KEPT_KINDS)[number]

export const importPreview = z.object({
  name: z.string(),
  kind: z.enum([...KEPT_KINDS, 'control-set']),
  title: z.string(),
  source: z.string(),
  sourceVersion: z.string(),
  sha256: z.string(),
  /** The latest version that is kept. */
  before: z.number().int().nullable(),
  /** Controls, or elements and edges of a framework. */
  entries: z.number().int(),
  added: z.array(z.object({ id: z.string(), title: z.string() })),
  removed: z.array(z.object({ id: z.string(), title: z.string() })),
  changed: z.array(z.object({ id: z.string(), title: z.string(), members: z.array(z.string()) })),
  /** Against our own library; null for a framework and a control set. */
  library: z
    .object({
      both: z.array(z.object({ id: z.string(), ours: z.array(z.string()) })),
      onlyThere: z.array(z.string()),
      onlyOurs: z.array(z.string()),
    })
    .nullable(),
  notes: z.array(z.string()),
})
export type ImportPreview = z.infer<typeof importPreview>

export const importView = z.object({
  name: z.string(),
  version: z.number().int(),
  kind: z.enum(KEPT_KINDS),
  source: z.string(),
  sourceVersion: z.string(),
  awsOrganizationId: z.string().nullable(),
  entries: z.number().int(),
  sha256: z.string(),
  createdAt: z.string(),
  createdBy: z.string(),
})
export type ImportView = z.infer<typeof importView>
export const importList = z.object({ items: z.array(importView) })

/** A taken profile of OSCAL answers with the control set that it became. */
export const takenView = z.discriminatedUnion('what', [
  z.object({ what: z.literal('import'), import: importView }),
  z.object({ what: z.literal('control-set'), name: z.string(), version: z.number().int() }),
])

export const importBody = z.union([importedLibrary, ownFramework])
export type ImportBody = z.infer<typeof importBody>

export const importDetail = importView.extend({
  /** Against the version before. */
  difference: importPreview.pick({ added: true, removed: true, changed: true }),
  library: importPreview.shape.library,
  notes: z.array(z.string()),
  items: z.array(z.object({ id: z.string(), title: z.string(), on: z.array(z.string()) })),
})
export type ImportDetail = z.infer<typeof importDetail>
