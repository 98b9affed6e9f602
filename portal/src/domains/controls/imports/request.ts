import type { SpreadsheetMapping } from '@rankan/server/src/catalog/imports/spreadsheet.ts'
import type { ImportRequestInput, UploadedFile } from '@rankan/server/src/catalog/imports/view.ts'

export const CHOICES = [
  'spreadsheet',
  'in-place',
  'security-hub',
  'control-tower',
  'conformance-pack',
  'oscal-catalog',
  'oscal-profile',
] as const
export type ImportChoice = (typeof CHOICES)[number]

export const COLUMNS = ['id', 'title', 'parent', 'controls', 'relation'] as const
export type ColumnRole = (typeof COLUMNS)[number]

/** What a person has said of a spreadsheet. */
export interface MappingDraft {
  readonly titleJa: string
  readonly titleEn: string
  readonly source: string
  readonly asOf: string
  readonly columns: Readonly<Partial<Record<ColumnRole, string>>>
  readonly merged: boolean
  readonly relation: 'equal' | 'subset' | 'superset' | 'intersects'
  readonly edgesSource: string
  readonly reviewedBy: string
  readonly reviewedOn: string
}

export const mappingStart = (asOf: string): MappingDraft => ({
  titleJa: '',
  titleEn: '',
  source: '',
  asOf,
  columns: {},
  merged: false,
  relation: 'intersects',
  edgesSource: '',
  reviewedBy: '',
  reviewedOn: asOf,
})

/** Words by which a heading is taken for a column; people correct it. */
const WORDS: Readonly<Record<ColumnRole, RegExp>> = {
  id: /^(id|no\.?|番号|項番|識別子|管理策番号)$/i,
  title: /(title|見出し|題名|名称|項目名|表題)/i,
  parent: /(parent|上位|親)/i,
  controls: /(controls?|統制)/i,
  relation: /(relation|関係)/i,
}

/** The first heading that sounds like each column; each heading once. */
export function guessedColumns(headings: readonly string[]): MappingDraft['columns'] {
  const taken = new Set<string>()
  const found = COLUMNS.flatMap((role) => {
    const heading = headings.find((one) => !taken.has(one) && WORDS[role].test(one))
    if (heading === undefined) return []
    taken.add(heading)
    return [[role, heading] as const]
  })
  return Object.fromEntries(found)
}

/** Null while something is missing. */
export function mappingOf(id: string, draft: MappingDraft): SpreadsheetMapping | null {
  const { columns } = draft
  const title = {
    ja: draft.titleJa.trim() || draft.titleEn.trim(),
    en: draft.titleEn.trim() || draft.titleJa.trim(),
  }
  if (columns.id === undefined || title.ja === '' || draft.source.trim() === '' || draft.asOf === '')
    return null
  const reviewed = [draft.edgesSource, draft.reviewedBy, draft.reviewedOn].every((one) => one.trim() !== '')
  if (columns.controls !== undefined && !reviewed) return null
  return {
    framework: { id, title, source: draft.source.trim(), asOf: draft.asOf },
    columns: { ...columns, id: columns.id },
    merged: draft.merged,
    ...(columns.controls === undefined
      ? {}
      : {
          edges: {
            relation: draft.relation,
            source: draft.edgesSource.trim(),
            reviewedBy: draft.reviewedBy.trim(),
            reviewedOn: draft.reviewedOn,
          },
        }),
  }
}

export const NAME = /^[a-z0-9]+([._-][a-z0-9]+)*$/

export interface ImportDraft {
  readonly kind: ImportChoice
  readonly name: string
  readonly sourceVersion: string
  readonly organization: string | null
  readonly files: readonly UploadedFile[]
  readonly mapping: MappingDraft
}

/** What to send; null while something is missing. */
export function requestOf(draft: ImportDraft): ImportRequestInput | null {
  const { kind, name, organization, sourceVersion } = draft
  if (kind === 'in-place') return organization === null ? null : { kind, awsOrganizationId: organization }
  const files = [...draft.files]
  if (files.length === 0 || !NAME.test(name) || name.length > 60) return null
  if (kind === 'oscal-catalog' || kind === 'oscal-profile') return { kind, name, files }
  if (kind !== 'spreadsheet') return { kind, name, sourceVersion: sourceVersion.trim(), files }
  const mapping = mappingOf(name, draft.mapping)
  return mapping === null ? null : { kind, mapping, files }
}

/** A name out of the file's, for a first proposal. */
export const proposedName = (file: string): string =>
  file
    .replace(/^.*[/\\]|\.[^.]*$/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|(?<!-)-+$/g, '')
    .slice(0, 60)
    .replace(/(?<!-)-+$/, '')
