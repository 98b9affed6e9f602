import { GuardEvaluationError } from '../document/problem.ts'
import {
  Char,
  floatOf,
  type GuardList,
  type GuardMap,
  type GuardValue,
  type Kind,
  kindOf,
  memberOf,
  Pattern,
  type Range,
  TYPE_NAMES,
} from '../document/value.ts'
import { RegexError } from '../regex/regex.ts'

/** `null`: the two cannot be compared. */
export type Verdict = boolean | null

/** `==` of cfn-guard: types must be alike, a regular expression matches texts, a range holds numbers. */
export function equal(left: GuardValue, right: GuardValue): Verdict {
  if (typeof left === 'string' && typeof right === 'string') return left === right
  if (typeof left === 'string' && right instanceof Pattern) return matches(right, left)
  if (left instanceof Pattern && typeof right === 'string') return matches(left, right)
  const kinds = [kindOf(left), kindOf(right)] as const
  if (kinds[1].startsWith('range_')) return within(left, kinds[0], right as Range)
  if (kinds[0] !== kinds[1]) return null
  return equalKind(kinds[0], left, right)
}

function equalKind(kind: Kind, left: GuardValue, right: GuardValue): Verdict {
  switch (kind) {
    case 'map':
      return equalMaps(left as GuardMap, right as GuardMap)
    case 'list':
      return equalLists(left as GuardList, right as GuardList)
    case 'bool':
      return left === right
    case 'regex':
      return (left as Pattern).source === (right as Pattern).source
    default: {
      const order = compare(left, right)
      return order === null ? null : order === 0
    }
  }
}

function matches(pattern: Pattern, text: string): boolean {
  try {
    return pattern.test(text)
  } catch (error) {
    if (error instanceof RegexError)
      throw new GuardEvaluationError(
        'regex_gave_up',
        `The regular expression \`/${pattern.source}/\`: ${error.message}`,
      )
    throw error
  }
}

function within(value: GuardValue, kind: Kind, range: Range): Verdict {
  if (`range_${kind}` !== `range_${range.of}`) return null
  if (value instanceof Char) return range.holds(value.value)
  return range.holds(kind === 'float' ? floatOf(value) : (value as number | bigint))
}

function equalMaps(left: GuardMap, right: GuardMap): Verdict {
  const keys = Object.keys(left)
  if (keys.length !== Object.keys(right).length) return false
  for (const key of keys) {
    const other = memberOf(right, key)
    if (other === undefined) return false
    const verdict = equal(left[key] as GuardValue, other)
    if (verdict !== true) return verdict
  }
  return true
}

function equalLists(left: GuardList, right: GuardList): Verdict {
  if (left.length !== right.length) return false
  for (let i = 0; i < left.length; i++) {
    const verdict = equal(left[i] as GuardValue, right[i] as GuardValue)
    if (verdict !== true) return verdict
  }
  return true
}

/** Order of two scalars of one type; null when they have none. */
export function compare(left: GuardValue, right: GuardValue): number | null {
  const kind = kindOf(left)
  if (kind !== kindOf(right)) return null
  switch (kind) {
    case 'null':
      return 0
    case 'int':
      return order(left as number, right as number)
    case 'string':
      return orderTexts(left as string, right as string)
    case 'char':
      return orderTexts((left as Char).value, (right as Char).value)
    case 'float': {
      const [a, b] = [floatOf(left), floatOf(right)]
      return Number.isNaN(a) || Number.isNaN(b) ? null : order(a, b)
    }
    default:
      return null
  }
}

const order = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0)

/** By code points, as Rust's UTF-8 order is; JavaScript's `<` goes by UTF-16 units. */
function orderTexts(a: string, b: string): number {
  if (a === b) return 0
  const length = Math.min(a.length, b.length)
  let i = 0
  while (i < length && a.charCodeAt(i) === b.charCodeAt(i)) i += 1
  if (i === length) return a.length - b.length
  const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)]
  const surrogates = (x & 0xf800) === 0xd800 || (y & 0xf800) === 0xd800
  return surrogates ? order(rank(x), rank(y)) : x - y
}

const rank = (unit: number): number => ((unit & 0xf800) === 0xd800 ? unit + 0x10000 : unit)

/** Rust's `==` of two values, where «cannot be compared» is simply unequal; `contains` and differences use it. */
export function same(left: GuardValue, right: GuardValue): boolean {
  const kind = kindOf(left)
  if (kind !== kindOf(right)) return equal(left, right) === true
  if (kind === 'list') {
    const [a, b] = [left as GuardList, right as GuardList]
    return a.length === b.length && a.every((item, i) => same(item, b[i] as GuardValue))
  }
  if (kind === 'map') return sameMaps(left as GuardMap, right as GuardMap)
  return equal(left, right) === true
}

function sameMaps(left: GuardMap, right: GuardMap): boolean {
  const keys = Object.keys(left)
  if (keys.length !== Object.keys(right).length) return false
  return keys.every((key) => {
    const other = memberOf(right, key)
    return other !== undefined && same(left[key] as GuardValue, other)
  })
}

export const contains = (list: GuardList, value: GuardValue): boolean =>
  list.some((item) => same(item, value))

export const notComparable = (left: GuardValue, right: GuardValue): string =>
  `PathAwareValues are not comparable ${TYPE_NAMES[kindOf(left)]}, ${TYPE_NAMES[kindOf(right)]}`
