import { describe, expect, it } from 'vitest'
import { frameworkNamed } from './coverage.ts'
import { coverageMap } from './coverage-map.ts'
import { coverageSvg } from './coverage-svg.ts'
import { COVERAGE_COLUMNS, coverageTable } from './coverage-table.ts'
import { FRAMEWORKS } from './frameworks.ts'
import type { Control, ControlRecord } from './record.ts'

const text = { ja: '統制 <&>', en: 'a "control" <&>' }

function control(
  id: string,
  element: string,
  forms: ControlRecord['forms'],
  services: readonly string[],
  framework = 'nist-csf-2.0',
): Control {
  const edge = {
    framework,
    element,
    relation: 'subset',
    source: 's',
    reviewedBy: 'r',
    reviewedOn: '2026-11-22',
  }
  const record = {
    id,
    version: 1,
    title: text,
    objective: text,
    rationale: text,
    guidance: text,
    severity: 'high',
    services: [...services],
    resourceTypes: [],
    frameworks: [edge],
    parameters: {},
    forms,
  }
  return { record: record as ControlRecord, documents: {}, cases: [] }
}

const SCP: ControlRecord['forms'] = { preventive: [{ kind: 'scp', file: 'scp.json' }] }
const GUARD: ControlRecord['forms'] = { proactive: [{ kind: 'cfn-guard', file: 'cfn.guard' }] }
const library = [
  control('keys', 'PR.DS-01', SCP, ['kms', 's3']),
  control('disks', 'PR.DS-01', { ...SCP, ...GUARD }, ['ec2']),
  control('regions', 'PR.PS-01', SCP, ['*']),
]
const csf = frameworkNamed('nist-csf-2.0')

describe('the map of a framework', () => {
  it.each(FRAMEWORKS.map((framework) => [framework.id, framework] as const))(
    'has every element of %s once: as heading, requirement or withdrawn',
    (_, framework) => {
      const map = coverageMap(framework, [])
      const ids = map.sections.flatMap(({ groups }) =>
        groups.flatMap(({ requirements }) => requirements.map(({ element }) => element.id)),
      )
      expect(new Set(ids).size).toBe(ids.length)
      expect(ids.length).toBe(map.requirements)
      expect(map.gaps).toBe(map.requirements)
      const headings = framework.elements.filter(
        ({ id, withdrawn }) => withdrawn !== true && !ids.includes(id),
      )
      // A heading holds something, and is not held by a requirement.
      for (const { id, parent } of headings) {
        expect(framework.elements.some((one) => one.parent === id)).toBe(true)
        expect(parent === null || !ids.includes(parent)).toBe(true)
      }
    },
  )

  it('counts the 106 subcategories of NIST CSF 2.0, and their gaps first', () => {
    const map = coverageMap(csf, library)
    expect([map.requirements, map.gaps]).toEqual([106, 104])
    const protect = map.sections.find(({ element }) => element.id === 'PR')
    expect(protect?.served).toEqual({ preventive: 2, proactive: 1, detective: 0, responsive: 0 })
    const data = protect?.groups.find(({ element }) => element.id === 'PR.DS')
    expect(data?.requirements.at(-1)?.element.id).toBe('PR.DS-01')
    expect(data?.requirements.at(-1)?.controls.preventive).toEqual(['disks', 'keys'])
  })

  it('narrows to a type and to a service; a control for every service stays', () => {
    const served = (filter: Parameters<typeof coverageMap>[2]) =>
      coverageMap(csf, library, filter)
        .sections.flatMap(({ groups }) => groups.flatMap(({ requirements }) => requirements))
        .filter(({ gap }) => !gap)
        .map(({ element }) => element.id)
    expect(served({ type: 'proactive' })).toEqual(['PR.DS-01'])
    expect(served({ type: 'detective' })).toEqual([])
    expect(served({ service: 'kms' })).toEqual(['PR.DS-01', 'PR.PS-01'])
    expect(served({ service: 'sqs' })).toEqual(['PR.PS-01'])
  })
})

describe('the table of a framework', () => {
  it('has a row for each requirement, type and service, after a row for each gap', () => {
    const map = coverageMap(csf, library)
    const rows = coverageTable(map, library)
    for (const row of rows) expect(row.length).toBe(COVERAGE_COLUMNS.length)
    expect(rows.slice(0, map.gaps).every((row) => row[5] === 'yes')).toBe(true)
    expect(rows.slice(map.gaps).map((row) => [row[2], ...row.slice(5)])).toEqual([
      ['PR.DS-01', 'no', 'preventive', 'ec2', 'disks'],
      ['PR.DS-01', 'no', 'preventive', 'kms', 'keys'],
      ['PR.DS-01', 'no', 'preventive', 's3', 'keys'],
      ['PR.DS-01', 'no', 'proactive', 'ec2', 'disks'],
      ['PR.PS-01', 'no', 'preventive', '*', 'regions'],
    ])
  })
})

describe('the picture of a framework', () => {
  it.each(['ja', 'en'] as const)('draws a tile for each requirement, with closed tags, in %s', (language) => {
    for (const framework of FRAMEWORKS) {
      const map = coverageMap(framework, library)
      const svg = coverageSvg(map, language)
      expect(svg.match(/<g>/g)?.length).toBe(map.requirements)
      for (const tag of ['g', 'title', 'text', 'svg'])
        expect([tag, svg.split(`<${tag}`).length]).toEqual([tag, svg.split(`</${tag}>`).length])
      expect(svg).toContain(`lang="${language}"`)
    }
  })

  it('escapes what a framework of somebody else brings', () => {
    const hostile = {
      ...csf,
      title: { ja: '<script>', en: '"><script>&' },
      elements: [{ id: 'X-1<', parent: null, title: { ja: '<b>', en: '<b>' } }],
    }
    const svg = coverageSvg(coverageMap(hostile, []), 'en')
    expect(svg).not.toMatch(/<script|<b>|1<(?!\/)/)
  })
})
