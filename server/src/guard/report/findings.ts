import type { Failure } from '../evaluate/record.ts'
import { type Found, Missing, pathOf, type Result } from '../evaluate/result.ts'
import type { RuleVerdict } from '../guard.ts'
import { errorText, type ReportSource } from './report.ts'
import { escaped, queryText, valueText } from './words.ts'

/** One failed clause, for people and for formats that are lists. Line and column count from 1. */
export interface Finding {
  readonly rule: string
  /** Path in the document, `/Resources/Bucket/Properties`. */
  readonly path: string
  readonly line: number
  readonly column: number
  /** What is missing at the path, or null when something is there. */
  readonly missing: string | null
  readonly found: string | null
  /** The clause: what was wanted. */
  readonly wanted: string
  readonly message: string | null
  /** The whole story in cfn-guard's words. */
  readonly error: string
}

export const findingsOf = (source: ReportSource, verdicts: readonly RuleVerdict[]): readonly Finding[] =>
  verdicts.flatMap(({ rule, failures }) =>
    failures.flatMap((failure) => findings(source, rule, null, failure)),
  )

/** A message on a call of a rule speaks for the clauses inside that have none. */
function findings(
  source: ReportSource,
  rule: string,
  message: string | null,
  failure: Failure,
): readonly Finding[] {
  if (failure.kind === 'rule')
    return failure.checks.flatMap((check) => findings(source, rule, failure.message ?? message, check))
  if (failure.kind === 'any_of')
    return failure.checks.flatMap((check) => findings(source, rule, message, check))
  const at = placeOfFailure(failure)
  const own = 'message' in failure ? failure.message : null
  return [
    {
      rule,
      ...placed(source, at),
      wanted: wantedText(failure),
      message: trimmed(own ?? message),
      error: errorText(source, failure),
    },
  ]
}

const trimmed = (message: string | null): string | null =>
  message === null
    ? null
    : message
        .split('\n')
        .map((line) => line.trim())
        .join('\n')
        .trim()

function placeOfFailure(failure: Failure): Result | null {
  if (failure.kind === 'unary' || failure.kind === 'binary') return failure.from
  return failure.kind === 'block' ? failure.missing : null
}

function placed(
  { document }: ReportSource,
  result: Result | null,
): Pick<Finding, 'path' | 'line' | 'column' | 'missing' | 'found'> {
  const at: Found | null = result instanceof Missing ? result.at : result
  const path = at === null ? [] : pathOf(at)
  const { line, column } = document.locate(path)
  return {
    path: path.map((key) => `/${key}`).join(''),
    line: line + 1,
    column: column + 1,
    missing: result instanceof Missing ? queryText(result.parts.slice(result.from)) : null,
    found: result === null || result instanceof Missing ? null : escaped(valueText(result.value)),
  }
}

function wantedText(failure: Failure): string {
  switch (failure.kind) {
    case 'unary':
    case 'binary':
      return escaped(failure.context.trim())
    case 'block':
      return `${failure.query} { … }`
    case 'dependent':
      return `${failure.negation ? 'not ' : ''}rule ${failure.rule}`
    default:
      return ''
  }
}
