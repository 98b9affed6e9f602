import type { Choice, Condition } from './document.ts'

type Test = (found: unknown, wanted: never) => boolean
const number = (value: unknown): number =>
  typeof value === 'string' && value !== '' ? Number(value) : typeof value === 'number' ? value : Number.NaN
const texts =
  (test: (found: string, wanted: string) => boolean) =>
  (found: unknown, wanted: string): boolean =>
    test(String(found), wanted)

/** The comparisons of `aws:branch`. AWS hands outputs on as texts, so that a number or a truth may come as its text. */
const TESTS = {
  StringEquals: texts((a, b) => a === b),
  EqualsIgnoreCase: texts((a, b) => a.toLowerCase() === b.toLowerCase()),
  StartsWith: texts((a, b) => a.startsWith(b)),
  EndsWith: texts((a, b) => a.endsWith(b)),
  Contains: texts((a, b) => a.includes(b)),
  NumericEquals: (found: unknown, wanted: number) => number(found) === wanted,
  NumericGreater: (found: unknown, wanted: number) => number(found) > wanted,
  NumericLesser: (found: unknown, wanted: number) => number(found) < wanted,
  NumericGreaterOrEquals: (found: unknown, wanted: number) => number(found) >= wanted,
  NumericLesserOrEquals: (found: unknown, wanted: number) => number(found) <= wanted,
  BooleanEquals: (found: unknown, wanted: boolean) => String(found).toLowerCase() === String(wanted),
} satisfies Readonly<Record<string, Test>>

function holds(condition: Condition): boolean {
  if (condition.And !== undefined) return condition.And.every(holds)
  if (condition.Or !== undefined) return condition.Or.some(holds)
  if (condition.Not !== undefined) return !holds(condition.Not)
  const found = condition.Variable
  const tried = [
    trial(condition.StringEquals, (wanted) => TESTS.StringEquals(found, wanted)),
    trial(condition.EqualsIgnoreCase, (wanted) => TESTS.EqualsIgnoreCase(found, wanted)),
    trial(condition.StartsWith, (wanted) => TESTS.StartsWith(found, wanted)),
    trial(condition.EndsWith, (wanted) => TESTS.EndsWith(found, wanted)),
    trial(condition.Contains, (wanted) => TESTS.Contains(found, wanted)),
    trial(condition.NumericEquals, (wanted) => TESTS.NumericEquals(found, wanted)),
    trial(condition.NumericGreater, (wanted) => TESTS.NumericGreater(found, wanted)),
    trial(condition.NumericLesser, (wanted) => TESTS.NumericLesser(found, wanted)),
    trial(condition.NumericGreaterOrEquals, (wanted) => TESTS.NumericGreaterOrEquals(found, wanted)),
    trial(condition.NumericLesserOrEquals, (wanted) => TESTS.NumericLesserOrEquals(found, wanted)),
    trial(condition.BooleanEquals, (wanted) => TESTS.BooleanEquals(found, wanted)),
  ].filter((one) => one !== null)
  return tried.length > 0 && tried.every(Boolean)
}

const trial = <T>(wanted: T | undefined, test: (wanted: T) => boolean): boolean | null =>
  wanted === undefined ? null : test(wanted)

/** The step of the first choice that holds (its references filled in), or null. */
export const chosen = (choices: readonly Choice[]): string | null => choices.find(holds)?.NextStep ?? null
