import { type GuardList, type GuardValue, isList, isMap } from '../document/value.ts'
import type { BinaryOperator } from '../parse/ast.ts'
import { compare, contains, equal, notComparable, same, type Verdict } from './equal.ts'
import { child, Found, Missing, type Result } from './result.ts'

/** Why two values cannot be compared; `show` writes a value with its place. */
export type Incomparable = (show: (found: Found) => string) => string

/**
 * One comparison of a clause. `to` and `listed` are what it was compared with (a list for `in`);
 * `reason` says why the two could not be compared.
 */
export interface Outcome {
  readonly pass: boolean
  readonly from: Result
  readonly to: readonly Result[] | null
  readonly listed: boolean
  readonly reason: Incomparable | null
}

/** Null: nothing to compare, the clause is skipped. */
export type Outcomes = readonly Outcome[] | null

/**
 * Before negation. `pair`, `in_list`: one value. `elements`: a list against a list, where `left` are the elements that
 * have no equal (`not` turns that around); `query`: all values of the left query against those of the right.
 */
type Raw =
  | { readonly kind: 'missing'; readonly from: Missing }
  | { readonly kind: 'missing_right'; readonly from: Found; readonly to: Missing }
  | {
      readonly kind: 'incomparable'
      readonly from: Found
      readonly to: Found
      readonly reason: string
      /** The reason goes on with both values. */
      readonly shown?: boolean
    }
  | { readonly kind: 'pair' | 'in_list'; readonly pass: boolean; readonly from: Found; readonly to: Found }
  | {
      readonly kind: 'elements'
      readonly pass: boolean
      readonly from: Found
      readonly to: Found
      readonly left: readonly GuardValue[]
    }
  | {
      readonly kind: 'query'
      readonly pass: boolean
      readonly from: readonly Found[]
      readonly to: readonly Found[]
      readonly left: readonly Found[]
    }

/** Compares what two queries found, as cfn-guard 3.1 does for each operator. */
export function compareResults(
  operator: BinaryOperator,
  not: boolean,
  left: readonly Result[],
  right: readonly Result[],
): Outcomes {
  if (left.length === 0 || right.length === 0) return null
  const raw =
    operator === 'eq'
      ? equals(left, right)
      : operator === 'in'
        ? inside(left, right)
        : ordered(operator, left, right)
  return raw.flatMap((r) => outcomesOf(not ? negated(r) : r))
}

const incomparable = ({ from, to, reason, shown }: Extract<Raw, { kind: 'incomparable' }>): Outcome => ({
  pass: false,
  from,
  to: [to],
  listed: false,
  reason: shown === true ? (show) => `${reason} ${show(from)}, ${show(to)}` : () => reason,
})

function outcomesOf(raw: Raw): readonly Outcome[] {
  switch (raw.kind) {
    case 'missing':
      return [{ pass: false, from: raw.from, to: null, listed: false, reason: null }]
    case 'missing_right':
      return [{ pass: false, from: raw.from, to: [raw.to], listed: false, reason: null }]
    case 'incomparable':
      return [incomparable(raw)]
    case 'pair':
      return [{ pass: raw.pass, from: raw.from, to: [raw.to], listed: false, reason: null }]
    case 'in_list':
    case 'elements':
      return [{ pass: raw.pass, from: raw.from, to: [raw.to], listed: true, reason: null }]
    case 'query':
      return (raw.pass ? raw.from : raw.left).map((from) => ({
        pass: raw.pass,
        from,
        to: raw.to,
        listed: true,
        reason: null,
      }))
  }
}

/** `!=` and `not in`. What cannot be compared stays a failure. */
function negated(raw: Raw): Raw {
  switch (raw.kind) {
    case 'pair':
    case 'in_list':
      return { ...raw, pass: !raw.pass }
    case 'elements': {
      const all = raw.from.value as GuardList
      const left = raw.pass ? all : all.filter((item) => !contains(raw.left, item))
      return { ...raw, left, pass: !raw.pass && left.length === 0 }
    }
    case 'query': {
      const left = raw.pass
        ? raw.from
        : raw.from.filter((item) => !raw.left.some((l) => same(l.value, item.value)))
      return { ...raw, left, pass: !raw.pass && left.length === 0 }
    }
    default:
      return raw
  }
}

const pair = (from: Found, to: Found, verdict: Verdict): Raw =>
  verdict === null
    ? { kind: 'incomparable', from, to, reason: notComparable(from.value, to.value) }
    : { kind: 'pair', pass: verdict, from, to }

const equalPair = (from: Found, to: Found): Raw => pair(from, to, equal(from.value, to.value))

const found = (results: readonly Result[]): readonly Found[] =>
  results.filter((r): r is Found => r instanceof Found)
const missing = (results: readonly Result[]): readonly Missing[] =>
  results.filter((r): r is Missing => r instanceof Missing)

const missingLeft = (results: readonly Result[]): readonly Raw[] =>
  missing(results).map((from) => ({ kind: 'missing', from }))

const missingRight = (left: readonly Found[], right: readonly Result[]): readonly Raw[] =>
  missing(right).flatMap((to) => left.map((from): Raw => ({ kind: 'missing_right', from, to })))

/** A single value that the rule itself wrote. */
export const soleLiteral = (results: readonly Result[]): Found | null => {
  const [only] = results
  return results.length === 1 && only instanceof Found && only.literal ? only : null
}

const elementsOf = (list: Found): readonly Found[] =>
  (list.value as GuardList).map((item, i) => child(list, i, item))

const flat = (results: readonly Result[]): readonly Found[] =>
  found(results).flatMap((r) => (isList(r.value) ? elementsOf(r) : [r]))

const HOLDS: Readonly<Record<'lt' | 'le' | 'gt' | 'ge', (order: number) => boolean>> = {
  lt: (order) => order < 0,
  le: (order) => order <= 0,
  gt: (order) => order > 0,
  ge: (order) => order >= 0,
}

function ordered(
  operator: 'lt' | 'le' | 'gt' | 'ge',
  left: readonly Result[],
  right: readonly Result[],
): readonly Raw[] {
  const lefts = flat(left)
  const rights = flat(right)
  const verdict = (a: GuardValue, b: GuardValue): Verdict => {
    const order = compare(a, b)
    return order === null ? null : HOLDS[operator](order)
  }
  return [
    ...missingLeft(left),
    ...missingRight(lefts, right),
    ...lefts.flatMap((a) => rights.map((b) => pair(a, b, verdict(a.value, b.value)))),
  ]
}

function equals(left: readonly Result[], right: readonly Result[]): readonly Raw[] {
  const [l, r] = [soleLiteral(left), soleLiteral(right)]
  if (l !== null && r !== null) return [equalPair(l, r)]
  if (l !== null) return [...missingRight([l], right), ...found(right).flatMap((to) => literalEquals(l, to))]
  if (r !== null) return [...missingLeft(left), ...found(left).flatMap((from) => equalsLiteral(from, r))]
  return equalQueries(left, right)
}

const literalEquals = (l: Found, to: Found): readonly Raw[] =>
  !isList(l.value) && isList(to.value) ? elementsOf(to).map((item) => equalPair(l, item)) : [equalPair(l, to)]

function equalsLiteral(from: Found, r: Found): readonly Raw[] {
  if (!isList(r.value))
    return isList(from.value) ? elementsOf(from).map((item) => equalPair(item, r)) : [equalPair(from, r)]
  const scalar = !isList(from.value) && !isMap(from.value)
  const [only] = r.value
  return [scalar && r.value.length === 1 ? equalPair(from, child(r, 0, only ?? null)) : equalPair(from, r)]
}

function equalQueries(left: readonly Result[], right: readonly Result[]): readonly Raw[] {
  const [lefts, rights] = [found(left), found(right)]
  const [many, few] = lefts.length > rights.length ? [lefts, rights] : [rights, lefts]
  const alone = many.filter((m) => !few.some((f) => same(f.value, m.value)))
  return [
    ...missingLeft(left),
    ...missingRight(lefts, right),
    { kind: 'query', pass: alone.length === 0, from: lefts, to: rights, left: alone },
  ]
}

function inside(left: readonly Result[], right: readonly Result[]): readonly Raw[] {
  const [l, r] = [soleLiteral(left), soleLiteral(right)]
  if (l !== null && r !== null) {
    const raw = textIn(l, r)
    return [passes(raw) ? raw : containedIn(l, r)]
  }
  if (l !== null) return literalInside(l, right)
  if (r !== null) return [...missingLeft(left), ...found(left).flatMap((from) => insideLiteral(from, r))]
  return insideQuery(left, right)
}

const passes = (raw: Raw): boolean => 'pass' in raw && raw.pass

function textIn(from: Found, to: Found): Raw {
  if (typeof from.value === 'string' && typeof to.value === 'string')
    return { kind: 'pair', pass: to.value.includes(from.value), from, to }
  return { kind: 'incomparable', from, to, reason: 'Type not comparable,', shown: true }
}

function literalInside(l: Found, right: readonly Result[]): readonly Raw[] {
  const rights = found(right)
  const lost = missingRight([l], right)
  if (!isList(l.value) || rights.some((r) => isList(r.value)))
    return [...lost, ...rights.map((to) => containedIn(l, to))]
  const left = elementsOf(l).filter((item) => !rights.some((r) => same(r.value, item.value)))
  return [...lost, { kind: 'query', pass: left.length === 0, from: [l], to: rights, left }]
}

function insideLiteral(from: Found, r: Found): readonly Raw[] {
  if (typeof r.value !== 'string') return [containedIn(from, r)]
  return isList(from.value) ? elementsOf(from).map((item) => textIn(item, r)) : [textIn(from, r)]
}

function insideQuery(left: readonly Result[], right: readonly Result[]): readonly Raw[] {
  const [lefts, rights] = [found(left), found(right)]
  const alone = lefts.filter((from) => !rights.some((to) => passes(containedIn(from, to))))
  return [
    ...missingLeft(left),
    ...missingRight(lefts, right),
    { kind: 'query', pass: alone.length === 0, from: lefts, to: rights, left: alone },
  ]
}

function containedIn(from: Found, to: Found): Raw {
  if (isList(from.value)) return listContainedIn(from, from.value, to)
  if (isList(to.value)) return { kind: 'in_list', pass: contains(to.value, from.value), from, to }
  return equalPair(from, to)
}

function listContainedIn(from: Found, items: GuardList, to: Found): Raw {
  if (!isList(to.value))
    return { kind: 'incomparable', from, to, reason: 'Can not compare type', shown: true }
  const list = to.value
  const lists = list.length > 0 && isList(list[0] as GuardValue)
  const left = lists ? (contains(list, items) ? [] : [items]) : items.filter((item) => !contains(list, item))
  return { kind: 'elements', pass: left.length === 0, from, to, left }
}
