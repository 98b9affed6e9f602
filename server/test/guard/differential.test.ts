import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../src/kernel/random.ts'
import { generator } from './arbitrary.ts'
import { BINARY, controlTowerRules, noBinary, officialTrace, officialVerdicts } from './official.ts'
import { ourTrace, ourVerdicts } from './ours.ts'
import { passingTemplates } from './passing.ts'
import { broken, templatesFor } from './templates.ts'

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

/** The verdict on a template as a whole; null when our engine gives up, too. */
function verdictOf(text: string, document: string): string | null {
  const verdicts = ourVerdicts(text, document)
  if (verdicts === null) return null
  return verdicts.fail.length > 0 ? 'FAIL' : verdicts.pass.length > 0 ? 'PASS' : 'SKIP'
}

function failing(text: string, compliant: readonly unknown[]): readonly string[] {
  for (const one of broken(text, compliant)) {
    const document = JSON.stringify(one)
    if (verdictOf(text, document) === 'FAIL') return [document]
  }
  return []
}

/** Templates of a rule: generated, compliant, and one that is broken at one place. */
function casesOf(
  { file, text }: { readonly file: string; readonly text: string },
  seed: number,
): readonly string[] {
  const compliant = passingTemplates(file)
  const whole = [...templatesFor(text, TEMPLATES, seed), ...compliant].map((one) => JSON.stringify(one))
  return [...whole, ...failing(text, compliant)]
}

const TEMPLATES = Number(process.env.GUARD_TEMPLATES ?? 5)
const RULE_FILES = Number(process.env.GUARD_RULE_FILES ?? 60)

describe.runIf(noBinary === null)(`the official engine (${BINARY})`, () => {
  const rules = controlTowerRules()

  it('gives the same verdicts on the 237 Control Tower rules', { timeout: 900_000 }, () => {
    expect(rules).toHaveLength(237)
    const found = rules.flatMap(({ file, text }, i) => disagreements(text, casesOf({ file, text }, i)))
    expect(found).toEqual([])
  })

  it('passes, fails and skips every one of them', { timeout: 900_000 }, () => {
    const verdicts = rules.map((rule, i) => ({
      file: rule.file,
      verdicts: [...new Set(casesOf(rule, i).flatMap((one) => verdictOf(rule.text, one) ?? []))].sort(),
    }))
    expect(verdicts.filter(({ verdicts: own }) => own.join() !== 'FAIL,PASS,SKIP')).toEqual([])
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

  it('reports and traces the same, clause by clause', { timeout: 900_000 }, () => {
    const control = rules
      .filter((_, i) => i % 12 === 0)
      .flatMap(({ file, text }, i) => casesOf({ file, text }, i).map((document) => ({ text, document })))
    // Filters on names of members are left out: cfn-guard counts the names that do not fit as failures without words,
    // and tells the places of names, which our documents do not keep.
    const generated = Array.from({ length: 60 }, (_, seed) => {
      const { rules: make, document } = generator(seededRandom(seed + 1))
      return { text: make(), document: JSON.stringify(document()) }
    })
    const compared = [...control, ...generated].flatMap(({ text, document }) => {
      const official = officialTrace(text, document)
      const told = official !== null && !/MapValue|map-key-filter/.test(official)
      return told ? [{ text, document, official }] : []
    })
    expect(compared.length).toBeGreaterThan(100)
    for (const { text, document, official } of compared)
      expect(ourTrace(text, document), `${text}\n${document}`).toBe(official)
  })
})
