import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../src/kernel/random.ts'
import { generator } from './arbitrary.ts'
import { BINARY, controlTowerRules, noBinary, officialVerdicts } from './official.ts'
import { ourVerdicts } from './ours.ts'
import { passingTemplates } from './passing.ts'
import { templatesFor } from './templates.ts'

if (noBinary !== null) console.warn(`The differential tests of the Guard engine do not run: ${noBinary}.`)

/** Documents and rules on which one of the two engines says something else. */
function disagreements(rules: string, documents: readonly string[]): readonly unknown[] {
  const all = officialVerdicts(rules, documents)
  return documents.flatMap((document, i) => {
    // One document on which the official engine gives up hides its verdicts on the others.
    const official = all === null ? (officialVerdicts(rules, [document])?.[0] ?? null) : (all[i] ?? null)
    const ours = ourVerdicts(rules, document)
    return official === null || JSON.stringify(ours) === JSON.stringify(official)
      ? []
      : [{ rules, document, ours, official }]
  })
}

const TEMPLATES = Number(process.env.GUARD_TEMPLATES ?? 5)
/** Rules that have compliant templates. */
const PASSING_RULES = 181
const RULE_FILES = Number(process.env.GUARD_RULE_FILES ?? 60)

describe.runIf(noBinary === null)(`the official engine (${BINARY})`, () => {
  const rules = controlTowerRules()

  it('gives the same verdicts on the 237 Control Tower rules', { timeout: 900_000 }, () => {
    expect(rules).toHaveLength(237)
    const found = rules.flatMap(({ file, text }, i) =>
      disagreements(
        text,
        [...templatesFor(text, TEMPLATES, i), ...passingTemplates(file)].map((one) => JSON.stringify(one)),
      ),
    )
    expect(found).toEqual([])
  })

  it('passes most of the Control Tower rules on templates that comply', () => {
    const passed = rules.filter(({ file, text }) => {
      const verdicts = passingTemplates(file).map((one) => ourVerdicts(text, JSON.stringify(one)))
      for (const verdict of verdicts) expect(verdict).toMatchObject({ fail: [], pass: [expect.any(String)] })
      return verdicts.length > 0
    })
    expect(passed.length).toBeGreaterThanOrEqual(PASSING_RULES)
  })

  it('gives the same verdicts on generated rules and documents', { timeout: 900_000 }, () => {
    const found = Array.from({ length: RULE_FILES }, (_, seed) => {
      const { rules: make, document } = generator(seededRandom(seed + 1))
      const text = make()
      return disagreements(
        text,
        Array.from({ length: 5 }, () => JSON.stringify(document())),
      )
    }).flat()
    expect(found).toEqual([])
  })
})
