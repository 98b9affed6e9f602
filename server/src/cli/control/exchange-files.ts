import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'csv-parse/sync'
import type { SheetRow } from '../../catalog/imports/spreadsheet.ts'
import { invalid } from '../../kernel/errors.ts'

const LARGEST_BYTES = 50_000_000

/** The bytes of a file; `invalid` with its name when it cannot be read. */
export function bytesOf(file: string): Uint8Array {
  try {
    const bytes = readFileSync(file)
    if (bytes.length <= LARGEST_BYTES) return bytes
  } catch (error) {
    throw invalid(
      'unreadable',
      `\`${file}\` cannot be read: ${error instanceof Error ? error.message : error}`,
    )
  }
  throw invalid('file_too_large', `\`${file}\` is larger than ${LARGEST_BYTES} bytes.`)
}

/** A text in UTF-8, or in Shift_JIS as spreadsheets of Japanese Windows are saved. */
export function textOf(file: string): string {
  const bytes = bytesOf(file)
  for (const encoding of ['utf-8', 'shift_jis'])
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes)
    } catch {
      // the next encoding
    }
  throw invalid('encoding_unknown', `\`${file}\` is neither UTF-8 nor Shift_JIS. Save it as "CSV UTF-8".`)
}

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

/** Every file below a folder (or the one file) whose name ends so, by name. */
export function filesBelow(place: string, ending: string): readonly string[] {
  if (place.endsWith(ending)) return [place]
  try {
    return readdirSync(place, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
      .map((entry) => path.join(entry.parentPath, entry.name))
      .sort()
  } catch (error) {
    throw invalid(
      'unreadable',
      `\`${place}\` cannot be read: ${error instanceof Error ? error.message : error}`,
    )
  }
}

export function writeJson(file: string, value: unknown): void {
  try {
    writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`)
  } catch (error) {
    throw invalid(
      'unwritable',
      `\`${file}\` cannot be written: ${error instanceof Error ? error.message : error}`,
    )
  }
}
