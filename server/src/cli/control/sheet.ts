import { parse } from 'csv-parse/sync'
import type { SheetRow } from '../../catalog/imports/spreadsheet.ts'
import { invalid } from '../../kernel/errors.ts'
import { textOf } from './files.ts'

/** Headings and rows of a CSV file, with the line where each row begins. */
export function sheetOf(file: string): {
  readonly headings: readonly string[]
  readonly rows: readonly SheetRow[]
} {
  const [first, ...rest] = recordsOf(file)
  if (first === undefined)
    throw invalid('file_empty', `\`${file}\` is empty: its first line must hold the headings.`)
  const headings = first.cells.map((one) => one.trim())
  return {
    headings,
    rows: rest.map(({ line, cells }) => ({
      line,
      cells: Object.fromEntries(headings.map((heading, i) => [heading, cells[i] ?? ''])),
    })),
  }
}

interface Row {
  readonly line: number
  readonly cells: readonly string[]
}

function recordsOf(file: string): readonly Row[] {
  const rows: Row[] = []
  let line = 0
  try {
    parse(textOf(file), {
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
      throw invalid('bad_csv', `\`${file}\` is no CSV: ${error.message}`)
    throw error
  }
  return rows
}
