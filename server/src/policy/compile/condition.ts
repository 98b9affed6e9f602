import { parseBool } from '../condition/operands.ts'
import { OPERATORS, takesVariables } from '../condition/operators.ts'
import type { ConditionElement, Policy } from '../policies.ts'
import { lookup, type Request } from '../request.ts'
import { type Truth, truthOf } from '../truth.ts'
import { compileTemplate, type Template } from './template.ts'
import { compareResolved, compileValues } from './values.ts'

export interface CompiledCondition {
  readonly condition: ConditionElement
  /** The key, then the keys of variables in the values; lower case. */
  readonly keys: readonly string[]
  readonly test: (request: Request) => Truth
}

export function compileCondition(condition: ConditionElement, version: Policy['version']): CompiledCondition {
  const key = condition.key.toLowerCase()
  if (condition.operator.name === 'Null') return { condition, keys: [key], test: compileNull(condition, key) }
  const templates = condition.values.map((value) =>
    version === '2012-10-17' ? compileTemplate(value) : null,
  )
  const dynamic = templates.filter((template) => template !== null)
  const fixed = condition.values.filter((_, i) => templates[i] === null)
  const one = oneValue(condition, fixed, dynamic)
  return {
    condition,
    keys: [...new Set([key, ...dynamic.flatMap(({ keys }) => keys)])],
    test: compileSet(condition, key, one),
  }
}

type OneValue = (actual: string, request: Request) => Truth

/** One value of the request against all values of the policy, with the operator's negation. */
function oneValue(
  { operator: { name } }: ConditionElement,
  fixed: readonly string[],
  dynamic: readonly Template[],
): OneValue {
  const { negated } = OPERATORS[name]
  const test = compileValues(name, fixed)
  const [matched, failed]: readonly [Truth, Truth] = negated ? ['no', 'yes'] : ['yes', 'no']
  if (dynamic.length === 0)
    return (actual) => {
      const outcome = test(actual)
      return outcome === 'match' ? matched : outcome === 'differ' ? failed : 'no'
    }
  return (actual, request) => {
    let outcome = test(actual)
    let unknown = false
    for (const template of dynamic) {
      if (outcome === 'match') break
      const codes = template.resolve(request)
      if (codes === 'unknown') unknown = true
      else {
        const next = codes === 'unresolvable' ? 'incomparable' : compareResolved(name, codes, actual)
        if (next !== 'differ') outcome = next === 'match' || outcome !== 'incomparable' ? next : outcome
      }
    }
    if (outcome === 'match') return matched
    if (negated && outcome === 'incomparable') return 'no'
    return unknown ? 'unknown' : outcome === 'incomparable' ? 'no' : failed
  }
}

function compileSet({ operator }: ConditionElement, key: string, one: OneValue): (request: Request) => Truth {
  const { negated } = OPERATORS[operator.name]
  const absent: Truth =
    operator.ifExists || operator.set === 'ForAllValues' ? 'yes' : truthOf(operator.set === null && negated)
  const every = operator.set === 'ForAllValues' || (operator.set === null && negated)
  const stop: Truth = every ? 'no' : 'yes'
  return (request) => {
    const entry = lookup(request, key)
    if (entry.state === 'unknown') return 'unknown'
    if (entry.state === 'absent' || entry.values.length === 0) return absent
    let result: Truth = every ? 'yes' : 'no'
    for (const actual of entry.values) {
      if (actual === '' && operator.set === 'ForAllValues') continue
      const truth = one(actual, request)
      if (truth === stop) return truth
      if (truth === 'unknown') result = truth
    }
    return result
  }
}

function compileNull({ values }: ConditionElement, key: string): (request: Request) => Truth {
  const wanted = values.map(parseBool)
  const [ifAbsent, ifPresent] = [wanted.includes(true), wanted.includes(false)]
  if (ifAbsent === ifPresent) return () => truthOf(ifAbsent)
  return (request) => {
    const entry = lookup(request, key)
    if (entry.state === 'unknown') return 'unknown'
    return truthOf(entry.state === 'absent' || entry.values.length === 0 ? ifAbsent : ifPresent)
  }
}

/** For explanations: which of the keys are not told. */
export function openKeysOf(compiled: CompiledCondition, request: Request): readonly string[] {
  const [key = '', ...variables] = compiled.keys
  if (lookup(request, key).state === 'unknown') return [key]
  return takesVariables(compiled.condition.operator.name)
    ? variables.filter((variable) => lookup(request, variable).state === 'unknown')
    : []
}
