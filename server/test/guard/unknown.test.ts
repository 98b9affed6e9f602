import { expect, it } from 'vitest'
import { documentOf } from '../../src/guard/document/document.ts'
import { GuardEvaluationError } from '../../src/guard/document/problem.ts'
import { ABSENT, type GuardValue, Unknown } from '../../src/guard/document/value.ts'
import { type CompiledRules, compileRules, type Verdict } from '../../src/guard/guard.ts'
import { type Random, seededRandom } from '../../src/kernel/random.ts'
import { generator } from './arbitrary.ts'

const HOLES = Number(process.env.GUARD_HOLES ?? 400)
/** What holes are filled with to see what a rule could say. */
const FILLINGS: readonly GuardValue[] = [
  'x',
  'xy',
  '',
  1,
  2,
  1.5,
  true,
  null,
  [],
  [1],
  ['x', 'xy'],
  {},
  { a: 1, Name: 'x' },
]

type Hole = { readonly unknown: Unknown; readonly fillings: readonly (GuardValue | typeof ABSENT)[] }
type Put = (hole: Hole) => GuardValue | typeof ABSENT

/** A document with some members taken out; `build` puts something into each hole. */
function withHoles(
  document: GuardValue,
  random: Random,
): { readonly build: (put: Put) => GuardValue; readonly holes: number } {
  let holes = 0
  const walk = (value: GuardValue, depth: number): ((put: Put) => GuardValue | typeof ABSENT) => {
    if (depth > 0 && holes < 2 && random.next() < 0.12) {
      holes += 1
      const hole = holeFor(value, random)
      return (put) => put(hole)
    }
    if (Array.isArray(value)) {
      const items = value.map((item: GuardValue) => walk(item, depth + 1))
      return (put) => items.map((item) => item(put)).filter((item) => item !== ABSENT) as GuardValue[]
    }
    if (typeof value !== 'object' || value === null) return () => value
    const members = Object.entries(value).map(
      ([key, item]) => [key, walk(item as GuardValue, depth + 1)] as const,
    )
    return (put) =>
      Object.fromEntries(
        members.map(([key, item]) => [key, item(put)] as const).filter(([, item]) => item !== ABSENT),
      ) as GuardValue
  }
  const build = walk(document, 0)
  return { build: (put) => build(put) as GuardValue, holes }
}

function holeFor(value: GuardValue, random: Random): Hole {
  const kind = random.next()
  if (kind < 0.4)
    return { unknown: new Unknown({ reason: 'a hole' }), fillings: [value, ABSENT, ...FILLINGS] }
  if (kind < 0.6)
    return { unknown: new Unknown({ reason: 'a text', text: true }), fillings: ['x', 'xy', '1', 'abc'] }
  if (kind < 0.7)
    return {
      unknown: new Unknown({ reason: 'there', exists: true }),
      fillings: [value, ...FILLINGS].filter((v) => v !== null),
    }
  const other = FILLINGS[Math.floor(random.next() * FILLINGS.length)] ?? null
  const options: Hole['fillings'] = random.next() < 0.5 ? [value, other] : [value, ABSENT]
  return { unknown: new Unknown({ reason: 'a choice', options }), fillings: options }
}

function verdictsOf(rules: CompiledRules, value: GuardValue): readonly Verdict[] | null {
  try {
    return rules.evaluate(documentOf(value)).map(({ verdict }) => verdict)
  } catch (error) {
    if (error instanceof GuardEvaluationError) return null
    throw error
  }
}

it('a_verdict_on_unknown_values_holds_for_every_value', { timeout: 600_000 }, () => {
  const wrong: unknown[] = []
  let [decided, open] = [0, 0]
  for (let seed = 1; seed <= HOLES; seed++) {
    const random = seededRandom(seed)
    const { rules: make, document } = generator(random)
    const text = make()
    const rules = compileRules(text)
    const { build, holes } = withHoles(document() as GuardValue, random)
    if (holes === 0 || rules === null) continue
    const said = verdictsOf(
      rules,
      build(({ unknown }) => unknown),
    )
    if (said === null) continue
    for (let n = 0; n < 12; n++) {
      const filled = build(
        ({ fillings }) => fillings[Math.floor(random.next() * fillings.length)] as GuardValue,
      )
      const real = verdictsOf(rules, filled)
      if (real === null) continue
      said.forEach((verdict, i) => {
        if (verdict === 'UNKNOWN') open += 1
        else decided += 1
        const fits =
          verdict === 'UNKNOWN' || verdict === real[i] || (verdict === 'PASS' && real[i] === 'SKIP')
        if (!fits)
          wrong.push({
            seed,
            holes: JSON.stringify(build(({ unknown }) => unknown)),
            text,
            said: verdict,
            real: real[i],
            filled: JSON.stringify(filled),
          })
      })
    }
  }
  if (process.env.GUARD_HOLES !== undefined) console.log({ decided, open })
  expect(wrong.slice(0, 3)).toEqual([])
  expect(decided).toBeGreaterThan(open / 4)
})
