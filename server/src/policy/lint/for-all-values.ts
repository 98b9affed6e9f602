import { compileGlob, patternCodes } from '../compile/glob.ts'
import { OPERATORS } from '../condition/operators.ts'
import type { PolicyProblem } from '../parse/problem.ts'
import type { ConditionElement, PatternElement, Policy } from '../policies.ts'
import inUse from './keys-in-use.json' with { type: 'json' }
import { warning } from './warn.ts'

/**
 * "Use caution if you use ForAllValues with an Allow effect": it holds where the key is absent. Source: IAM User Guide, "Set
 * operators for multivalued context keys". Nothing is said where the key cannot be absent.
 */
export const lintForAllValues = ({ statements }: Policy): readonly PolicyProblem[] =>
  statements
    .filter(({ effect }) => effect === 'Allow')
    .flatMap(({ action, conditions }) =>
      conditions
        .filter(({ operator, key }) => operator.set === 'ForAllValues' && !isInEvery(key, action))
        .filter(({ key }) => !conditions.some((other) => asksFor(other, key)))
        .map(({ key, place }) =>
          warning(
            place,
            'for_all_values_allow',
            `\`ForAllValues\` with Allow also holds when \`${key}\` is absent.`,
            `Add \`"Null": {"${key}": "false"}\`.`,
          ),
        ),
    )

/**
 * Whether the condition only holds where the key is there: `Null` with `false`, or a comparison that fails without it. A request
 * with a tag (`aws:RequestTag/…`) has the keys of its tags (`aws:TagKeys`), too.
 */
function asksFor({ key, operator, values }: ConditionElement, wanted: string): boolean {
  const [own, lower] = [key.toLowerCase(), wanted.toLowerCase()]
  if (own !== lower && !(lower === 'aws:tagkeys' && own.startsWith('aws:requesttag/'))) return false
  if (operator.name === 'Null') return !values.some((value) => value.toLowerCase() === 'true')
  if (operator.ifExists || operator.set === 'ForAllValues') return false
  return operator.set === 'ForAnyValue' || !OPERATORS[operator.name].negated
}

const ALWAYS = inUse.inEveryRequest.map(({ key, actions }) => ({
  key,
  matches: actions.map((pattern) => compileGlob(patternCodes(pattern))),
}))

/** Whether every request of the actions has the key: tagging alone asks for tags. */
function isInEvery(key: string, { negated, patterns }: PatternElement): boolean {
  const matches = ALWAYS.find((one) => one.key === key.toLowerCase())?.matches
  if (negated || matches === undefined) return false
  return patterns.every(
    (pattern) => !/[*?]/.test(pattern) && matches.some((match) => match(pattern.toLowerCase())),
  )
}
