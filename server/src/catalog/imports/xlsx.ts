import { strFromU8, type Unzipped, unzipSync, zipSync } from 'fflate'
import { readSheet } from 'read-excel-file/universal'
import { invalid } from '../../kernel/errors.ts'
import type { ImportFile } from './files.ts'

/**
 * What a workbook may be at most. Rows and columns are Rankan's own bound for a framework (SP 800-53 has 1,196 elements);
 * bytes bound what a small file can unpack to.
 */
export const XLSX_LIMITS = {
  unpackedBytes: 32_000_000,
  files: 2_000,
  rows: 50_000,
  columns: 200,
} as const

/** A workbook of Excel is a ZIP file. */
export const isZip = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4

/**
 * The cells of the first sheet of an .xlsx file, as text. The file is hostile input: what it says it unpacks to is bounded
 * before anything is unpacked, nothing unpacks to more than it said, and the rows and columns that its cells name are
 * bounded before the reader makes room for them. `invalid` otherwise.
 */
export async function xlsxRows(file: ImportFile): Promise<readonly (readonly string[])[]> {
  const files = unpacked(file)
  for (const bytes of Object.values(files)) refuseFarCells(file.name, strFromU8(bytes))
  const packed = zipSync(files, { level: 0 })
  try {
    const rows = await readSheet(new Uint8Array(packed).buffer)
    return rows.map((row) => row.map(textOfCell))
  } catch (error) {
    throw notReadable(file.name, error)
  }
}

const notReadable = (name: string, error: unknown) =>
  invalid(
    'bad_workbook',
    `\`${name}\` is no workbook that can be read: ${error instanceof Error ? error.message : error}`,
  )

/** `fflate` makes room for the size that is declared and writes no further: a size that lies cuts the text off. */
function unpacked({ name, bytes }: ImportFile): Unzipped {
  let total = 0
  let count = 0
  try {
    return unzipSync(bytes, {
      filter: (one) => {
        total += one.originalSize
        count += 1
        if (total > XLSX_LIMITS.unpackedBytes || count > XLSX_LIMITS.files)
          throw invalid(
            'workbook_too_large',
            `\`${name}\` unpacks to more than ${XLSX_LIMITS.unpackedBytes} bytes or ${XLSX_LIMITS.files} parts. Take pictures out, or save the sheet as CSV.`,
          )
        return /\.(xml|rels)$/.test(one.name)
      },
    })
  } catch (error) {
    if (error instanceof Error && error.name === 'RankanError') throw error
    throw notReadable(name, error)
  }
}

const REFERENCE = /\sr\s*=\s*(?:"([^"]*)"|'([^']*)')/g

/** The reader makes room for every row and column up to the last cell, wherever that cell says it is. */
function refuseFarCells(name: string, xml: string): void {
  if (!xml.includes('sheetData')) return
  for (const [, double, single] of xml.matchAll(REFERENCE)) {
    const place = /^([A-Za-z]{0,3})(\d{1,7})$/.exec(double ?? single ?? '')
    if (place === null) throw notReadable(name, `\`${(double ?? single ?? '').slice(0, 40)}\` is no cell`)
    if (Number(place[2]) > XLSX_LIMITS.rows || columnNumber(place[1] ?? '') > XLSX_LIMITS.columns)
      throw invalid(
        'workbook_too_large',
        `\`${name}\` has a cell at \`${place[0]}\`; ${XLSX_LIMITS.rows} rows and ${XLSX_LIMITS.columns} columns are read. Delete what is below and to the right of the table.`,
      )
  }
}

/** `A` is 1, `AA` 27. */
const columnNumber = (letters: string): number =>
  [...letters.toUpperCase()].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0)

function textOfCell(value: unknown): string {
  if (value instanceof Date) return value.toISOString().slice(0, 10)
  return value === null || value === undefined ? '' : String(value)
}
