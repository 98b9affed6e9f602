import type { GuardDocument } from '../document/document.ts'
import { placeOf } from '../document/positions.ts'
import { Char, Float, type GuardValue, isList, isMap, Pattern, type Range } from '../document/value.ts'
import type { BinaryFailure, Failure, UnaryFailure } from '../evaluate/record.ts'
import { type Found, Missing, pathOf, type Result } from '../evaluate/result.ts'
import { overall, type RuleVerdict, type Verdict } from '../guard.ts'
import type { Operator } from '../parse/ast.ts'
import { debugText } from './debug.ts'
import { queryText, rangeText, valueText } from './words.ts'

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** cfn-guard's structured report of a data file (`--structured -o json`), member by member. */
export interface FileReport {
  readonly name: string
  readonly metadata: Readonly<Record<string, string>>
  readonly status: Verdict
  readonly not_compliant: readonly Json[]
  readonly not_applicable: readonly string[]
  readonly compliant: readonly string[]
}

/** What a report is about: names for people, and the texts that lines and columns are counted in. */
export interface ReportSource {
  readonly ruleFile: string
  readonly ruleText: string
  readonly document: GuardDocument
}

export function fileReport(name: string, source: ReportSource, verdicts: readonly RuleVerdict[]): FileReport {
  const names = (wanted: Verdict): readonly string[] =>
    [...new Set(verdicts.filter(({ verdict }) => verdict === wanted).map(({ rule }) => rule))].sort()
  return {
    name,
    metadata: {},
    status: overall(verdicts.map(({ verdict }) => verdict)),
    not_compliant: verdicts
      .filter(({ verdict }) => verdict === 'FAIL')
      .map(({ rule, failures }) => ruleJson(source, rule, null, failures)),
    not_applicable: names('SKIP'),
    compliant: names('PASS'),
  }
}

/** The reports of one data file on several rule files. */
export const mergeReports = (name: string, reports: readonly FileReport[]): FileReport => ({
  name,
  metadata: {},
  status: overall(reports.map(({ status }) => status)),
  not_compliant: reports.flatMap((r) => r.not_compliant),
  not_applicable: [...new Set(reports.flatMap((r) => r.not_applicable))].sort(),
  compliant: [...new Set(reports.flatMap((r) => r.compliant))].sort(),
})

const ruleJson = (
  source: ReportSource,
  name: string,
  message: string | null,
  failures: readonly Failure[],
): Json => ({
  Rule: {
    name,
    metadata: {},
    messages: { custom_message: message, error_message: null },
    checks: failures.map((failure) => failureJson(source, failure)),
  },
})

function failureJson(source: ReportSource, failure: Failure): Json {
  switch (failure.kind) {
    case 'rule':
      return ruleJson(source, failure.name, failure.message, failure.checks)
    case 'any_of':
      return { Disjunctions: { checks: failure.checks.map((check) => failureJson(source, check)) } }
    case 'unary':
      return { Clause: { Unary: unaryJson(source, failure) } }
    case 'binary':
      return { Clause: { Binary: binaryJson(source, failure) } }
    case 'block':
      return { Block: blockJson(source, failure) }
    case 'dependent': {
      const context = `Rule(${failure.negation ? 'not ' : ''}${failure.rule}@${locationText(source, failure.at)})`
      return {
        Clause: {
          Unary: {
            check: { UnResolvedContext: failure.rule },
            context,
            messages: { custom_message: failure.message ?? '', error_message: errorText(source, failure) },
          },
        },
      }
    }
  }
}

export const locationText = ({ ruleFile, ruleText }: ReportSource, at: number): string => {
  const { line, column } = placeOf(ruleText, at)
  return `Location[file:${ruleFile}, line:${line}, column:${column}]`
}

function unaryJson(source: ReportSource, failure: UnaryFailure): Json {
  const { from, context, message } = failure
  const comparison = comparisonJson(failure)
  const check: Json =
    from === null
      ? { UnResolvedContext: context }
      : from instanceof Missing
        ? { UnResolved: { value: missingJson(source, from), comparison } }
        : { Resolved: { value: foundJson(from), comparison } }
  return {
    check,
    context,
    messages: { custom_message: message ?? '', error_message: errorText(source, failure) },
  }
}

function binaryJson(source: ReportSource, failure: BinaryFailure): Json {
  const { context, message, listed } = failure
  const custom = message ?? (listed ? null : '')
  return {
    context,
    messages: { custom_message: custom, error_message: errorText(source, failure) },
    check: binaryCheck(source, failure),
  }
}

function binaryCheck(source: ReportSource, failure: BinaryFailure): Json {
  const { from, to, listed } = failure
  const comparison = comparisonJson(failure)
  const lost = [from, ...(to ?? [])].find((r): r is Missing => r instanceof Missing)
  if (lost !== undefined || from instanceof Missing)
    return { UnResolved: { value: missingJson(source, lost ?? (from as Missing)), comparison } }
  const found = (to ?? []).filter((r): r is Found => !(r instanceof Missing)).map(foundJson)
  return listed
    ? { InResolved: { from: foundJson(from), to: found, comparison } }
    : { Resolved: { from: foundJson(from), to: found[0] ?? null, comparison } }
}

function blockJson(source: ReportSource, failure: Extract<Failure, { kind: 'block' }>): Json {
  const { missing, at } = failure
  const name = missing === null ? 'BlockGuardClause' : 'GuardBlockAccessClause'
  return {
    context: `${name}#${locationText(source, at)}`,
    messages: { custom_message: missing === null ? null : '', error_message: errorText(source, failure) },
    unresolved: missing === null ? null : missingJson(source, missing),
  }
}

const NAMES: Readonly<Record<Operator, string>> = {
  eq: 'Eq',
  in: 'In',
  lt: 'Lt',
  le: 'Le',
  gt: 'Gt',
  ge: 'Ge',
  exists: 'Exists',
  empty: 'Empty',
  is_string: 'IsString',
  is_list: 'IsList',
  is_struct: 'IsMap',
  is_bool: 'IsBool',
  is_int: 'IsInt',
  is_float: 'IsFloat',
  is_null: 'IsNull',
}

export const comparisonJson = ({ operator, not }: { operator: Operator; not: boolean }): Json => [
  NAMES[operator],
  not,
]

const pathText = (found: Found): string =>
  pathOf(found)
    .map((key) => `/${key}`)
    .join('')

/** `/Resources/A[L:1,C:2]`; lines and columns from 0, as cfn-guard has them. The whole document and what a rule wrote have no place. */
export function whereText({ document }: Pick<ReportSource, 'document'>, found: Found): string {
  const { line, column } = locate({ document }, found)
  return `${pathText(found)}[L:${line},C:${column}]`
}

const locate = (
  { document }: Pick<ReportSource, 'document'>,
  found: Found,
): { readonly line: number; readonly column: number } =>
  found.parent !== null && topOf(found) === document.value
    ? document.locate(pathOf(found))
    : { line: 0, column: 0 }

function topOf(found: Found): GuardValue | undefined {
  let at = found
  while (at.parent !== null) at = at.parent
  return at.literal ? undefined : at.value
}

export const foundText = (source: ReportSource, found: Found): string =>
  `Path=${whereText(source, found)} Value=${valueText(found.value)}`

export const foundJson = (found: Found): { readonly path: string; readonly value: Json } => ({
  path: pathText(found),
  value: plain(found.value),
})

const remainingText = (missing: Missing): string => queryText(missing.parts.slice(missing.from))

export const reasonText = (source: Pick<ReportSource, 'document'>, missing: Missing): string =>
  missing.why({
    where: whereText(source, missing.at),
    shown: () => debugText(missing.at, (found) => locate(source, found)),
  })

export const missingJson = (source: ReportSource, missing: Missing): Json => ({
  traversed_to: foundJson(missing.at),
  remaining_query: remainingText(missing),
  reason: reasonText(source, missing),
})

function plain(value: GuardValue): Json {
  if (typeof value === 'bigint') return Number(value)
  if (value === null || typeof value !== 'object') return value
  if (isList(value)) return value.map(plain)
  if (isMap(value))
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]))
  if (value instanceof Float) return value.value
  if (value instanceof Pattern) return `/${value.source}/`
  return value instanceof Char ? value.value : rangeText(value as Range)
}

const UNARY_WORDS: Readonly<Partial<Record<Operator, readonly [is: string, not: string]>>> = {
  exists: ['did not exist', 'existed'],
  empty: ['was not empty', 'was empty'],
  is_list: ['was not list', 'was a list'],
  is_struct: ['was not struct', 'was a struct'],
  is_string: ['was not string', 'was a string'],
  is_bool: ['was not bool', 'was bool'],
  is_int: ['was not int', 'was int'],
  is_float: ['was not float', 'was float'],
  is_null: ['was not null', 'was null'],
}
const BINARY_WORDS: Readonly<Partial<Record<Operator, string>>> = {
  eq: 'equal to',
  lt: 'less than',
  le: 'less than equal to',
  gt: 'greater than',
  ge: 'greater than equal to',
  in: 'in',
}

/** Here the `to` is missing in cfn-guard. */
const GE_FAILED = 'not greater than equal'

const PREFIX = 'Check was not compliant as'

/** What failed, in cfn-guard's words. */
export function errorText(source: ReportSource, failure: Failure): string {
  switch (failure.kind) {
    case 'unary':
      return unaryText(source, failure)
    case 'binary':
      return binaryText(source, failure)
    case 'block':
      return failure.missing === null
        ? 'query for block clause did not retrieve any value'
        : `${PREFIX} property ${gapText(source, failure.missing, '')}`
    case 'dependent':
      return `${PREFIX} dependent rule [${failure.rule}] did not PASS. Context [Rule(${failure.negation ? 'not ' : ''}${failure.rule}@${locationText(source, failure.at)})]`
    default:
      return ''
  }
}

const gapText = (source: ReportSource, missing: Missing, end = '.'): string =>
  `[${remainingText(missing)}] is missing. Value traversed to [${foundText(source, missing.at)}]${end}`

function unaryText(source: ReportSource, { from, context, operator, not }: UnaryFailure): string {
  if (from === null) return `${PREFIX} variable in context [${context}] was not empty`
  if (from instanceof Missing) return `${PREFIX} property ${gapText(source, from)}`
  return `${PREFIX} property [${whereText(source, from)}] ${UNARY_WORDS[operator]?.[not ? 1 : 0] ?? ''}.`
}

function binaryText(source: ReportSource, failure: BinaryFailure): string {
  const { from, to, operator, not, listed, reason } = failure
  if (from instanceof Missing)
    return `${PREFIX} property [${remainingText(from)}] to compare from is missing. Value traversed to [${foundText(source, from.at)}].`
  const [first] = to ?? []
  if (first instanceof Missing)
    return `${PREFIX} property [${remainingText(first)}] to compare to is missing. Value traversed to [${foundText(source, first.at)}].`
  if (listed)
    return `${PREFIX} property [${whereText(source, from)}] was not present in [${resultsText(source, to ?? [])}]`
  const words = not || operator !== 'ge' ? `${not ? '' : 'not '}${BINARY_WORDS[operator] ?? ''}` : GE_FAILED
  const why = reason === null ? '' : ` Error = [${reason((found) => foundText(source, found))}]`
  return `${PREFIX} property value [${foundText(source, from)}] ${words} value [${first === undefined ? '' : foundText(source, first)}].${why}`
}

/** Joined as cfn-guard joins the parts of a query. */
export const resultsText = (source: ReportSource, results: readonly Result[]): string =>
  results
    .map((result) => resultText(source, result))
    .join('.')
    .replaceAll('.[', '[')

export const resultText = (source: ReportSource, result: Result): string =>
  result instanceof Missing
    ? `(unresolved, ${foundText(source, result.at)})`
    : `(resolved, ${foundText(source, result)})`
