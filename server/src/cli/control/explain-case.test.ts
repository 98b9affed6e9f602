import { expect, it } from 'vitest'
import { inputOf, withInput } from '../../catalog/case-input.ts'
import { runCases } from '../../catalog/cases.ts'
import { explainCase } from '../../catalog/explain-case.ts'
import { controlCase } from '../../catalog/record.ts'
import { readLibrary } from './library.ts'

const library = readLibrary()

/** The engines run every case elsewhere; here a few of each control tell whether words come with it. */
const ASKED = 4

it('explains cases of every control as they came out, and names what failed', () => {
  const silent: string[] = []
  for (const control of library) {
    for (const one of control.cases.slice(-ASKED)) {
      const { found, sentences, findings } = explainCase(control, one)
      const [alone] = runCases({ ...control, cases: [one] })
      expect([control.record.id, one.name, found]).toEqual([control.record.id, one.name, alone?.found])
      if (one.form === 'scp' || one.form === 'rcp') expect(sentences.length).toBeGreaterThan(0)
      const failed = ['FAIL', 'NON_COMPLIANT', 'UNKNOWN'].includes(found)
      if (failed && findings.length === 0) silent.push(`${control.record.id}: ${one.name}`)
    }
  }
  expect(silent).toEqual([])
})

it('gives back the case when its own input is put in', () => {
  for (const { cases } of library)
    for (const one of cases) {
      const again = controlCase.safeParse(withInput(one, inputOf(one)))
      expect([one.name, again.success]).toEqual([one.name, true])
    }
})
