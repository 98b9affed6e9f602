import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvRecords } from './csv.ts'
import { checkRows, rowsOf } from './csv-rows.ts'
import { ScanError } from './scan.ts'

const cell = fc.oneof(
  fc.constantFrom('', 'a', ',', '"', '""', '\n', '\r\n', ' ', '日本', '{"a":"b"}'),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
)
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
const table = fc
  .tuple(
    fc.array(fc.array(fc.tuple(cell, fc.boolean()), { minLength: 2, maxLength: 5 }), { minLength: 1 }),
    fc.constantFrom('\n', '\r\n'),
    fc.constantFrom('', '\ufeff'),
    fc.boolean(),
  )
  .map(([rows, end, begin, isEnded]) => {
    const lines = rows.map((row) =>
      row.map(([text, quotes]) => (quotes || /[",\r\n]/.test(text) ? quoted(text) : text)).join(','),
    )
    return { text: `${begin}${lines.join(end)}${isEnded ? end : ''}`, end }
  })

describe('rows of CSV', () => {
  it('rows_are_those_of_csv_parse', () => {
    fc.assert(
      fc.property(table, ({ text, end }) => {
        const bytes = Buffer.from(text)
        const options = { bom: true, relax_column_count: true, skip_empty_lines: true, record_delimiter: end }
        checkRows(bytes)
        expect([...rowsOf(bytes)]).toEqual(parse(bytes, options))
      }),
      { numRuns: 300 },
    )
  })

  it('leaves empty lines out, and refuses quotes that do not fit', () => {
    expect([...rowsOf(Buffer.from('\r\na,b\n\n\r\nc\r'))]).toEqual([['a', 'b'], ['c']])
    for (const text of ['a,"b', 'a,"b"c', 'a,b"c"', '"a""'])
      expect(() => checkRows(Buffer.from(text))).toThrow(ScanError)
  })
})

describe('an export as CSV', () => {
  it('is handed over a slice at a time, every record once and in order', () => {
    const rows = Array.from({ length: 9000 }, (_, i) => `s3.amazonaws.com,Get${i},${'x'.repeat(1000)}`)
    const text = ['eventSource,EventName,useragent', ...rows].join('\n')
    const slices = [...(csvRecords(Buffer.from(text)) ?? [])]
    expect(slices.length).toBeGreaterThan(1)
    const names = slices.flatMap((slice) =>
      Buffer.from(slice)
        .toString()
        .split('\n')
        .map((line) => (JSON.parse(line) as { eventName: string }).eventName),
    )
    expect(names).toEqual(rows.map((_, i) => `Get${i}`))
  })

  it('a row at the end that cannot be read refuses the file before anything of it is read', () => {
    const rows = Array.from({ length: 9000 }, () => `s3.amazonaws.com,GetObject,${'x'.repeat(1000)}`)
    const text = ['eventSource,EventName,useragent', ...rows, 'a,b,"c'].join('\n')
    expect(() => csvRecords(Buffer.from(text))).toThrow(ScanError)
  })

  it('has none where the columns are others', () => {
    expect(csvRecords(Buffer.from('a,b\n1,2\n'))).toBeNull()
    expect(csvRecords(Buffer.from(''))).toBeNull()
  })
})
