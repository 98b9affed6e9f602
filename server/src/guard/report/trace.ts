import type { BinaryFailure, UnaryFailure } from '../evaluate/record.ts'
import { FAIL, type Found, Missing, PASS, type Result, type Status } from '../evaluate/result.ts'
import type { TraceRecord, TraceStep } from '../evaluate/trace.ts'
import { overall, type Verdict } from '../guard.ts'
import type { Operator } from '../parse/ast.ts'
import {
  comparisonJson,
  foundJson,
  foundText,
  type Json,
  locationText,
  missingJson,
  type ReportSource,
  reasonText,
  resultsText,
  resultText,
} from './report.ts'
import { CLAUSE_WORDS, escaped } from './words.ts'

const verdictOf = (status: Status): Verdict => {
  if ((status & FAIL) === 0) return (status & PASS) === 0 ? 'SKIP' : 'PASS'
  return status === FAIL ? 'FAIL' : 'UNKNOWN'
}

/** The trace of a rule file on one document, as `cfn-guard validate --verbose` draws it and `--print-json` prints it. */
export interface FileTrace {
  readonly source: ReportSource
  /** Name of the document; nothing for the cases of a test. */
  readonly name: string
  readonly rules: readonly TraceRecord[]
}

const statusOfFile = (rules: readonly TraceRecord[]): Verdict =>
  overall(rules.map(({ step }) => ('status' in step ? verdictOf(step.status) : 'SKIP')))

const contextText = (source: ReportSource, { context }: TraceRecord): string =>
  typeof context === 'string'
    ? context
    : `${context.before}${locationText(source, context.at)}${context.after}`

/** As a tree of lines. */
export function traceLines({ source, name, rules }: FileTrace): readonly string[] {
  const head = `File(${name}, Status=${statusOfFile(rules)})[Context=File(rules=${rules.length})]`
  return [`\`- ${head}`, ...branches(source, rules).map((line) => `   ${line}`)].map(escaped)
}

const branches = (source: ReportSource, records: readonly TraceRecord[]): readonly string[] =>
  records.flatMap((record, i) => {
    const [edge, below] = i === records.length - 1 ? ['`- ', '   '] : ['|- ', '|  ']
    const head = `${stepText(source, record.step)}[Context=${contextText(source, record)}]`
    return [edge + head, ...branches(source, record.children).map((line) => below + line)]
  })

/** cfn-guard's own words, with its gaps and brackets. */
function stepText(source: ReportSource, step: TraceStep): string {
  if (step.kind === 'value') return valueStepText(source, step.failure)
  const status = verdictOf(step.status)
  switch (step.kind) {
    case 'rule':
      return `Rule(${step.name}, Status=${status})`
    case 'type':
      return `Type(${step.type}, Status=${status})`
    case 'rule_condition':
      return `Rule/When(Status=${status})`
    case 'type_condition':
      return `TypeBlock/When Status=${status})`
    case 'type_block':
      return `TypeBlock/Block Status=${status})`
    case 'filter':
      return `Filter/ConjunctionsBlock(Status=${status})`
    case 'when_condition':
      return `WhenCondition(Status = ${status})`
    default:
      return `${BLOCK_WORDS[step.kind]}(Status = ${status})`
  }
}

const BLOCK_WORDS = {
  when: 'WhenConditionalBlock',
  any_of: 'Disjunction',
  block: 'GuardValueBlockCheck',
  clause: 'GuardClauseBlock',
} as const

type ValueFailure = Extract<TraceStep, { kind: 'value' }>['failure']

function valueStepText(source: ReportSource, failure: ValueFailure): string {
  if (failure === null) return 'GuardClauseValueCheck(Status=PASS)'
  switch (failure.kind) {
    case 'unary':
      return unaryStepText(source, failure)
    case 'binary':
      return binaryStepText(source, failure)
    case 'block':
      return `GuardBlockValueMissing(Status=FAIL, Reason=${missedText(source, failure)}, ${failure.missing === null ? '' : foundJson(failure.missing.at).path})`
    case 'dependent':
      return `GuardClauseDependentRule(Rule=${failure.rule}, Status=FAIL)`
  }
}

const missedText = (
  source: ReportSource,
  { query, missing }: { readonly query: string; readonly missing: Missing | null },
): string =>
  `Query ${query} did not resolve to correct value, reason ${missing === null ? '' : reasonText(source, missing)}`

const comparisonText = (operator: Operator, not: boolean): string =>
  `${not ? 'not' : ''} ${CLAUSE_WORDS[operator]}`

function unaryStepText(source: ReportSource, { from, operator, not, message }: UnaryFailure): string {
  if (from === null) return `GuardClause(Status=FAIL, Empty, ${message ?? ''})`
  const value = isLiteral(from, operator) ? `literal, ${foundText(source, from)}` : resultText(source, from)
  return `GuardClauseUnaryCheck(Status=FAIL, Comparison=${comparisonText(operator, not)}, Value-At=${value})`
}

function binaryStepText(source: ReportSource, { from, to, operator, not, listed }: BinaryFailure): string {
  const name = listed ? 'GuardClauseInBinaryCheck' : 'GuardClauseBinaryCheck'
  const compared = `from=${resultText(source, from)}, to=${resultsText(source, to ?? [])}`
  return `${name}(Status=FAIL, Comparison=${comparisonText(operator, not)}, ${compared})`
}

/** What a rule wrote itself keeps its name in checks of one value, unless `empty` asks what was selected. */
const isLiteral = (from: Result, operator: Operator): from is Found =>
  !(from instanceof Missing) && from.literal && operator !== 'empty'

/** As cfn-guard's JSON, member by member. */
export const traceJson = ({ source, name, rules }: FileTrace): Json => ({
  context: `File(rules=${rules.length})`,
  container: { FileCheck: { name, status: statusOfFile(rules), message: null } },
  children: rules.map((record) => recordJson(source, record)),
})

const recordJson = (source: ReportSource, record: TraceRecord): Json => ({
  context: contextText(source, record),
  container: stepJson(source, record.step),
  children: record.children.map((child) => recordJson(source, child)),
})

function stepJson(source: ReportSource, step: TraceStep): Json {
  if (step.kind === 'value')
    return { ClauseValueCheck: step.failure === null ? 'Success' : failureJson(source, step.failure) }
  const status = verdictOf(step.status)
  switch (step.kind) {
    case 'rule':
      return { RuleCheck: { name: step.name, status, message: step.message } }
    case 'type':
      return { TypeCheck: { type_name: step.type, block: blockJson(status, false) } }
    case 'when':
    case 'any_of':
    case 'block':
    case 'clause':
      return { [BLOCK_NAMES[step.kind]]: blockJson(status, step.some) }
    default:
      return { [STATUS_NAMES[step.kind]]: status }
  }
}

const blockJson = (status: Verdict, some: boolean): Json => ({
  at_least_one_matches: some,
  status,
  message: null,
})

const BLOCK_NAMES = {
  when: 'WhenCheck',
  any_of: 'Disjunction',
  block: 'BlockGuardCheck',
  clause: 'GuardClauseBlockCheck',
} as const
const STATUS_NAMES = {
  rule_condition: 'RuleCondition',
  type_condition: 'TypeCondition',
  type_block: 'TypeBlock',
  filter: 'Filter',
  when_condition: 'WhenCondition',
} as const

const resultJson = (source: ReportSource, result: Result): Json =>
  result instanceof Missing ? { UnResolved: missingJson(source, result) } : { Resolved: foundJson(result) }

function failureJson(source: ReportSource, failure: Exclude<ValueFailure, null>): Json {
  const status = 'FAIL'
  switch (failure.kind) {
    case 'unary':
      return unaryJson(source, failure)
    case 'binary':
      return binaryJson(source, failure)
    case 'block': {
      const from = failure.missing === null ? null : resultJson(source, failure.missing)
      return {
        MissingBlockValue: { from, message: missedText(source, failure), custom_message: null, status },
      }
    }
    case 'dependent':
      return {
        DependentRule: { rule: failure.rule, message: null, custom_message: failure.message, status },
      }
  }
}

function unaryJson(source: ReportSource, { from, operator, not, message }: UnaryFailure): Json {
  if (from === null) return { NoValueForEmptyCheck: message }
  const value = isLiteral(from, operator) ? { Literal: foundJson(from) } : resultJson(source, from)
  return {
    Unary: {
      value: { from: value, message: null, custom_message: message, status: 'FAIL' },
      comparison: comparisonJson({ operator, not }),
    },
  }
}

function binaryJson(source: ReportSource, failure: BinaryFailure): Json {
  const { from, to, listed, reason, message } = failure
  const all = (to ?? []).map((result) => resultJson(source, result))
  const check = {
    comparison: comparisonJson(failure),
    from: resultJson(source, from),
    to: listed ? all : (all[0] ?? null),
    message: reason?.((found) => foundText(source, found)) ?? null,
    custom_message: message,
    status: 'FAIL',
  }
  return listed ? { InComparison: check } : { Comparison: check }
}
