import { describe, expect, it } from 'vitest'
import { caseDocument } from '../../src/catalog/cases/document.ts'
import {
  type Control,
  formsOf,
  isFileForm,
  type PlanCase,
  type TemplateCase,
} from '../../src/catalog/record.ts'
import { readLibrary } from '../../src/cli/control/library.ts'
import { type GuardValue, isList, isMap, Unknown } from '../../src/guard/document/value.ts'
import { noBinary, type OfficialVerdicts, officialVerdicts } from './official.ts'

/** cfn-guard knows no unknown values: it judges what is known wholly. */
function isKnown(value: GuardValue): boolean {
  if (value instanceof Unknown) return false
  if (isList(value)) return value.every(isKnown)
  return !isMap(value) || Object.values(value).every(isKnown)
}

const verdictOf = ({ fail, pass }: OfficialVerdicts): string =>
  fail.length > 0 ? 'FAIL' : pass.length > 0 ? 'PASS' : 'SKIP'

/** Cases of a form on which the official engine says something else than their author. */
function disagreements(control: Control, form: string, file: string): readonly unknown[] {
  const cases = control.cases
    .filter((one): one is TemplateCase | PlanCase => one.form === form)
    .map((one) => ({ name: one.name, expect: one.expect, document: caseDocument(one) }))
    .filter(({ document }) => isKnown(document))
  const verdicts = officialVerdicts(
    String(control.documents[file]),
    cases.map(({ document }) => JSON.stringify(document)),
  )
  return cases.flatMap(({ name, expect: wanted }, i) => {
    const found = verdicts?.[i]
    const official = found === undefined ? 'no verdict' : verdictOf(found)
    return official === wanted ? [] : [{ control: control.record.id, form, name, wanted, official }]
  })
}

describe.runIf(noBinary === null)('the official engine', () => {
  it('says of every case of our Guard rules what the case says', { timeout: 600_000 }, () => {
    const found = readLibrary().flatMap((control) =>
      formsOf(control.record)
        .filter(isFileForm)
        .filter(({ kind }) => kind === 'cfn-guard' || kind === 'terraform-guard')
        .flatMap(({ kind, file }) => disagreements(control, kind, file)),
    )
    expect(found).toEqual([])
  })
})
