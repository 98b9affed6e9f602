import { parseBool } from '../../condition/operands.ts'
import { OPERATORS } from '../../condition/operators.ts'
import type { ConditionElement, Policy } from '../../policies.ts'
import { type ContextEntry, lookup, type Request } from '../../request.ts'
import { all, any, type Truth, truthOf } from '../../truth.ts'
import { compares } from './operators.ts'
import { type Resolved, resolve } from './pattern.ts'

/**
 * One key under one operator, as the IAM User Guide tells it ("Condition operators", "Set operators for multivalued
 * context keys"):
 * - the values of the policy are joined by OR; for negated operators none of them may match
 * - key absent: false; true for negated operators, for `IfExists` and for `ForAllValues`; false for `ForAnyValue`
 * - `ForAllValues`: every value of the request must match, but for the empty text: it "returns true … if the context key value
 *   resolves to a null dataset, such as an empty string"; `ForAnyValue`: at least one
 */
export function evaluateCondition(
  condition: ConditionElement,
  request: Request,
  version: Policy['version'],
): Truth {
  const { operator, key, values } = condition
  const entry = presence(lookup(request, key.toLowerCase()))
  if (operator.name === 'Null') return evaluateNull(values, entry)
  if (entry.state === 'unknown') return 'unknown'
  const { negated } = OPERATORS[operator.name]
  if (entry.state === 'absent') {
    if (operator.ifExists || operator.set === 'ForAllValues') return 'yes'
    return truthOf(operator.set !== 'ForAnyValue' && negated)
  }
  const wanted = values.map((value) => resolve(value, request, version))
  const each = entry.values.map((actual) => oneValue(condition, wanted, actual))
  if (operator.set === 'ForAllValues') return all(each.filter((_, i) => entry.values[i] !== ''))
  if (operator.set === 'ForAnyValue') return any(each)
  // AWS asks for a set operator where a key has several values and does not say what happens without one.
  // We read it as the sentence sounds: some value matches, and for negated operators none does.
  return negated ? all(each) : any(each)
}

/** A multivalued key without a value is not there. */
const presence = (entry: ContextEntry): ContextEntry =>
  entry.state === 'known' && entry.values.length === 0 ? { state: 'absent' } : entry

/** `Null: true` = the key does not exist, `false` = it exists and has a value. Several values are joined by OR. */
function evaluateNull(values: readonly string[], entry: ContextEntry): Truth {
  const wanted = new Set(values.map(parseBool))
  if (wanted.has(true) && wanted.has(false)) return 'yes'
  if (wanted.size === 0) return 'no'
  if (entry.state === 'unknown') return 'unknown'
  return truthOf(wanted.has(entry.state === 'absent'))
}

/** One value of the request against all values of the policy. */
function oneValue({ operator }: ConditionElement, wanted: readonly Resolved[], actual: string): Truth {
  const results = wanted.map((value): Truth | 'incomparable' => {
    if (value.state === 'unknown') return 'unknown'
    // "any attempt to match it fails and causes the statement to be invalid": also the negated operator fails.
    if (value.state === 'unresolvable') return 'incomparable'
    const result = compares(operator.name, value.tokens, actual)
    return result === null ? 'incomparable' : truthOf(result)
  })
  const matched = any(results.map((result) => (result === 'incomparable' ? 'no' : result)))
  if (!OPERATORS[operator.name].negated) return matched
  if (matched === 'yes' || results.includes('incomparable')) return 'no'
  return matched === 'unknown' ? 'unknown' : 'yes'
}

/** Keys whose values would settle a condition that is unknown. */
export function openKeys(
  condition: ConditionElement,
  request: Request,
  version: Policy['version'],
): readonly string[] {
  const own = condition.key.toLowerCase()
  if (lookup(request, own).state === 'unknown') return [own]
  return condition.values.flatMap((value) => {
    const resolved = resolve(value, request, version)
    return resolved.state === 'unknown' ? resolved.keys : []
  })
}
