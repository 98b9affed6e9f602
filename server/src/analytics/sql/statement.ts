import { openingsOf } from '../../policy/compile/beginning.ts'
import { STAR, withinParts } from '../../policy/compile/glob.ts'
import { compileTemplate } from '../../policy/compile/template.ts'
import { parseBool } from '../../policy/condition/operands.ts'
import { OPERATORS, operatorText } from '../../policy/condition/operators.ts'
import type { ConditionElement, PatternElement, Place, Policy, Statement } from '../../policy/policies.ts'
import type { Dialect } from './dialect.ts'
import { STATE } from './keys.ts'
import { compare } from './operands.ts'
import { matchesAny, wildCodes } from './patterns.ts'
import { and, choose, FALSE, not, or, truth, UNKNOWN } from './truth.ts'

/** What cannot be put into SQL, where it stands. */
export interface Refusal {
  readonly policy: string
  readonly place: Place
  readonly why: string
}

export interface StatementSql {
  /** Truth of the statement; reads `action`, `arn` and the columns of keys. */
  readonly truth: string
  readonly refused: readonly Refusal[]
}

/** Columns that hold state and values of a key. */
export type KeyNames = (key: string) => { readonly state: string; readonly values: string }

/** A statement as one expression; every part that SQL cannot say exactly is refused, none is left out. */
export function statementSql(
  dialect: Dialect,
  policy: Policy,
  statement: Statement,
  names: KeyNames,
): StatementSql {
  const refused: Refusal[] = []
  const refuse = (place: Place, why: string) => {
    refused.push({ policy: policy.name, place, why })
    return UNKNOWN
  }
  const parts = [
    actionSql(dialect, statement.action),
    principalSql(statement, refuse),
    resourceSql(dialect, statement.resource, policy, refuse),
    ...statement.conditions.map((condition) => conditionSql(dialect, condition, policy, names, refuse)),
  ]
  return { truth: and(parts), refused }
}

type Refuse = (place: Place, why: string) => string

function actionSql(dialect: Dialect, { patterns, negated }: PatternElement): string {
  const lower = patterns.map((pattern) => pattern.toLowerCase())
  const hit = lower.includes('*') ? truth(true) : matchesAny(dialect, 'lower(action)', lower.map(wildCodes))
  return negated ? not(hit) : hit
}

function principalSql({ principal, place }: Statement, refuse: Refuse): string {
  if (principal === null) return truth(true)
  const everyone = principal.entries.some(({ type, value }) => type === 'AWS' && value === '*')
  return everyone && !principal.negated
    ? truth(true)
    : refuse(place, 'a `Principal` other than `*` is not written in SQL')
}

function resourceSql(
  dialect: Dialect,
  element: PatternElement | null,
  { version }: Policy,
  refuse: Refuse,
): string {
  if (element === null) return truth(true)
  const { patterns, negated, place } = element
  if (patterns.includes('*')) return truth(!negated)
  if (version === '2012-10-17' && patterns.some((pattern) => compileTemplate(pattern) !== null))
    return refuse(place, 'a policy variable in a resource is not written in SQL')
  const codes = patterns.map((pattern) => withinParts(wildCodes(pattern)))
  const hit = choose([['begun', begunSql(dialect, codes)]], matchesAny(dialect, 'arn', codes))
  return negated ? not(hit) : hit
}

/** The same of an ARN of which only the beginning is known, as `beginningMatch` tells. */
function begunSql(dialect: Dialect, patterns: readonly (readonly number[])[]): string {
  const openEnded = patterns.filter((codes) => codes.at(-1) === STAR)
  return choose(
    [
      [matchesAny(dialect, 'arn', openEnded), truth(true)],
      [matchesAny(dialect, 'arn', patterns.flatMap(openingsOf)), UNKNOWN],
    ],
    truth(false),
  )
}

function conditionSql(
  dialect: Dialect,
  condition: ConditionElement,
  { version }: Policy,
  names: KeyNames,
  refuse: Refuse,
): string {
  const { operator, values, place } = condition
  const key = names(condition.key.toLowerCase())
  const isUnknown = `${key.state} = ${STATE.unknown}`
  const isAbsent = `(${key.state} = ${STATE.absent} or ${dialect.length(key.values)} = 0)`
  if (operator.name === 'Null') return nullSql(condition, isUnknown, isAbsent)
  if (version === '2012-10-17' && values.some((value) => compileTemplate(value) !== null))
    return refuse(place, 'a policy variable in a condition is not written in SQL')
  const compared = compare(dialect, operator.name, values)
  if ('refused' in compared) return refuse(place, `\`${operatorText(operator)}\`: ${compared.refused}`)
  const { negated } = OPERATORS[operator.name]
  const told = negated ? and([compared.comparable, not(compared.match)]) : compared.match
  const one = operator.set === 'ForAllValues' ? or([told, "x = ''"]) : told
  const every = operator.set === 'ForAllValues' || (operator.set === null && negated)
  const absent =
    operator.ifExists || operator.set === 'ForAllValues' ? true : operator.set === null && negated
  const held = every ? dialect.every(key.values, one) : dialect.some(key.values, one)
  return choose(
    [
      [isUnknown, UNKNOWN],
      [isAbsent, truth(absent)],
    ],
    one === FALSE ? truth(false) : held,
  )
}

function nullSql({ values }: ConditionElement, isUnknown: string, isAbsent: string): string {
  const wanted = values.map(parseBool)
  const [ifAbsent, ifPresent] = [wanted.includes(true), wanted.includes(false)]
  if (ifAbsent === ifPresent) return truth(ifAbsent)
  return choose(
    [
      [isUnknown, UNKNOWN],
      [isAbsent, truth(ifAbsent)],
    ],
    truth(ifPresent),
  )
}
