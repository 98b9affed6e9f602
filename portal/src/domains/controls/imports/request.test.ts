import { importRequest } from '@rankan/server/src/catalog/imports/view.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { guessedColumns, type ImportDraft, mappingStart, NAME, proposedName, requestOf } from './request.ts'

const draft: ImportDraft = {
  kind: 'spreadsheet',
  name: 'toitsu-kijun',
  sourceVersion: '',
  organization: null,
  files: [{ name: 'kijun.xlsx', content: 'UEsDBA==' }],
  mapping: {
    ...mappingStart('2026-07-01'),
    titleJa: '政府統一基準',
    source: '自組織の表',
    columns: { id: '番号', controls: '統制' },
    edgesSource: 'CISO室',
    reviewedBy: '佐藤',
  },
}

describe('what is sent', () => {
  it('is as the server wants it', () => {
    const kinds = ['spreadsheet', 'security-hub', 'oscal-catalog', 'oscal-profile'] as const
    for (const kind of kinds)
      expect(importRequest.safeParse(requestOf({ ...draft, kind })).error).toBeUndefined()
    expect(requestOf({ ...draft, kind: 'in-place', organization: 'aws_x' })).toEqual({
      kind: 'in-place',
      awsOrganizationId: 'aws_x',
    })
  })

  it('is nothing while something is missing', () => {
    expect(requestOf({ ...draft, files: [] })).toBeNull()
    expect(requestOf({ ...draft, name: 'No good' })).toBeNull()
    expect(requestOf({ ...draft, mapping: { ...draft.mapping, columns: {} } })).toBeNull()
    expect(requestOf({ ...draft, mapping: { ...draft.mapping, reviewedBy: ' ' } })).toBeNull()
    expect(requestOf({ ...draft, kind: 'in-place' })).toBeNull()
  })
})

it('headings are taken for the columns that they sound like, each once', () => {
  expect(guessedColumns(['番号', '見出し', '統制', '関係', '備考'])).toEqual({
    id: '番号',
    title: '見出し',
    controls: '統制',
    relation: '関係',
  })
  expect(guessedColumns(['備考'])).toEqual({})
})

it('a proposed name is one that may be given, or empty', () =>
  fc.assert(
    fc.property(fc.string({ maxLength: 90 }), (file) => {
      const name = proposedName(file)
      expect(name === '' || NAME.test(name)).toBe(true)
    }),
  ))
