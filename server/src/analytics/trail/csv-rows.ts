import { ScanError } from './scan.ts'

/**
 * Rows of CSV (RFC 4180; any end of line) where they lie in the file: only the places of the cells of one row are kept, so
 * that an export of any size needs no memory of its own.
 */
const [QUOTE, COMMA, LF, CR] = [34, 44, 10, 13]

/** Three numbers for each cell of a row: where its text begins and ends, and 1 when it stands in quotes. */
type Cells = number[]

/** Longer ones are no cells of an export; a text of V8 has half a gigabyte at the most. */
const MAX_CELL_BYTES = 64 * 1024 * 1024

const startOf = (bytes: Uint8Array) => (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0)

/** Throws a `ScanError` for what is no row; then nothing was made of any. */
export function checkRows(bytes: Buffer): void {
  const cells: Cells = []
  for (let at = startOf(bytes); at < bytes.length; ) at = readRow(bytes, at, cells)
}

/** Texts of the cells of each row; empty lines are none. */
export function* rowsOf(bytes: Buffer): Generator<readonly string[]> {
  const cells: Cells = []
  for (let at = startOf(bytes); at < bytes.length; ) {
    const next = readRow(bytes, at, cells)
    if (bytes[at] !== LF && bytes[at] !== CR) yield textsOf(bytes, cells)
    at = next
  }
}

function textsOf(bytes: Buffer, cells: Cells): readonly string[] {
  const texts: string[] = []
  for (let i = 0; i < cells.length; i += 3) {
    const text = bytes.toString('utf8', cells[i], cells[i + 1])
    texts.push(cells[i + 2] === 1 ? text.replaceAll('""', '"') : text)
  }
  return texts
}

/** Puts the cells of the row at `at` into `into`. Where the next row begins. */
function readRow(bytes: Buffer, at: number, into: Cells): number {
  into.length = 0
  for (let p = at; ; p++) {
    const isQuoted = bytes[p] === QUOTE
    const start = isQuoted ? p + 1 : p
    const end = isQuoted ? endOfQuoted(bytes, start) : endOfPlain(bytes, start)
    if (end - start > MAX_CELL_BYTES)
      throw new ScanError(`a cell of more than ${MAX_CELL_BYTES} bytes at byte ${p}`)
    into.push(start, end, isQuoted ? 1 : 0)
    p = isQuoted ? end + 1 : end
    if (p >= bytes.length) return p
    if (bytes[p] === LF) return p + 1
    if (bytes[p] === CR) return bytes[p + 1] === LF ? p + 2 : p + 1
    if (bytes[p] !== COMMA) throw new ScanError(`a comma is missing behind a quote at byte ${p}`)
  }
}

function endOfQuoted(bytes: Buffer, start: number): number {
  for (let p = start; ; p += 2) {
    p = bytes.indexOf(QUOTE, p)
    if (p < 0) throw new ScanError(`the quote at byte ${start - 1} is not closed`)
    if (bytes[p + 1] !== QUOTE) return p
  }
}

function endOfPlain(bytes: Buffer, start: number): number {
  let p = start
  while (p < bytes.length && bytes[p] !== COMMA && bytes[p] !== LF && bytes[p] !== CR) {
    if (bytes[p] === QUOTE) throw new ScanError(`a quote within a cell without quotes at byte ${p}`)
    p++
  }
  return p
}
