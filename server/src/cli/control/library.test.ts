import { describe, expect, it } from 'vitest'
import { runCases } from '../../catalog/cases.ts'
import { checkControl } from '../../catalog/check.ts'
import { coverageOf, frameworkNamed } from '../../catalog/coverage.ts'
import { FRAMEWORKS } from '../../catalog/frameworks.ts'
import type { Control } from '../../catalog/record.ts'
import { diskFacts } from '../policy/facts.ts'
import { readLibrary } from './library.ts'

const library = readLibrary()
const facts = diskFacts()

function controlNamed(id: string): Control {
  const found = library.find(({ record }) => record.id === id)
  if (found === undefined) throw new Error(`no control ${id}`)
  return found
}

describe('the library of controls', () => {
  it.each(library.map((control) => [control.record.id, control] as const))('%s is in order', (_, control) => {
    expect(checkControl(control, facts)).toEqual([])
  })

  it('notices a control that does the opposite of what its cases say', () => {
    const control = controlNamed('no-access-keys')
    const document = JSON.parse(JSON.stringify(control.documents['scp.json']).replace('"Deny"', '"Allow"'))
    const broken = { ...control, documents: { 'scp.json': document } }
    expect(runCases(broken).some(({ passed }) => !passed)).toBe(true)
  })

  it('refuses edges to what a framework does not have, and to what was withdrawn', () => {
    const control = controlNamed('ebs-encrypted')
    const [first] = control.record.frameworks
    if (first === undefined) throw new Error('no edge')
    const edges = [
      { ...first, framework: 'nist-csf-9.9' },
      { ...first, element: 'PR.DS-99' },
      { ...first, framework: 'nist-sp-800-53-r5', element: 'AC-13' },
    ]
    const issues = checkControl({ ...control, record: { ...control.record, frameworks: edges } }, facts)
    expect(issues.map(({ code, path }) => [code, path.join('/')])).toEqual([
      ['unknown_framework', 'control.json/frameworks/0/framework'],
      ['unknown_element', 'control.json/frameworks/1/element'],
      ['withdrawn_element', 'control.json/frameworks/2/element'],
    ])
  })

  it('names the folder that cannot be read', () => {
    expect(() => readLibrary('/no/such/folder')).toThrow(/`\/no\/such\/folder` cannot be read/)
  })

  it('has the 106 subcategories of NIST CSF 2.0, each under its category', () => {
    const csf = frameworkNamed('nist-csf-2.0')
    expect(csf.elements.filter(({ id }) => /-\d\d$/.test(id))).toHaveLength(106)
    for (const framework of FRAMEWORKS) {
      const ids = new Set(framework.elements.map(({ id }) => id))
      expect(ids.size).toBe(framework.elements.length)
      expect(framework.elements.filter(({ parent }) => parent !== null && !ids.has(parent))).toEqual([])
    }
  })

  it('counts a control at its element and at every element above it', () => {
    const rows = coverageOf(frameworkNamed('nist-csf-2.0'), [controlNamed('kms-rotation-kept')])
    const served = rows
      .filter(({ controls }) => controls.preventive.length > 0)
      .map(({ element }) => element.id)
    expect(served).toEqual(['PR', 'PR.DS', 'PR.DS-01'])
  })
})
