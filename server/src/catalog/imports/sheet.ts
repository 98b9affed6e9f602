import { parse } from 'csv-parse/sync'
import { invalid } from '../../kernel/errors.ts'
import { type ImportFile, textIn } from './files.ts'
import type { SheetRow } from './spreadsheet.ts'
import { isZip, xlsxRows } from './xlsx.ts'

export interface Sheet {
  readonly headings: readonly string[]
  readonly rows: readonly SheetRow[]
}

/** Headings and rows of a CSV file or of the first sheet of an .xlsx file, with the line where each row begins. */
export async function sheetOf(file: ImportFile): Promise<Sheet> {
  const [first, ...rest] = isZip(file.bytes) ? await workbookRows(file) : csvRows(file)
  if (first === undefined)
    throw invalid('file_empty', `\`${file.name}\` is empty: its first line must hold the headings.`)
  const headings = first.cells.map((one) => one.trim())
  return {
    headings,
    rows: rest.map(({ line, cells }) => ({
      line,
      // A heading may be any text, `__proto__` too.
      cells: Object.fromEntries(headings.map((heading, i) => [heading, cells[i] ?? ''])),
    })),
  }
}

interface Row {
  readonly line: number
  readonly cells: readonly string[]
}

const isFilled = ({ cells }: Row): boolean => cells.some((cell) => cell.trim() !== '')

async function workbookRows(file: ImportFile): Promise<readonly Row[]> {
  const rows = await xlsxRows(file)
  return rows.map((cells, i) => ({ line: i + 1, cells })).filter(isFilled)
}

function csvRows(file: ImportFile): readonly Row[] {
  const rows: Row[] = []
  let line = 0
  try {
    parse(textIn(file), {
      relax_column_count: true,
      skip_empty_lines: true,
      on_record: (cells: string[], { lines }) => {
        rows.push({ line: line + 1, cells })
        line = lines
        return cells
      },
    })
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('CSV_'))
      throw invalid('bad_csv', `\`${file.name}\` is no CSV: ${error.message}`)
    throw error
  }
  return rows
}
