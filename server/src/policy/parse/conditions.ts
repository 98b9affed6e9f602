import { isIpRange, parseBinary, parseBool, parseDate, parseNumber } from '../condition/operands.ts'
import { OPERATOR_NAMES, OPERATORS, parseOperator, takesVariables } from '../condition/operators.ts'
import type { ConditionElement, ConditionOperator } from '../policies.ts'
import type { JsonMember, JsonObject } from './json-node.ts'
import { didYouMean, nearest } from './nearest.ts'
import { describe, placeOf, type Report, textsOf } from './report.ts'
import { hasVariable, VARIABLE_HINT, variableProblem } from './variables.ts'

const SETS = ['ForAllValues', 'ForAnyValue']
const SPELLINGS = OPERATOR_NAMES.flatMap((name) => (name === 'Null' ? [name] : [name, `${name}IfExists`]))

/** All keys of all operators of a statement; they must all hold. */
export function readConditions(node: JsonObject, report: Report): readonly ConditionElement[] {
  const member = node.members.findLast(({ key }) => key === 'Condition')
  if (member === undefined) return []
  if (member.value.kind !== 'object') {
    report.error(
      member.value,
      'bad_condition',
      `\`Condition\` is ${describe(member.value)}.`,
      'Write `{"StringEquals": {"aws:PrincipalOrgID": "o-abc"}}`.',
    )
    return []
  }
  return member.value.members.flatMap((operator) => readOperator(operator, report))
}

function readOperator({ key, place, value }: JsonMember, report: Report): readonly ConditionElement[] {
  const operator = parseOperator(key)
  if (operator === null) {
    report.error(place, 'unknown_operator', `\`${key}\` is no condition operator.`, operatorHint(key))
    return []
  }
  if (value.kind !== 'object') {
    report.error(
      value,
      'bad_condition',
      `\`${key}\` is ${describe(value)}.`,
      'Write an object of keys and values: `{"aws:PrincipalOrgID": "o-abc"}`.',
    )
    return []
  }
  reportSameKeys(value, key, report)
  return value.members.map((member) => readKey(operator, member, report))
}

function operatorHint(text: string): string {
  const [prefix = '', name] = text.split(':')
  if (name === undefined)
    return (
      didYouMean(text, SPELLINGS) ??
      'Operators are `StringEquals`, `ArnLike`, `Bool`, `IpAddress` and others.'
    )
  const set = nearest(prefix, SETS)
  const operator = nearest(name, SPELLINGS)
  if (set !== null && operator !== null) return `Did you mean \`${set}:${operator}\`?`
  return `The operator stands outside and the key inside: \`{"StringEquals": {"${text}": …}}\`.`
}

/** Keys are case-insensitive: the same key in two spellings is one key twice. */
function reportSameKeys(value: JsonObject, operator: string, report: Report): void {
  const seen = new Map<string, string>()
  for (const { key, place } of value.members) {
    const other = seen.get(key.toLowerCase())
    if (other !== undefined && other !== key)
      report.warn(
        place,
        'same_key_twice',
        `\`${key}\` is the same key as \`${other}\` under \`${operator}\`; both must hold.`,
        'Put all values into one list if one of them is enough.',
      )
    seen.set(key.toLowerCase(), key)
  }
}

function readKey(
  operator: ConditionOperator,
  { key, place, value }: JsonMember,
  report: Report,
): ConditionElement {
  if (!/^[^\s:]+:\S/.test(key) || hasVariable(key))
    report.error(
      place,
      'bad_condition_key',
      `\`${key}\` is no condition key.`,
      /^[\w/-]+$/.test(key)
        ? `Write its prefix: \`aws:${key}\`, or that of the service.`
        : 'A key looks like `aws:SourceIp` or `s3:prefix`.',
    )
  const texts = textsOf(value, `The value of \`${key}\``, report, true)
  if (texts.length === 0 && value.kind === 'array' && value.items.length === 0)
    report.warn(place, 'no_values', `\`${key}\` has an empty list of values.`, 'No value matches it.')
  for (const { text, at } of texts) {
    const problem = valueProblem(operator, text)
    if (problem !== null)
      report.error(
        at,
        'bad_condition_value',
        `\`${text}\` cannot stand for \`${key}\` under \`${operator.name}\`: ${problem.message}.`,
        problem.hint,
      )
  }
  return { operator, key, values: texts.map(({ text }) => text), place: placeOf(place) }
}

function valueProblem({ name }: ConditionOperator, text: string): { message: string; hint: string } | null {
  const { type } = OPERATORS[name]
  if (hasVariable(text)) {
    const problem = variableProblem(text)
    if (problem !== null) return { message: problem, hint: VARIABLE_HINT }
    return takesVariables(name)
      ? null
      : {
          message: 'variables do not work there',
          hint: 'They work with the operators for text, ARNs and `Bool`.',
        }
  }
  if (type === 'number' && parseNumber(text) === null)
    return { message: 'it is no number', hint: 'Write `10` or `0.5`.' }
  if (type === 'date' && parseDate(text) === null)
    return { message: 'it is no date', hint: 'Write `2026-01-31T00:00:00Z` or epoch seconds.' }
  if ((type === 'bool' || type === 'null') && parseBool(text) === null)
    return { message: 'it is not `true` or `false`', hint: 'Write `"true"` or `"false"`.' }
  if (type === 'binary' && parseBinary(text) === null)
    return { message: 'it is no base 64', hint: 'Encode the bytes in base 64.' }
  if (type === 'ip' && !isIpRange(text))
    return { message: 'it is no address range', hint: 'Write `203.0.113.0/24` or `2001:db8::/32`.' }
  return null
}
