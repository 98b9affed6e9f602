import { parseBool } from '../condition/operands.ts'
import { OPERATORS, operatorText } from '../condition/operators.ts'
import { hasVariable } from '../parse/variables.ts'
import type { ConditionElement, Policy } from '../policies.ts'
import { ABSENT, type ContextEntry } from '../request.ts'
import type { Budget } from './budget.ts'
import {
  complementOf,
  EVERY_VALUE,
  NO_VALUE,
  type ValueSet,
  valueIn,
  valueSetOf,
  withEmpty,
} from './value-set.ts'

/** What one condition asks of the entry of its key. */
export interface Ask {
  /** Equal ids ask the same. */
  readonly id: string
  readonly key: string
  /** Holds when the key is absent. */
  readonly absent: boolean
  /** Of a key that is there: `some` value or `every` value is in the set. */
  readonly quantifier: 'some' | 'every'
  readonly values: ValueSet
}

/** The condition as sets; `null` when it is outside of what can be decided: policy variables, bytes. */
export function askOf(condition: ConditionElement, version: Policy['version']): Ask | null {
  const { operator, values } = condition
  const key = condition.key.toLowerCase()
  const id = conditionId(condition, version)
  if (operator.name === 'Null') return nullAsk(id, key, values)
  if (version === '2012-10-17' && values.some(hasVariable)) return null
  const set = valueSetOf(operator.name, values)
  if (set === null) return null
  const { negated } = OPERATORS[operator.name]
  return {
    id,
    key,
    absent: operator.ifExists || operator.set === 'ForAllValues' || (operator.set === null && negated),
    quantifier: operator.set === 'ForAllValues' || (operator.set === null && negated) ? 'every' : 'some',
    values: operator.set === 'ForAllValues' ? withEmpty(set) : set,
  }
}

function nullAsk(id: string, key: string, values: readonly string[]): Ask {
  const wanted = values.map(parseBool)
  const present = wanted.includes(false)
  return {
    id,
    key,
    absent: wanted.includes(true),
    quantifier: 'some',
    values: present ? EVERY_VALUE : NO_VALUE,
  }
}

/** One text for one meaning: order of the values and case of the key do not matter. */
export const conditionId = (
  { operator, key, values }: ConditionElement,
  version: Policy['version'],
): string =>
  JSON.stringify([
    operatorText(operator),
    key.toLowerCase(),
    [...new Set(values)].sort(),
    values.some(hasVariable) ? version : '',
  ])

/** What must hold of one key, and what must not. */
export interface Asked {
  readonly holds: readonly Ask[]
  readonly fails: readonly Ask[]
}

/** The smallest entry that answers as asked: absent, else few short values; `null` when there is none. */
export function entryFor({ holds, fails }: Asked, many: boolean, budget: Budget): ContextEntry | null {
  if (holds.every(({ absent }) => absent) && fails.every(({ absent }) => !absent)) return ABSENT
  const failing = fails.map(
    (ask): Ask => ({
      ...ask,
      quantifier: ask.quantifier === 'some' ? 'every' : 'some',
      values: complementOf(ask.values),
    }),
  )
  const asks = [...holds, ...failing]
  const values = many ? someValues(asks, budget) : oneValue(asks, budget)
  return values === null ? null : { state: 'known', values }
}

function oneValue(asks: readonly Ask[], budget: Budget): readonly string[] | null {
  const value = valueIn(
    asks.map(({ values }) => values),
    budget,
  )
  return value === null ? null : [value]
}

/** All values lie in what every value must be; each `some` finds its own among them. */
function someValues(asks: readonly Ask[], budget: Budget): readonly string[] | null {
  const every = asks.filter(({ quantifier }) => quantifier === 'every').map(({ values }) => values)
  const some = asks.filter(({ quantifier }) => quantifier === 'some')
  const wanted = some.length === 0 ? [every] : some.map(({ values }) => [...every, values])
  const found = wanted.map((sets) => valueIn(sets, budget))
  return found.includes(null) ? null : [...new Set(found.filter((value) => value !== null))]
}
