import fc from 'fast-check'
import { strToU8, zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { codeOf } from '../../kernel/testing.ts'
import { sheetOf } from './sheet.ts'
import { workbook } from './testing.ts'
import { XLSX_LIMITS, xlsxRows } from './xlsx.ts'

const file = (bytes: Uint8Array) => ({ name: 'kijun.xlsx', bytes })
const refusedWith = (bytes: Uint8Array): Promise<string> => codeOf(xlsxRows(file(bytes)))

/** XML 1.0 can say these; Excel also takes apart `_x0041_`, and the reader trims nothing that a word has inside. */
const cell = fc
  .string({ unit: fc.constantFrom(...'abc.1-29()&<>"\'統制基準；'), maxLength: 12 })
  .filter((text) => text.trim() === text)

describe('a workbook', () => {
  it('is read as it was written', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.array(
            cell.filter((text) => text !== ''),
            { minLength: 3, maxLength: 3 },
          ),
          {
            minLength: 1,
            maxLength: 8,
          },
        ),
        async (rows) => {
          expect(await xlsxRows(file(workbook(rows)))).toEqual(rows)
        },
      ),
      { numRuns: 40 },
    ))

  it('is a sheet with headings and the numbers of its rows; empty rows are left out', async () => {
    const { headings, rows } = await sheetOf(
      file(
        workbook([
          ['番号', '見出し'],
          ['5.1', '体制'],
          ['', ''],
          ['5.2', ''],
        ]),
      ),
    )
    expect(headings).toEqual(['番号', '見出し'])
    expect(rows).toEqual([
      { line: 2, cells: { 番号: '5.1', 見出し: '体制' } },
      { line: 4, cells: { 番号: '5.2', 見出し: '' } },
    ])
  })

  it('gives numbers and truths as text', async () => {
    const rows = '<row r="1"><c r="A1"><v>5.25</v></c><c r="B1" t="b"><v>1</v></c></row>'
    expect(await xlsxRows(file(workbook([], rows)))).toEqual([['5.25', 'true']])
  })
})

describe('a hostile workbook is refused', () => {
  it.each([
    ['A1048576', 'the last row'],
    ['XFD1', 'the last column'],
  ])('whose cell is at %s, %s', async (place) => {
    const rows = `<row r="1"><c r='${place}' t="inlineStr"><is><t>x</t></is></c></row>`
    expect(await refusedWith(workbook([], rows))).toBe('workbook_too_large')
  })

  it('whose cell is written with an entity', async () =>
    expect(await refusedWith(workbook([], '<row><c r="&#88;FD1"><v>1</v></c></row>'))).toBe('bad_workbook'))

  it('that unpacks to more than it may', async () => {
    const bomb = zipSync({ 'xl/a.xml': new Uint8Array(XLSX_LIMITS.unpackedBytes + 1) }, { level: 1 })
    expect(bomb.length).toBeLessThan(1_000_000)
    expect(await refusedWith(bomb)).toBe('workbook_too_large')
  })

  it('that has too many parts', async () => {
    const parts = Array.from({ length: XLSX_LIMITS.files + 1 }, (_, i) => [`${i}.bin`, new Uint8Array()])
    expect(await refusedWith(zipSync(Object.fromEntries(parts)))).toBe('workbook_too_large')
  })

  it('that is a ZIP file of something else, or cut off', async () => {
    expect(await refusedWith(zipSync({ 'a.txt': strToU8('hello') }))).toBe('bad_workbook')
    const whole = workbook([['a']])
    expect(await refusedWith(whole.slice(0, whole.length - 30))).toBe('bad_workbook')
  })

  it('with any byte changed: read, or refused with a reason', () => {
    const whole = workbook([
      ['番号', 'b'],
      ['5.1', 'c'],
    ])
    return fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 }), async (at, byte) => {
        const bytes = Uint8Array.from(whole)
        bytes[at] = byte
        expect(['done', 'bad_workbook', 'workbook_too_large']).toContain(await refusedWith(bytes))
      }),
      { numRuns: 200 },
    )
  })
})
