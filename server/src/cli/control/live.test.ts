import { describe, expect, it } from 'vitest'
import { frameworkNamed } from '../../catalog/coverage.ts'
import { coverageMap } from '../../catalog/coverage-map.ts'
import { coverageColumns, coverageTable } from '../../catalog/coverage-table.ts'
import { type LiveOrganization, placesOn } from '../../catalog/live.ts'
import { countOn, placesOf, switchedOn } from '../../catalog/live-coverage.ts'
import type { ControlPlaces } from '../../catalog/view.ts'
import { type Cli, createProgram } from '../app.ts'
import { controlCommands } from './commands.ts'
import { readLibrary } from './library.ts'

const library = readLibrary()
const FULL = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }
const NO_IAM = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Action: ['iam:CreateUser'], Resource: '*' }],
}
const imported = (id: string, on: readonly string[], runs: readonly string[]) => ({
  id,
  title: '',
  remedy: null,
  type: 'detective' as const,
  severity: null,
  resourceTypes: [],
  runs: [...runs],
  parameters: {},
  on: [...on],
})
const libraryOf = (kind: 'in-place' | 'conformance-pack', name: string, controls: object[]) =>
  ({ kind, name, version: '', source: '', notes: [], controls }) as LiveOrganization['inPlace']

const organization: LiveOrganization = {
  id: 'aws_x',
  name: 'X',
  readAt: '2026-11-22T00:00:00.000Z',
  names: new Map([
    ['r-1', 'Root'],
    ['ou-1', 'Production'],
  ]),
  places: [
    { id: 'r-1', inForce: { scps: [], rcps: [] } },
    {
      id: 'ou-1',
      inForce: {
        scps: [
          {
            target: 'ou-1',
            policies: [
              { name: 'full', document: FULL },
              { name: 'hand', document: NO_IAM },
            ],
          },
        ],
        rcps: [],
      },
    },
  ],
  kept: {
    policies: [],
    carriers: [
      { part: 'documents', name: 'repair', ref: null, target: 'ou-1', controls: ['ebs-encrypted'] },
      {
        part: 'tower',
        name: 'SH.S3.8',
        ref: null,
        target: 'ou-1',
        controls: ['s3-bucket-block-public-access'],
      },
    ],
  },
  drift: [
    {
      what: 'disabled',
      part: 'tower',
      name: 'SH.S3.8',
      target: 'ou-1',
      controls: [],
      words: { ja: '', en: '' },
      proposal: { ja: '', en: '' },
    },
  ],
  inPlace: libraryOf('in-place', 'aws_x', [
    imported('AWS-GR_ENCRYPTED_VOLUMES', ['ou-1'], ['config-managed-rule:ENCRYPTED_VOLUMES']),
    imported('conformance-pack:ours', ['organization'], []),
  ]),
}
const pack = libraryOf('conformance-pack', 'ours', [imported('x', [], ['security-hub:IAM.2'])])
const found = placesOn(library, [organization], pack === null ? [] : [pack])
const switched = switchedOn(found)
const on = (control: string, type: Parameters<typeof placesOf>[2]) =>
  placesOf(switched, control, type).map((one) => [one.place, one.by, one.name])

describe('where controls are on', () => {
  it('asks the policies in force, whoever wrote them', () => {
    expect(on('no-iam-users', 'preventive')).toEqual([['Production', 'policies', 'hand']])
    expect(on('allowed-regions', 'preventive')).toEqual([])
  })

  it('takes what was applied and what others had enabled, and leaves out what was taken away', () => {
    expect(on('ebs-encrypted', 'responsive')).toEqual([['Production', 'documents', 'repair']])
    expect(on('ebs-encrypted', 'detective')).toEqual([['Production', 'tower', 'AWS-GR_ENCRYPTED_VOLUMES']])
    expect(on('s3-bucket-block-public-access', 'detective')).toEqual([])
  })

  it('knows a conformance pack by the template that was imported', () =>
    expect(on('no-iam-users', 'detective')).toEqual([['Root', 'packs', 'ours']]))

  it('counts elements of a framework, and stands in its table', () => {
    const map = coverageMap(frameworkNamed('nist-csf-2.0'), library)
    const count = countOn(map.sections, switched)
    expect(count).toBeGreaterThan(0)
    expect(count).toBeLessThan(map.requirements - map.gaps)
    const rows = coverageTable(map, library, found)
    for (const row of rows) expect(row).toHaveLength(coverageColumns(true).length)
    const withUsers = rows.filter((row) => row.includes('preventive') && row.at(-2) === 'no-iam-users')
    expect(withUsers.every((row) => row.at(-1) === 'X: Production')).toBe(true)
    expect(withUsers.length).toBeGreaterThan(0)
  })
})

it('`coverage --live` asks the server and counts both', async () => {
  const answer: ControlPlaces = {
    organizations: [{ id: 'aws_x', name: 'X', readAt: null, inPlaceAt: null }],
    controls: found,
  }
  const asked: string[] = []
  const printed: { lines: readonly string[]; value: unknown } = { lines: [], value: null }
  const cli = {
    api: {
      get: async (path: string) => {
        asked.push(path)
        return answer
      },
    },
    print: (value: unknown, lines: () => readonly string[]) =>
      Object.assign(printed, { value, lines: lines() }),
  }
  const program = createProgram([controlCommands], () => cli as unknown as Cli)
  await program.parseAsync(['node', 'rankan', 'control', 'coverage', '--live'])
  expect(asked).toEqual(['/api/control-places'])
  expect(printed.lines.some((line) => /^PR\.AA-01\s+1\/\d+/.test(line))).toBe(true)
  expect(printed.lines.at(-1)).toBe('X: policies read never, what is in place imported never')
  expect(printed.value).toMatchObject({ framework: 'nist-csf-2.0' })
})
