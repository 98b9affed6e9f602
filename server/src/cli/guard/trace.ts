import type { Failure } from '../../guard/evaluate/record.ts'
import type { RuleVerdict, Verdict } from '../../guard/guard.ts'
import { errorText, type ReportSource } from '../../guard/report/report.ts'

/** What `--verbose` draws and `--print-json` prints: every rule with its verdict, and in failed ones every clause that failed. */
export interface Trace {
  readonly context: string
  readonly status: Verdict
  readonly message: string | null
  readonly error: string | null
  readonly children: readonly Trace[]
}

export const fileTrace = (name: string, status: Verdict, rules: readonly Trace[]): Trace => ({
  context: `File(${name})`,
  status,
  message: null,
  error: null,
  children: rules,
})

export const ruleTraces = (source: ReportSource, verdicts: readonly RuleVerdict[]): readonly Trace[] =>
  verdicts.map(({ rule, verdict, failures }) => ({
    context: `Rule(${rule})`,
    status: verdict,
    message: null,
    error: null,
    children: failures.map((failure) => failed(source, failure)),
  }))

function failed(source: ReportSource, failure: Failure): Trace {
  const checks = 'checks' in failure ? failure.checks : []
  const error = errorText(source, failure)
  return {
    context: contextOf(failure),
    status: 'FAIL',
    message: 'message' in failure ? (failure.message?.trim() ?? null) : null,
    error: error === '' ? null : error,
    children: checks.map((check) => failed(source, check)),
  }
}

function contextOf(failure: Failure): string {
  switch (failure.kind) {
    case 'rule':
      return `Rule(${failure.name})`
    case 'any_of':
      return 'Disjunction'
    case 'block':
      return `Block(${failure.query})`
    case 'dependent':
      return `${failure.negation ? 'not ' : ''}Rule(${failure.rule})`
    default:
      return `Clause(${failure.context.trim()})`
  }
}

/** The trace as a tree of lines. */
export const traceLines = (trace: Trace): readonly string[] => branches([trace])

const headOf = ({ context, status, error }: Trace): string =>
  `${context} Status=${status}${error === null ? '' : `: ${error}`}`

function branches(children: readonly Trace[]): readonly string[] {
  return children.flatMap((child, i) => {
    const last = i === children.length - 1
    const [edge, below] = last ? ['`- ', '   '] : ['|- ', '|  ']
    return [edge + headOf(child), ...branches(child.children).map((line) => below + line)]
  })
}
