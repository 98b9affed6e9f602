import type { PolicyProblem } from '../parse/problem.ts'
import type { ConditionElement, Policy, Statement } from '../policies.ts'
import { warning } from './warn.ts'

/**
 * Conditions on MFA that let pass what they should stop: requests with long-term access keys do not have the key at all.
 * Source: IAM User Guide, "AWS global condition context keys", `aws:MultiFactorAuthPresent` and `aws:MultiFactorAuthAge`.
 */
export const lintMfa = ({ statements }: Policy): readonly PolicyProblem[] =>
  statements.flatMap((statement) =>
    statement.conditions.flatMap((condition) => trapOf(condition, statement, statements) ?? []),
  )

const PRESENT = 'aws:multifactorauthpresent'
const AGE = 'aws:multifactorauthage'

function trapOf(
  condition: ConditionElement,
  { effect, conditions }: Statement,
  all: readonly Statement[],
): PolicyProblem | null {
  const { key, operator, place } = condition
  const wants = wanted(condition)
  if (effect === 'Allow' && wants === 'without')
    return warning(
      place,
      'mfa_allows_without',
      `The statement allows those who have not used MFA: \`${key}\` is \`false\`.`,
      'To ask for MFA, write `"Bool": {"aws:MultiFactorAuthPresent": "true"}`.',
    )
  if (effect === 'Allow' && wants === 'with' && operator.ifExists && !askedElsewhere(conditions, condition))
    return warning(
      place,
      'mfa_if_exists_allows',
      `\`${operator.name}IfExists\` with Allow also holds without \`${key}\`, as with long-term access keys.`,
      `Use \`${operator.name}\`.`,
    )
  if (effect === 'Deny' && wants === 'without' && !operator.ifExists && !deniedElsewhere(all))
    return warning(
      place,
      'mfa_deny_misses_keys',
      `\`${operator.name}\` with Deny does not hold without \`${key}\`: long-term access keys are not denied.`,
      `Use \`${operator.name}IfExists\`.`,
    )
  return null
}

/** Whether the condition, where the key is there, picks requests with MFA or those without (or with too old a one). */
function wanted({ key, operator, values }: ConditionElement): 'with' | 'without' | null {
  const lower = key.toLowerCase()
  const only = values.length === 1 ? values[0]?.toLowerCase() : undefined
  const plain = ['Bool', 'StringEquals', 'StringEqualsIgnoreCase', 'StringLike'].includes(operator.name)
  if (lower === PRESENT && plain) return only === 'true' ? 'with' : only === 'false' ? 'without' : null
  if (lower !== AGE) return null
  if (/^NumericGreaterThan/.test(operator.name)) return 'without'
  return /^NumericLessThan/.test(operator.name) ? 'with' : null
}

const isMfa = ({ key }: ConditionElement) => [PRESENT, AGE].includes(key.toLowerCase())

/** Another condition of the statement asks for the key. */
const askedElsewhere = (conditions: readonly ConditionElement[], one: ConditionElement): boolean =>
  conditions.some(
    (other) =>
      other !== one &&
      isMfa(other) &&
      (other.operator.name === 'Null' ? other.values.includes('false') : !other.operator.ifExists),
  )

/** Some Deny statement holds where the key is absent. */
const deniedElsewhere = (statements: readonly Statement[]): boolean =>
  statements.some(
    ({ effect, conditions }) =>
      effect === 'Deny' &&
      conditions.some(
        (one) =>
          isMfa(one) &&
          (one.operator.name === 'Null'
            ? one.values.includes('true')
            : one.operator.ifExists || /Not/.test(one.operator.name)),
      ),
  )
