import { describe, expect, it } from 'vitest'
import { awsEdges, disagreements } from './disagreements.ts'
import requirements from './frameworks/aws-requirements.json' with { type: 'json' }
import { elementOf } from './frameworks.ts'
import type { ControlRecord, FrameworkEdge } from './record.ts'

const edge = (
  framework: string,
  element: string,
  source = 'Rankan',
  relation: FrameworkEdge['relation'] = 'intersects',
): FrameworkEdge => ({ framework, element, relation, source, reviewedBy: source, reviewedOn: '2026-11-22' })

const record = (frameworks: FrameworkEdge[]): ControlRecord => ({
  id: 'a',
  version: 1,
  title: { ja: 'あ', en: 'a' },
  objective: { ja: 'あ', en: 'a' },
  rationale: { ja: 'あ', en: 'a' },
  guidance: { ja: 'あ', en: 'a' },
  severity: 'low',
  services: ['kms'],
  resourceTypes: [],
  frameworks,
  parameters: {},
  forms: { detective: [{ kind: 'security-hub', control: 'KMS.4' }] },
})

describe('sources of framework edges', () => {
  it('says what AWS relates to the controls of Security Hub that a control leads to', () => {
    const edges = awsEdges(record([edge('aws-security-hub', 'KMS.4')]))
    expect(edges.map(({ framework, element }) => `${framework} ${element}`)).toEqual(
      expect.arrayContaining(['cis-aws-foundations 5.0.0/3.6', 'nist-sp-800-53-r5 SC-12(2)']),
    )
    expect(awsEdges(record([edge('nist-csf-2.0', 'PR.DS-01')]))).toEqual([])
  })

  it('says in which edition of the guide an edge was read, and counts both as one source', () => {
    const edges = awsEdges(
      record([edge('aws-security-hub', 'CloudTrail.4'), edge('aws-security-hub', 'S3.17')]),
    )
    const readIn = (framework: string, element: string) =>
      edges
        .filter((one) => one.framework === framework && one.element === element)
        .map((one) => one.reviewedBy)
    expect(readIn('nist-sp-800-53-r5', 'SI-7(1)')).toEqual([requirements.earlier.name])
    expect(readIn('cis-aws-foundations', '5.0.0/3.2')).toEqual([requirements.name])
    expect(readIn('nist-sp-800-53-r5', 'AU-9')).toEqual([requirements.name])
    expect(new Set(edges.map(({ source }) => source))).toEqual(new Set([requirements.name]))
  })

  it('has read the controls of the earlier edition', () => {
    const read = new Map(Object.entries<Readonly<Record<string, readonly string[]>>>(requirements.controls))
    const { framework, controls } = requirements.earlier
    expect(controls.filter((control) => (read.get(control)?.[framework] ?? []).length === 0)).toEqual([])
  })

  it('finds different relations, and elements that only one of two sources names', () => {
    const frameworks = [
      edge('nist-sp-800-53-r5', 'SC-12', 'Rankan', 'subset'),
      edge('nist-sp-800-53-r5', 'AC-3'),
      edge('nist-csf-2.0', 'PR.DS-01'),
    ]
    const others = [edge('nist-sp-800-53-r5', 'SC-12', 'AWS'), edge('nist-sp-800-53-r5', 'SC-28(3)', 'AWS')]
    expect(disagreements(record(frameworks), others)).toEqual([
      {
        framework: 'nist-sp-800-53-r5',
        element: 'SC-12',
        kind: 'relation',
        statements: [
          { source: 'Rankan', relation: 'subset' },
          { source: 'AWS', relation: 'intersects' },
        ],
      },
      expect.objectContaining({ element: 'AC-3', kind: 'silence' }),
      expect.objectContaining({ element: 'SC-28(3)', kind: 'silence' }),
    ])
  })

  it('is content where only one source speaks, or both say the same', () => {
    const same = [edge('nist-sp-800-53-r5', 'SC-12', 'AWS')]
    expect(disagreements(record([edge('nist-sp-800-53-r5', 'SC-12')]), same)).toEqual([])
    expect(disagreements(record([edge('nist-csf-2.0', 'PR.DS-01')]), same)).toEqual([])
  })

  it('has only elements that the frameworks have', () => {
    const named = Object.values<Readonly<Record<string, readonly string[]>>>(requirements.controls).flatMap(
      (one) => Object.entries(one).flatMap(([framework, ids]) => ids.map((id) => ({ framework, id }))),
    )
    const lost = named.filter(({ framework, id }) => elementOf(framework, id)?.withdrawn !== undefined)
    expect(named.filter(({ framework, id }) => elementOf(framework, id) === null)).toEqual([])
    expect(lost).toEqual([])
  })
})
