import { CsvError, parse } from 'csv-parse/sync'
import iconv from 'iconv-lite'
import { IMPORT_LIMITS } from '../../domain/organisations/import/limits.ts'
import type { RawRecord } from '../../domain/organisations/import/rows.ts'
import { type Issue, invalid } from '../../kernel/errors.ts'

export interface CsvFile {
  readonly encoding: 'UTF-8' | 'Shift_JIS'
  readonly headings: readonly string[]
  readonly records: readonly RawRecord[]
}

/**
 * Reads a CSV file in UTF-8 (with or without BOM) or Shift_JIS, whichever it is. Throws `invalid` with line and column
 * when it is neither, too large, broken or empty.
 */
export function readCsv(bytes: Uint8Array): CsvFile {
  if (bytes.length > IMPORT_LIMITS.fileBytes)
    throw invalid(
      'file_too_large',
      `The file has ${bytes.length} bytes; at most ${IMPORT_LIMITS.fileBytes} are read. Split it.`,
    )
  refuseBinary(bytes)
  const { encoding, text } = decode(bytes)
  const [first, ...rest] = parseRecords(text)
  if (first === undefined)
    throw invalid('file_empty', 'The file is empty: the first line must hold the headings.')
  const headings = checkHeadings(first.cells)
  const records = rest.map(({ line, cells }) => ({
    line,
    cells: Object.fromEntries(headings.map((heading, i) => [heading, cells[i] ?? ''])),
  }))
  return { encoding, headings, records }
}

function refuseBinary(bytes: Uint8Array): void {
  const [a, b] = bytes
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff))
    throw invalid('encoding_utf16', 'The file is in UTF-16. Save it as "CSV UTF-8".')
  const nul = bytes.indexOf(0)
  if (nul < 0) return
  const at = position(bytes, nul)
  throw fault('nul_byte', at, `Line ${at.line}, byte ${at.column}: a NUL byte; the file is no CSV text.`)
}

interface Place {
  readonly line: number
  /** From 1. Bytes, or cells where a cell is meant. */
  readonly column: number
}

function position(bytes: Uint8Array, offset: number): Place {
  let line = 1
  let start = 0
  for (let i = bytes.indexOf(10); i >= 0 && i < offset; i = bytes.indexOf(10, i + 1)) {
    line++
    start = i + 1
  }
  return { line, column: offset - start + 1 }
}

const fault = (code: string, at: Place, message: string) => {
  const issue: Issue = {
    path: [at.line, at.column],
    code,
    params: { line: at.line, column: at.column },
    message,
  }
  return invalid(code, message, [issue])
}

function decode(bytes: Uint8Array): { readonly encoding: CsvFile['encoding']; readonly text: string } {
  const broken = firstBadUtf8(bytes)
  if (broken === null) return { encoding: 'UTF-8', text: stripBom(new TextDecoder('utf-8').decode(bytes)) }
  const text = iconv.decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), 'cp932')
  const bad = text.indexOf('�')
  if (bad < 0 && !isDamagedUtf8(bytes)) return { encoding: 'Shift_JIS', text }
  const at = position(bytes, broken)
  throw fault(
    'encoding_unknown',
    at,
    `Line ${at.line}, byte ${at.column}: the file is neither UTF-8 nor Shift_JIS from here on. Save it again in one of the two.`,
  )
}

const stripBom = (text: string): string => (text.startsWith('﻿') ? text.slice(1) : text)

/** Offset of the first byte that is not UTF-8, found by halving; null if there is none. */
function firstBadUtf8(bytes: Uint8Array): number | null {
  if (isUtf8(bytes)) return null
  let good = 0
  let bad = bytes.length
  while (bad - good > 1) {
    const middle = (good + bad) >> 1
    if (isUtf8(bytes.subarray(0, middle), true)) good = middle
    else bad = middle
  }
  return good
}

function isUtf8(bytes: Uint8Array, open = false): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: open })
    return true
  } catch {
    return false
  }
}

/** A UTF-8 file with a few broken bytes often decodes as Shift_JIS into nonsense: then most of it is still good UTF-8. */
function isDamagedUtf8(bytes: Uint8Array): boolean {
  const text = new TextDecoder('utf-8').decode(bytes)
  let bad = 0
  let wide = 0
  for (const char of text) {
    if (char === '�') bad++
    else if (char >= '\u0800') wide++
  }
  return wide > 20 * bad
}

interface Line {
  readonly line: number
  readonly cells: readonly string[]
}

function parseRecords(text: string): readonly Line[] {
  try {
    const parsed = parse(text, {
      columns: false,
      info: true,
      skip_empty_lines: true,
      max_record_size: IMPORT_LIMITS.recordBytes,
      to: IMPORT_LIMITS.rows + 2,
    }) as unknown as { info: { lines: number }; record: string[] }[]
    if (parsed.length > IMPORT_LIMITS.rows + 1)
      throw invalid('too_many_rows', `The file has more than ${IMPORT_LIMITS.rows} rows. Split it.`)
    return parsed.map(({ info, record }) => ({ line: info.lines - breaksIn(record), cells: record }))
  } catch (error) {
    throw error instanceof CsvError ? csvFault(error) : error
  }
}

/** A record ends on `info.lines`; it began as many lines earlier as its cells hold line breaks. */
const breaksIn = (cells: readonly string[]): number =>
  cells.reduce((sum, cell) => sum + (cell.match(/\r\n|\r|\n/g)?.length ?? 0), 0)

function csvFault(error: CsvError) {
  const { lines = 1, index = 0 } = error as { lines?: number; index?: number }
  const at = { line: Number(lines), column: Number(index) + 1 }
  return fault(
    'csv_broken',
    at,
    `Line ${at.line}, column ${at.column}: ${CSV_TEXTS[error.code] ?? error.message}`,
  )
}

const CSV_TEXTS: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quotation mark is not closed.',
  CSV_INVALID_CLOSING_QUOTE: 'text follows a closing quotation mark.',
  INVALID_OPENING_QUOTE: 'a quotation mark stands inside a cell.',
  CSV_MAX_RECORD_SIZE: `the line is longer than ${IMPORT_LIMITS.recordBytes} bytes.`,
  CSV_RECORD_INCONSISTENT_FIELDS_LENGTH: 'the number of cells differs from the headings.',
  CSV_RECORD_INCONSISTENT_COLUMNS: 'the number of cells differs from the headings.',
}

function checkHeadings(cells: readonly string[]): readonly string[] {
  const headings = cells.map((cell) => cell.trim())
  if (headings.length > IMPORT_LIMITS.columns)
    throw fault(
      'too_many_columns',
      { line: 1, column: IMPORT_LIMITS.columns + 1 },
      `Line 1: more than ${IMPORT_LIMITS.columns} columns.`,
    )
  headings.forEach((heading, i) => {
    const at = { line: 1, column: i + 1 }
    if (heading === '') throw fault('heading_empty', at, `Line 1, column ${i + 1}: the heading is empty.`)
    if (heading === '__proto__' || headings.indexOf(heading) !== i)
      throw fault(
        'heading_twice',
        at,
        `Line 1, column ${i + 1}: the heading \`${heading.slice(0, 60)}\` is there twice or not allowed.`,
      )
  })
  return headings
}
