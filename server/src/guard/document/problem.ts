import type { Issue } from '../../kernel/errors.ts'
import { RankanError } from '../../kernel/errors.ts'
import { printable } from '../../kernel/text.ts'

/** A place in a text. Lines and columns count from 1. */
export interface Place {
  readonly line: number
  readonly column: number
}

/** What is wrong in a rule file or a document, where, and what to do. */
export interface GuardProblem extends Place {
  readonly message: string
  readonly hint: string | null
}

/** A rule file or a document that cannot be read. */
export class GuardSyntaxError extends RankanError {
  readonly problem: GuardProblem
  constructor(code: string, found: GuardProblem) {
    const hint = found.hint === null ? null : printable(found.hint)
    const problem = { ...found, message: printable(found.message), hint }
    const issue: Issue = { path: [problem.line, problem.column], code, message: problem.message }
    const where = `line ${problem.line}, column ${problem.column}`
    super('invalid', code, `${where}: ${problem.message}${problem.hint === null ? '' : ` ${problem.hint}`}`, {
      issues: [issue],
    })
    this.problem = problem
  }
}

/** An evaluation that ends without a verdict: the rule asks what cannot be answered, or a limit was reached. */
export class GuardEvaluationError extends RankanError {
  constructor(code: string, message: string) {
    super('invalid', code, message)
  }
}
