import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Column, csvOf, filterRows, sortRows } from './table-rows.ts'

interface Row {
  readonly name: string
  readonly size: number | null
}
const columns: readonly Column<Row>[] = [
  { key: 'name', title: '名前', value: (row) => row.name },
  { key: 'size', title: 'Size', value: (row) => row.size },
]
const rows = fc.array(fc.record({ name: fc.string(), size: fc.option(fc.integer(), { nil: null }) }))

describe('sortRows', () => {
  test('keeps every row, in order, with empty values last', () => {
    fc.assert(
      fc.property(rows, (given) => {
        const sorted = sortRows(given, columns, { key: 'size', down: false })
        expect([...sorted].sort(byIdentity(given))).toEqual(given)
        const sizes = sorted.map(({ size }) => size ?? Number.POSITIVE_INFINITY)
        expect(sizes).toEqual([...sizes].sort((a, b) => a - b))
      }),
    )
  })

  test('counts in names are numbers for people', () => {
    const named = ['a-10', 'a-2', 'a-1'].map((name) => ({ name, size: null }))
    expect(sortRows(named, columns, { key: 'name', down: false }).map(({ name }) => name)).toEqual([
      'a-1',
      'a-2',
      'a-10',
    ])
  })
})

const byIdentity = (given: readonly Row[]) => (a: Row, b: Row) => given.indexOf(a) - given.indexOf(b)

describe('filterRows', () => {
  test('every word must be found, whatever its width and case', () => {
    const named = [
      { name: 'Minato Ward', size: 13 },
      { name: 'ＭＩＮＡＴＯ', size: 2 },
    ]
    expect(filterRows(named, columns, 'minato').length).toBe(2)
    expect(filterRows(named, columns, 'ｍｉｎａｔｏ 13')).toEqual([named[0]])
    expect(filterRows(named, columns, ' ')).toBe(named)
  })
})

describe('csvOf', () => {
  test('quotes what needs it and defuses formulas', () => {
    expect(
      csvOf(
        [
          { name: 'a,"b"\n', size: 1 },
          { name: '=1+1', size: null },
        ],
        columns,
      ),
    ).toBe('\uFEFF名前,Size\r\n"a,""b""\n",1\r\n\'=1+1,\r\n')
  })
})
