import { describe, expect, it } from 'vitest'
import { frameworkNamed } from '../../catalog/coverage.ts'
import {
  controlDetailOf,
  controlNamed,
  controlRowOf,
  filterControls,
  frameworkCoverageOf,
} from '../../catalog/library.ts'
import { controlDetail, controlRow, frameworkCoverage } from '../../catalog/view.ts'
import { readLibrary } from './library.ts'

const library = readLibrary()
const ids = (filter: Parameters<typeof filterControls>[1]) =>
  filterControls(library, filter).map(({ record }) => record.id)

describe('what the API tells of the library', () => {
  it('fits the shapes that the portal reads, for every control and framework', () => {
    for (const control of library) {
      controlRow.parse(controlRowOf(control))
      controlDetail.parse(JSON.parse(JSON.stringify(controlDetailOf(control))))
    }
    frameworkCoverage.parse(frameworkCoverageOf(frameworkNamed('nist-csf-2.0'), library, {}))
  })

  it('finds a control by words in both languages, in any width and case', () => {
    expect(ids({ text: 'ＥＢＳ 暗号化' })).toContain('ebs-encrypted')
    expect(ids({ text: 'ebs ENCRYPTED' })).toContain('ebs-encrypted')
    expect(ids({ text: 'ebs no-such-word' })).toEqual([])
    expect(ids({})).toEqual(library.map(({ record }) => record.id))
  })

  it('finds the controls of an element and of those below it, of a type and of a service', () => {
    const below = ids({ framework: 'nist-csf-2.0', element: 'PR.DS-01' })
    expect(below).toContain('ebs-encrypted')
    expect(ids({ framework: 'nist-csf-2.0', element: 'PR' })).toEqual(expect.arrayContaining(below))
    expect(ids({ framework: 'nist-csf-2.0', element: 'GV' })).not.toContain('ebs-encrypted')
    for (const { record } of filterControls(library, { type: 'responsive', service: 'ec2' }))
      expect([record.id, record.forms.responsive !== undefined, record.services.includes('ec2')]).toEqual([
        record.id,
        true,
        true,
      ])
  })

  it('fills parameters in what one hands to AWS, and keeps the names in what is kept', () => {
    const { documents, filled } = controlDetailOf(controlNamed(library, 'allowed-regions'))
    expect(JSON.stringify(documents['scp.json'])).toContain('{{')
    expect(JSON.stringify(filled['scp.json'])).not.toContain('{{')
    expect(JSON.stringify(filled['scp.json'])).toContain('ap-northeast-1')
  })
})
