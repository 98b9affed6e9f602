import { z } from 'zod'
import { type Issue, invalid } from '../../kernel/errors.ts'
import type { Framework, FrameworkElement } from '../frameworks.ts'
import { type FrameworkEdge, RELATIONS } from '../record.ts'

const column = z.string().trim().min(1)
const bilingual = z.strictObject({ ja: z.string().trim().min(1), en: z.string().trim().min(1) })

/**
 * How the columns of an operator's spreadsheet are read: ISMAP, 政府統一基準 and others whose texts may not be shipped
 * with Rankan. A row without an identifier goes on with the one above it when `merged` says that cells were merged.
 */
export const spreadsheetMapping = z.strictObject({
  framework: z.strictObject({
    id: z.string().regex(/^[a-z0-9]+([.-][a-z0-9]+)*$/, 'small letters, digits, dots and hyphens'),
    title: bilingual,
    source: z.string().trim().min(1),
    asOf: z.iso.date(),
  }),
  columns: z.strictObject({
    id: column,
    title: column.optional(),
    /** Identifier of the element above; without it the identifier without its last part, if that is there. */
    parent: column.optional(),
    /** Controls of Rankan that serve the element, separated by `;`, `,` or white space. */
    controls: column.optional(),
    relation: column.optional(),
  }),
  merged: z.boolean().default(false),
  /** Of the edges that the column `controls` gives. */
  edges: z
    .strictObject({
      relation: z.enum(RELATIONS),
      source: z.string().trim().min(1),
      reviewedBy: z.string().trim().min(1),
      reviewedOn: z.iso.date(),
    })
    .optional(),
})
export type SpreadsheetMapping = z.infer<typeof spreadsheetMapping>

export interface SheetRow {
  /** As people count them: 1 is the heading. */
  readonly line: number
  readonly cells: Readonly<Record<string, string>>
}

export interface SpreadsheetImport {
  readonly framework: Framework
  readonly edges: readonly { readonly control: string; readonly edge: FrameworkEdge }[]
}

/**
 * The framework of a spreadsheet, and the edges of our controls to it. All or nothing: `invalid` with line and column
 * of each missing column, identifier twice, parent or control that is not there.
 */
export function readSpreadsheet(
  headings: readonly string[],
  rows: readonly SheetRow[],
  mapping: SpreadsheetMapping,
  controls: ReadonlySet<string>,
): SpreadsheetImport {
  const missing = Object.values(mapping.columns).filter(
    (name) => name !== undefined && !headings.includes(name),
  )
  if (missing.length > 0) throw faults(missing.map((name) => noColumn(name, headings)))
  const named = identified(rows, mapping)
  const issues: Issue[] = []
  const elements = elementsOf(named, mapping, issues)
  const edges = named.flatMap((row) => edgesOf(row, mapping, controls, issues))
  if (elements.length === 0 && issues.length === 0)
    issues.push({ path: [2, mapping.columns.id], code: 'no_rows', message: 'No row has an identifier.' })
  if (issues.length > 0) throw faults(issues)
  return { framework: { ...mapping.framework, elements }, edges }
}

const noColumn = (name: string, headings: readonly string[]): Issue => ({
  path: [1, name],
  code: 'no_column',
  message: `The file has no column \`${name}\`; it has ${headings.map((one) => `\`${one}\``).join(', ')}.`,
})

const faults = (issues: readonly Issue[]) =>
  invalid('bad_spreadsheet', `The spreadsheet has ${issues.length} faults; nothing was read.`, issues)

interface NamedRow extends SheetRow {
  readonly id: string
  /** Whether the row says its identifier itself, or goes on with the one above. */
  readonly first: boolean
}

function identified(rows: readonly SheetRow[], { columns, merged }: SpreadsheetMapping): readonly NamedRow[] {
  let above = ''
  return rows.flatMap((row) => {
    const own = cell(row, columns.id)
    const id = own === '' && merged ? above : own
    if (id === '') return []
    const first = own !== '' && own !== (merged ? above : '')
    above = id
    return [{ ...row, id, first }]
  })
}

const cell = ({ cells }: SheetRow, name: string | undefined): string =>
  name === undefined ? '' : (cells[name] ?? '').normalize('NFKC').trim()

function elementsOf(
  rows: readonly NamedRow[],
  { columns }: SpreadsheetMapping,
  issues: Issue[],
): readonly FrameworkElement[] {
  const ids = new Set(rows.map(({ id }) => id))
  const seen = new Map<string, number>()
  return rows
    .filter(({ first }) => first)
    .flatMap((row) => {
      const before = seen.get(row.id)
      if (before !== undefined) {
        issues.push({
          path: [row.line, columns.id],
          code: 'twice',
          message: `\`${row.id}\` is already in line ${before}.`,
        })
        return []
      }
      seen.set(row.id, row.line)
      const title = cell(row, columns.title)
      return [
        {
          id: row.id,
          parent: parentOf(row, columns.parent, ids, issues),
          ...(title === '' ? {} : { title: { ja: title, en: title } }),
        },
      ]
    })
}

function parentOf(
  row: NamedRow,
  name: string | undefined,
  ids: ReadonlySet<string>,
  issues: Issue[],
): string | null {
  const given = cell(row, name)
  if (given !== '') {
    if (ids.has(given) && given !== row.id) return given
    issues.push({
      path: [row.line, name ?? ''],
      code: 'no_parent',
      message: `\`${given}\` is no other identifier of the file.`,
    })
    return null
  }
  for (let at = shortened(row.id); at !== null; at = shortened(at)) if (ids.has(at)) return at
  return null
}

/** `5.1.1.2` without its last part is `5.1.1`; `6-1-1(2)` is `6-1-1`. Null when nothing is left. */
function shortened(id: string): string | null {
  const cut = id.replace(/(?:[.\-_ ][^.\-_ ()]*|\([^()]*\))$/, '')
  return cut === id || cut === '' ? null : cut
}

function edgesOf(
  row: NamedRow,
  { columns, edges, framework }: SpreadsheetMapping,
  controls: ReadonlySet<string>,
  issues: Issue[],
): SpreadsheetImport['edges'] {
  const named = cell(row, columns.controls)
    .split(/[;,、\s]+/)
    .filter((one) => one !== '')
  if (named.length > 0 && edges === undefined) {
    issues.push({
      path: [row.line, columns.controls ?? ''],
      code: 'no_provenance',
      message: 'The mapping gives no `edges`: say who reviewed the controls of this column, and when.',
    })
    return []
  }
  if (edges === undefined) return []
  const said = cell(row, columns.relation)
  const relation = RELATIONS.find((one) => one === (said === '' ? edges.relation : said))
  if (relation === undefined)
    issues.push({
      path: [row.line, columns.relation ?? ''],
      code: 'bad_relation',
      message: `\`${said}\` is none of ${RELATIONS.map((one) => `\`${one}\``).join(', ')}.`,
    })
  return named.flatMap((control) => {
    if (!controls.has(control))
      issues.push({
        path: [row.line, columns.controls ?? ''],
        code: 'no_control',
        message: `There is no control \`${control}\`.`,
      })
    if (relation === undefined) return []
    return [{ control, edge: { ...edges, framework: framework.id, element: row.id, relation } }]
  })
}
