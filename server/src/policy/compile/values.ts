import { ipContains, parseIp } from '../condition/ip.ts'
import { parseBinary, parseBool, parseDate, parseNumber } from '../condition/operands.ts'
import { OPERATORS } from '../condition/operators.ts'
import type { OperatorName } from '../policies.ts'
import { type Codes, codesOf, compileGlob, type Match, matchCodes, ONE, patternCodes, STAR } from './glob.ts'

/** Outcome for one value of the request: some value of the policy matches, none does, or they cannot be compared. */
export type Outcome = 'match' | 'differ' | 'incomparable'
export type Test = (actual: string) => Outcome

/** All values of a condition that have no variables, as one test. The negation of the operator is not applied here. */
export function compileValues(name: OperatorName, values: readonly string[]): Test {
  if (values.length === 0) return () => 'differ'
  switch (OPERATORS[name].type) {
    case 'string':
      return name.endsWith('IgnoreCase')
        ? setOf(values, (text) => text.toLowerCase())
        : setOf(values, (text) => text)
    case 'pattern':
      return anyOf(values.map((value) => compileGlob(patternCodes(value))))
    case 'number':
      return compared(values.map(parseNumber), parseNumber, ORDER[name] ?? equal)
    case 'date':
      return compared(values.map(parseDate), parseDate, ORDER[name] ?? equal)
    case 'bool':
      return compared(values.map(parseBool), parseBool, equal)
    case 'binary':
      return compared(values.map(parseBinary), parseBinary, equal)
    case 'ip':
      return compared(values.map(parseIp), parseIp, (actual, wanted) => ipContains(wanted, actual))
    case 'arn':
      return arns(values.map((value) => compileArn(patternCodes(value))))
    case 'null':
      return () => 'incomparable'
  }
}

const equal = <T>(actual: T, wanted: T) => actual === wanted

const ORDER: Readonly<Partial<Record<OperatorName, (actual: number, wanted: number) => boolean>>> = {
  NumericLessThan: (a, w) => a < w,
  NumericLessThanEquals: (a, w) => a <= w,
  NumericGreaterThan: (a, w) => a > w,
  NumericGreaterThanEquals: (a, w) => a >= w,
  DateLessThan: (a, w) => a < w,
  DateLessThanEquals: (a, w) => a <= w,
  DateGreaterThan: (a, w) => a > w,
  DateGreaterThanEquals: (a, w) => a >= w,
}

function setOf(values: readonly string[], normal: (text: string) => string): Test {
  const wanted = new Set(values.map(normal))
  return (actual) => (wanted.has(normal(actual)) ? 'match' : 'differ')
}

const anyOf =
  (matches: readonly Match[]): Test =>
  (actual) =>
    matches.some((match) => match(actual)) ? 'match' : 'differ'

function compared<T>(
  wanted: readonly (T | null)[],
  parse: (text: string) => T | null,
  holds: (actual: T, wanted: T) => boolean,
): Test {
  const known = wanted.filter((value) => value !== null)
  const otherwise: Outcome = known.length < wanted.length ? 'incomparable' : 'differ'
  return (text) => {
    const actual = parse(text)
    if (actual === null) return 'incomparable'
    return known.some((value) => holds(actual, value)) ? 'match' : otherwise
  }
}

/** One ARN pattern: six tests, part by part. `null` when it is no ARN. */
export function compileArn(codes: Codes): readonly Match[] | null {
  const parts = splitArn(codes, (code) => code === 58)
  return parts?.map((part) => compileGlob(part)) ?? null
}

function arns(patterns: readonly (readonly Match[] | null)[]): Test {
  const known = patterns.filter((pattern) => pattern !== null)
  const otherwise: Outcome = known.length < patterns.length ? 'incomparable' : 'differ'
  return (actual) => {
    const parts = partsOf(actual)
    if (parts === null) return 'incomparable'
    return known.some((pattern) => pattern.every((match, i) => match(parts[i] ?? ''))) ? 'match' : otherwise
  }
}

/** A value whose variables were just filled in. */
export function compareResolved(name: OperatorName, codes: Codes, actual: string): Outcome {
  const { type } = OPERATORS[name]
  if (type === 'pattern') return matchCodes(codes, codesOf(actual)) ? 'match' : 'differ'
  if (type === 'arn') return arns([compileArn(codes)])(actual)
  return compileValues(name, [plain(codes)])(actual)
}

const plain = (codes: Codes): string =>
  codes.map((code) => (code === STAR ? '*' : code === ONE ? '?' : String.fromCodePoint(code))).join('')

function partsOf(arn: string): readonly string[] | null {
  const parts: string[] = []
  let start = 0
  for (let i = 0; i < 5; i++) {
    const colon = arn.indexOf(':', start)
    if (colon < 0) return null
    parts.push(arn.slice(start, colon))
    start = colon + 1
  }
  return [...parts, arn.slice(start)]
}

function splitArn(codes: Codes, isColon: (code: number) => boolean): readonly Codes[] | null {
  const parts: number[][] = [[]]
  for (const code of codes) {
    if (isColon(code) && parts.length < 6) parts.push([])
    else parts.at(-1)?.push(code)
  }
  return parts.length === 6 ? parts : null
}
