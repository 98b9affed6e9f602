import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RankanError } from '../../kernel/errors.ts'
import { refusalOf } from '../../kernel/testing.ts'
import { conformancePackLibrary } from './conformance-pack.ts'
import { controlTowerLibrary } from './control-tower.ts'
import { differenceOf, type ImportedLibrary } from './imported.ts'
import { readSpreadsheet, type SheetRow, spreadsheetMapping } from './spreadsheet.ts'

const mapping = spreadsheetMapping.parse({
  framework: { id: 'ismap', title: { ja: 'ISMAP', en: 'ISMAP' }, source: 'own file', asOf: '2026-04-01' },
  columns: { id: '管理策番号', title: '見出し', controls: '統制' },
  edges: { relation: 'intersects', source: 'CISO室', reviewedBy: '佐藤', reviewedOn: '2026-11-01' },
})
const HEADINGS = ['管理策番号', '見出し', '統制']
const rowsOf = (...cells: readonly (readonly string[])[]): readonly SheetRow[] =>
  cells.map((values, i) => ({
    line: i + 2,
    cells: Object.fromEntries(HEADINGS.map((heading, at) => [heading, values[at] ?? ''])),
  }))
const read = (rows: readonly SheetRow[], headings = HEADINGS) =>
  readSpreadsheet(headings, rows, mapping, new Set(['allowed-regions', 'imdsv2-required']))

const faultsOf = (run: () => unknown): readonly string[] =>
  refusalOf(run).issues.map(({ path, code }) => `${path.join(':')} ${code}`)

describe("an operator's spreadsheet", () => {
  it('is a framework with its tree, and edges with provenance', () => {
    const { framework, edges } = read(
      rowsOf(['5', '方針'], ['5.1.1', '方針の承認', 'allowed-regions; imdsv2-required'], ['5.1.1.2', '周知']),
    )
    expect(framework.elements.map(({ id, parent }) => [id, parent])).toEqual([
      ['5', null],
      ['5.1.1', '5'],
      ['5.1.1.2', '5.1.1'],
    ])
    expect(edges).toEqual(
      ['allowed-regions', 'imdsv2-required'].map((control) => ({
        control,
        edge: { ...mapping.edges, framework: 'ismap', element: '5.1.1' },
      })),
    )
  })

  it('goes on with the identifier above where cells were merged', () => {
    const { framework, edges } = readSpreadsheet(
      HEADINGS,
      rowsOf(['6-1-1(2)', '鍵', 'allowed-regions'], ['', '', 'imdsv2-required'], ['6-1-1', '暗号']),
      { ...mapping, merged: true },
      new Set(['allowed-regions', 'imdsv2-required']),
    )
    expect(framework.elements.map(({ id, parent }) => [id, parent])).toEqual([
      ['6-1-1(2)', '6-1-1'],
      ['6-1-1', null],
    ])
    expect(edges.map(({ control, edge }) => [control, edge.element])).toEqual([
      ['allowed-regions', '6-1-1(2)'],
      ['imdsv2-required', '6-1-1(2)'],
    ])
  })

  it('is refused as a whole with line and column of every fault', () => {
    expect(faultsOf(() => read(rowsOf(['5', '', 'no-such'], ['5', 'また']), HEADINGS))).toEqual([
      '3:管理策番号 twice',
      '2:統制 no_control',
    ])
    expect(faultsOf(() => read(rowsOf(['5']), ['番号', '統制']))).toEqual([
      '1:管理策番号 no_column',
      '1:見出し no_column',
    ])
    expect(faultsOf(() => read(rowsOf(['', 'x'])))).toEqual(['2:管理策番号 no_rows'])
  })

  it('never has a circle or an element twice, whatever the identifiers', () => {
    const id = fc.stringMatching(/^[0-9A-Z]{1,2}([.\-(][0-9]{1,2}\)?){0,3}$/)
    fc.assert(
      fc.property(fc.uniqueArray(id, { minLength: 1, maxLength: 20 }), (ids) => {
        const { elements } = read(rowsOf(...ids.map((one) => [one]))).framework
        const parents = new Map(elements.map(({ id: one, parent }) => [one, parent]))
        expect(elements.map((one) => one.id)).toEqual(ids)
        for (const { id: one, parent } of elements) {
          if (parent === null) continue
          expect(parents.has(parent)).toBe(true)
          expect(parent.length).toBeLessThan(one.length)
        }
      }),
    )
  })
})

const PACK = `
Parameters:
  MaxAge: { Default: '90', Type: String }
  Empty: { Default: '', Type: String }
Conditions:
  given: !Not [!Equals ['', !Ref MaxAge]]
Resources:
  AccessKeysRotated:
    Type: AWS::Config::ConfigRule
    Properties:
      ConfigRuleName: access-keys-rotated
      InputParameters:
        maxAccessKeyAge:
          Fn::If: [given, !Ref MaxAge, !Ref AWS::NoValue]
        other: !Ref Empty
      Source: { Owner: AWS, SourceIdentifier: ACCESS_KEYS_ROTATED }
  Own:
    Type: AWS::Config::ConfigRule
    Properties:
      Scope: { ComplianceResourceTypes: [AWS::S3::Bucket] }
      Source: { Owner: CUSTOM_POLICY }
  Role: { Type: AWS::IAM::Role }
`

describe('a conformance pack', () => {
  it('gives its rules with the parameters they have by default', () => {
    const { controls, notes } = conformancePackLibrary(PACK, 'pack', '1', 'file')
    expect(
      controls.map(({ id, runs, parameters, resourceTypes }) => ({ id, runs, parameters, resourceTypes })),
    ).toEqual([
      {
        id: 'access-keys-rotated',
        runs: ['config-managed-rule:ACCESS_KEYS_ROTATED'],
        parameters: { maxAccessKeyAge: '90' },
        resourceTypes: [],
      },
      { id: 'Own', runs: ['config-guard-rule'], parameters: {}, resourceTypes: ['AWS::S3::Bucket'] },
    ])
    expect(notes).toEqual(['`Role` is neither a rule nor a remediation; conformance packs take no other.'])
  })

  it('says which limit of AWS it passes', () => {
    const rules = Array.from({ length: 131 }, (_, i) => [
      `R${i}`,
      {
        Type: 'AWS::Config::ConfigRule',
        Properties: { Description: 'x'.repeat(400), Source: { Owner: 'AWS', SourceIdentifier: 'A' } },
      },
    ])
    const { notes } = conformancePackLibrary(
      JSON.stringify({ Resources: Object.fromEntries(rules) }),
      'big',
      '1',
      'file',
    )
    expect(notes[0]).toMatch(/131 rules; AWS takes 130/)
    expect(notes[1]).toMatch(/bytes; AWS takes 51200 inline/)
  })

  it.each(['', '[', 'Resources: {}', '{"Resources": 5}'])('%j is refused', (text) =>
    expect(() => conformancePackLibrary(text, 'pack', '1', 'file')).toThrow(RankanError),
  )
})

const RULE = (id: string, fix: string) => `# Rule Identifier:
#   efs_check
#
# Reports on:
#   AWS::EFS::AccessPoint, AWS::EFS::FileSystem
let all = Resources.*
rule efs_check when %all !empty { %all.Type exists <<
  [${id}]: Require it
  [FIX]: ${fix}
>> }`

describe('proactive controls of Control Tower', () => {
  const libraryOf = (...files: readonly string[]) =>
    controlTowerLibrary(
      files.map((text, i) => ({ name: `${i}.guard`, text })),
      '1',
      'npm',
    )

  it('are read from message and comment', () => {
    expect(libraryOf(RULE('CT.EFS.PR.4', 'Set it.')).controls).toEqual([
      {
        id: 'CT.EFS.PR.4',
        title: 'Require it',
        remedy: 'Set it.',
        type: 'proactive',
        severity: null,
        resourceTypes: ['AWS::EFS::AccessPoint', 'AWS::EFS::FileSystem'],
        runs: ['cfn-guard:efs_check'],
        parameters: {},
      },
    ])
  })

  it('notes what is no rule file or no control', () => {
    const { controls, notes } = libraryOf(
      'rule {',
      RULE('X', 'y'),
      RULE('CT.EFS.PR.1', 'a'),
      RULE('CT.EFS.PR.1', 'b'),
    )
    expect(controls).toHaveLength(2)
    expect(notes.map((note) => note.slice(0, 14))).toEqual(
      ['`0.guard` is no', '`1.guard` name', '`CT.EFS.PR.1` '].map((one) => one.slice(0, 14)),
    )
  })

  it('differ between versions by member', () => {
    const before: ImportedLibrary = libraryOf(RULE('CT.EFS.PR.1', 'a'), RULE('CT.EFS.PR.2', 'a'))
    const after = libraryOf(RULE('CT.EFS.PR.2', 'b'), RULE('CT.EFS.PR.3', 'a'))
    expect(differenceOf(before, after)).toEqual({
      added: ['CT.EFS.PR.3'],
      removed: ['CT.EFS.PR.1'],
      changed: [{ id: 'CT.EFS.PR.2', members: ['remedy'] }],
    })
    expect(differenceOf(after, after)).toEqual({ added: [], removed: [], changed: [] })
  })
})
