import {
  ABSENT,
  type GuardMap,
  type GuardValue,
  isList,
  isMap,
  memberOf,
} from '../../guard/document/value.ts'
import { combinations } from '../choices.ts'

/** Kleene's truth: null is not known. */
export type Truth = boolean | null

const CYCLE = Symbol('cycle')

/** Answers conditions by name, each worked out once; one that is made of itself, or is not there, is not known. */
export function conditionsOf(
  conditions: GuardMap,
  resolve: (value: GuardValue, name: string) => GuardValue | typeof ABSENT,
): (name: string) => Truth {
  const known = new Map<string, Truth | typeof CYCLE>()
  const byName = (name: string): Truth => {
    const before = known.get(name)
    if (before !== undefined) return before === CYCLE ? null : before
    known.set(name, CYCLE)
    const written = memberOf(conditions, name)
    const truth = written === undefined ? null : truthOf(written, byName, (value) => resolve(value, name))
    known.set(name, truth)
    return truth
  }
  return byName
}

/** The truth of a condition function. */
function truthOf(
  value: GuardValue,
  byName: (name: string) => Truth,
  resolve: (value: GuardValue) => GuardValue | typeof ABSENT,
): Truth {
  if (typeof value === 'boolean') return value
  if (!isMap(value)) return null
  const [[name, operand] = ['', null]] = Object.entries(value)
  const inner = (one: GuardValue): Truth => truthOf(one, byName, resolve)
  const operands = operand !== undefined && isList(operand) ? operand : []
  switch (name) {
    case 'Condition':
      return typeof operand === 'string' ? byName(operand) : null
    case 'Fn::And':
      return all(operands.map(inner))
    case 'Fn::Or': {
      const none = all(operands.map(inner).map(opposite))
      return opposite(none)
    }
    case 'Fn::Not':
      return opposite(inner(operands[0] ?? null))
    case 'Fn::Equals':
      return equals(operands.map(resolve))
    default:
      return null
  }
}

const opposite = (truth: Truth): Truth => (truth === null ? null : !truth)
const all = (truths: readonly Truth[]): Truth =>
  truths.includes(false) ? false : truths.includes(null) ? null : true

/** CloudFormation compares texts; `1` and `"1"` are equal. */
function equals(operands: readonly (GuardValue | typeof ABSENT)[]): Truth {
  if (operands.length !== 2 || operands.includes(ABSENT)) return null
  const rows = combinations(operands as GuardValue[])
  if (rows === null) return null
  const answers = new Set(rows.map(([left, right]) => textOf(left ?? null) === textOf(right ?? null)))
  const [only] = answers
  return answers.size === 1 && only !== undefined ? only : null
}

const textOf = (value: GuardValue | typeof ABSENT): string =>
  typeof value === 'object'
    ? JSON.stringify(value, (_, v) => (typeof v === 'number' ? String(v) : v))
    : String(value)
