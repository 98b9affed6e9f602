import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readBatch } from './batch.ts'
import { BATCH_COLUMNS, batchTemplate } from './batch-columns.ts'
import { APPLICATION_LIMITS as L } from './limits.ts'

/** Good enough for our own template: no quoted cell in it holds a comma. */
const parse = (csv: string) => {
  const [head = '', ...rest] = csv
    .replace(/^\ufeff/, '')
    .trimEnd()
    .split('\r\n')
  const headings = head.split(',')
  const records = rest.map((text, i) => {
    const cells = text.split(',')
    return { line: i + 2, cells: Object.fromEntries(headings.map((h, j) => [h, cells[j] ?? ''])) }
  })
  return { headings, records }
}
const japanese = parse(batchTemplate('ja'))
const english = parse(batchTemplate('en'))
type Record_ = (typeof english.records)[number]
const faults = (records: readonly Record_[], headings: readonly string[] = english.headings) =>
  readBatch(headings, records).faults.map((f) => [f.row, f.column, f.code])
const withCell = (row: number, column: string, text: string): readonly Record_[] =>
  english.records.map((r, i) => (i === row ? { ...r, cells: { ...r.cells, [column]: text } } : r))

describe('a batch file', () => {
  it('reads its own template in both languages into the same application with two environments', () => {
    const [ja, en] = [
      readBatch(japanese.headings, japanese.records),
      readBatch(english.headings, english.records),
    ]
    expect(en.faults).toEqual([])
    expect(ja.items.map((i) => i.form)).toEqual(en.items.map((i) => i.form))
    expect(en.items[0]?.form.environments.map((e) => e.environment)).toEqual(['production', 'staging'])
  })

  it('has a column for every field that the schema demands', () => {
    for (const column of BATCH_COLUMNS.filter((c) => c.example !== '' && c.path.length > 0)) {
      const records = english.records.map((r) => ({ ...r, cells: { ...r.cells, [column.name]: '' } }))
      for (const f of readBatch(english.headings, records).faults)
        expect([column.name, f.column]).toEqual([column.name, column.name])
    }
  })

  it('says row and column of each mistake', () => {
    expect(faults(withCell(1, 'environment', '本場'))).toEqual([[3, 'environment', 'not_in_list']])
    expect(faults(withCell(0, 'security_email', 'nobody'))).toEqual([[2, 'security_email', 'bad_format']])
    expect(faults(withCell(0, 'budget_yen', '五百万'))).toEqual([[2, 'budget_yen', 'not_a_number']])
    expect(faults(withCell(0, 'personal_data', 'maybe'))).toEqual([[2, 'personal_data', 'not_a_flag']])
    expect(faults(withCell(0, 'personal_data', 'constructor'))).toEqual([[2, 'personal_data', 'not_a_flag']])
    expect(faults(withCell(0, 'admins', 'only-a-name'))).toEqual([[2, 'admins', 'not_a_person']])
    expect(faults(withCell(0, 'start', '2026/2/30'))).toEqual([[2, 'start', 'not_a_day']])
    expect(faults(withCell(1, 'system_name', '別のシステム'))).toEqual([[3, 'system_name', 'differs']])
    expect(faults(withCell(1, 'environment', '本番'))).toEqual([[3, 'environment', 'environment_twice']])
    expect(faults(withCell(1, 'key', ''))).toEqual([[3, 'key', 'key_missing']])
    expect(faults(withCell(0, 'key', 'A1\u0000'))).not.toEqual([])
    expect(faults([])).toEqual([[1, null, 'no_rows']])
    expect(faults(english.records, [...english.headings, 'colour'])).toEqual([
      [1, 'colour', 'unknown_column'],
    ])
    expect(faults(english.records, [...english.headings, '環境'])).toEqual([[1, '環境', 'column_twice']])
  })

  it('finds the same application under two keys', () => {
    const again = english.records.map((r) => ({ line: r.line + 2, cells: { ...r.cells, key: 'B2' } }))
    expect(faults([...english.records, ...again])).toEqual([
      [4, 'environment', 'same_application_twice'],
      [5, 'environment', 'same_application_twice'],
    ])
  })

  it('refuses too many rows before it reads them', () => {
    const first = english.records[0]
    const many = Array.from({ length: L.batchRows + 1 }, (_, i) => ({
      line: i + 2,
      cells: first?.cells ?? {},
    }))
    expect(faults(many)).toEqual([[L.batchRows + 2, null, 'too_many_rows']])
  })

  it('never throws, and every fault names a row of the file, whatever stands in the cells', () => {
    const cell = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.constantFrom('=cmd()', '__proto__', '\u202e', '1e999', '本番', 'x'.repeat(40_000)),
    )
    fc.assert(
      fc.property(fc.constantFrom(...english.headings), fc.nat(1), cell, (column, row, text) => {
        const { items, faults: found } = readBatch(english.headings, withCell(row, column, text))
        const lines = new Set([2, 3])
        return found.every((f) => lines.has(f.row)) && (found.length > 0 || items.length >= 1)
      }),
      { numRuns: 300 },
    )
  })

  it('does not hand a formula to a spreadsheet', () => {
    expect(batchTemplate('ja')).not.toMatch(/(^|,)[=+@-]/m)
  })
})
