import fc from 'fast-check'
import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import { IMPORT_LIMITS } from '../../domain/organisations/import/limits.ts'
import { builtInProfile } from '../../domain/organisations/import/profile.ts'
import { readRows } from '../../domain/organisations/import/rows.ts'
import { RankanError } from '../../kernel/errors.ts'
import { refusalOf } from '../../kernel/testing.ts'
import { readCsv } from './read-file.ts'

const TEXT =
  'pid,pref,cid,city,citykana\r\n1,北海道,1100,札幌市,さっぽろし\r\n1,北海道,1101,札幌市 中央区,さっぽろし ちゅうおうく\r\n'
const utf8 = (text: string) => new TextEncoder().encode(text)
const rowsOf = (bytes: Uint8Array) => {
  const profile = builtInProfile('localgovjp')
  if (profile === null) throw new Error('no profile')
  const file = readCsv(bytes)
  return readRows(file.headings, file.records, profile)
}

describe('reading a list', () => {
  it.each([
    ['UTF-8', utf8(TEXT)],
    ['UTF-8', utf8(`\uFEFF${TEXT}`)],
    ['Shift_JIS', new Uint8Array(iconv.encode(TEXT, 'cp932'))],
  ])('in %s', (encoding, bytes) => {
    const file = readCsv(bytes)
    expect(file.encoding).toBe(encoding)
    expect(file.headings[0]).toBe('pid')
    expect(file.records[0]).toEqual({
      line: 2,
      cells: { pid: '1', pref: '北海道', cid: '1100', city: '札幌市', citykana: 'さっぽろし' },
    })
  })

  it('lines are counted through cells with line breaks', () => {
    const file = readCsv(utf8('a,b\n"1\n2",x\n\n3,y\n'))
    expect(file.records.map((r) => r.line)).toEqual([2, 5])
  })

  it.each([
    ['file_empty', utf8('')],
    ['nul_byte', utf8('a,b\n1,\0\n')],
    ['encoding_utf16', new Uint8Array([0xff, 0xfe, 0x61, 0])],
    [
      'encoding_unknown',
      new Uint8Array([...utf8('a\n札幌市札幌市札幌市札幌市札幌市札幌市札幌市\n'), 0xff, 0x0a]),
    ],
    ['csv_broken', utf8('a,b\n1,"2\n')],
    ['csv_broken', utf8('a,b\n1,2,3\n')],
    ['csv_broken', utf8(`a,b\n1,${'x'.repeat(IMPORT_LIMITS.recordBytes + 1)}\n`)],
    ['heading_twice', utf8('a,a\n')],
    ['heading_twice', utf8('a,__proto__\n')],
    ['heading_empty', utf8('a,\n')],
    [
      'too_many_columns',
      utf8(Array.from({ length: IMPORT_LIMITS.columns + 1 }, (_, i) => `c${i}`).join(',')),
    ],
    ['file_too_large', new Uint8Array(IMPORT_LIMITS.fileBytes + 1)],
  ])('%s', (code, bytes) => {
    expect(refusalOf(() => readCsv(bytes)).code).toBe(code)
  })

  it('says line and byte of the first wrong byte', () => {
    const bytes = new Uint8Array([
      ...utf8('a,b\n札幌市,小樽市札幌市小樽市札幌市小樽市札幌市\n1,'),
      0xfe,
      0x0a,
    ])
    expect(refusalOf(() => readCsv(bytes)).issues[0]?.path).toEqual([3, 3])
  })

  it('no_bytes_make_it_do_anything_but_read_or_refuse', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        try {
          expect(readCsv(bytes).headings.length).toBeGreaterThan(0)
        } catch (error) {
          expect(error).toBeInstanceOf(RankanError)
          expect((error as RankanError).kind).toBe('invalid')
        }
      }),
      // A quotation mark inside a cell: the parser's only code without the prefix `CSV_`.
      { examples: [[Uint8Array.from([1, 34])]] },
    )
  })
})

describe('understanding its rows', () => {
  const list = (...lines: readonly string[]) =>
    utf8(['pid,pref,cid,city,citykana,lgcode', ...lines].join('\n'))
  const issuesOf = (bytes: Uint8Array) => {
    const rows = rowsOf(bytes)
    if (rows.ok) throw new Error('nothing was wrong')
    return rows.error.map((issue) => [...issue.path, issue.code])
  }

  it('a ward belongs to its city', () => {
    const rows = rowsOf(utf8(TEXT))
    if (!rows.ok) throw new Error(rows.error[0]?.message)
    expect(rows.value.map((r) => [r.facts.code, r.facts.kind, r.facts.nameJa, r.facts.parentCode])).toEqual([
      ['011002', 'city', '札幌市', '010006'],
      ['011011', 'ward', '札幌市中央区', '011002'],
    ])
  })

  it.each([
    ['code_check_digit', ['1,北海道,1100,札幌市,さっぽろし,011003']],
    ['codes_differ', ['1,北海道,1101,札幌市,さっぽろし,011002']],
    ['code_twice', ['1,北海道,1100,札幌市,さっぽろし,', '1,北海道,1100,札幌市,さっぽろし,']],
    ['formula', ['1,北海道,1100,=HYPERLINK(1)市,さっぽろし,']],
    ['formula', ['1,北海道,1100,＝市,さっぽろし,']],
    ['control_character', ['1,北海道,1100,札幌\u202E市,さっぽろし,']],
    ['markup', ['1,北海道,1100,<b>市,さっぽろし,']],
    ['not_kana', ['1,北海道,1100,札幌市,Sapporo,']],
    ['kind_unknown', ['1,北海道,1100,札幌,さっぽろし,']],
    ['name_missing', ['1,北海道,1100,,さっぽろし,']],
    ['code_missing', ['1,北海道,,札幌市,さっぽろし,']],
    ['text_too_long', [`1,北海道,1100,${'長'.repeat(101)}市,さっぽろし,`]],
  ])('%s is said with its line and column', (code, lines) => {
    const issue = issuesOf(list(...lines)).find((i) => i.at(-1) === code)
    expect(issue?.[0]).toBe(lines.length + 1)
    expect(typeof issue?.[1]).toBe('string')
  })

  it('predecessors are written as the code is, or in full', () => {
    const rows = rowsOf(utf8('cid,city,citykana,predecessors\n18299,山海市,さんかいし,18382 184047\n'))
    expect(rows.ok && rows.value[0]?.predecessors).toEqual(['183822', '184047'])
  })

  it('a missing column is named', () => {
    expect(issuesOf(utf8('cid,name\n1100,札幌市\n'))).toEqual([[1, 'column_missing']])
  })

  it('a message never carries a control character of the file', () => {
    const rows = rowsOf(list('1,北海道,\u001b[31m,札幌市,さっぽろし,'))
    expect(rows.ok ? '' : rows.error.map((i) => i.message).join()).not.toMatch(/\p{Cc}/u)
  })
})
