import { checkText } from '@rankan/server/src/policy/exchange/check.ts'
import type { Facts } from '@rankan/server/src/policy/facts.ts'
import type { Size } from '@rankan/server/src/policy/lint/size.ts'
import { sizeOf } from '@rankan/server/src/policy/lint/size.ts'
import type { PolicyProblem } from '@rankan/server/src/policy/parse/problem.ts'
import type { Policy, PolicyKind } from '@rankan/server/src/policy/policies.ts'

export interface Checked {
  readonly problems: readonly PolicyProblem[]
  readonly errors: number
  readonly warnings: number
  /** `null` while AWS would refuse the document. */
  readonly policy: Policy | null
  readonly size: Size
}

/** What the editor shows of a text, errors first in the order of the text. */
export function checkDraft(text: string, kind: PolicyKind, name: string, facts: Facts | undefined): Checked {
  const { documents, problems: around } = checkText(text, kind, facts)
  const [document] = documents
  const problems = [...around, ...documents.flatMap((one) => one.problems)].sort(
    (a, b) => a.line - b.line || a.column - b.column,
  )
  const errors = problems.filter(({ severity }) => severity === 'error').length
  const policy = document?.policy ?? null
  return {
    problems,
    errors,
    warnings: problems.length - errors,
    policy: policy === null ? null : { ...policy, name },
    size: document?.size ?? sizeOf(text, kind),
  }
}

/** The worst mark of each line. */
export function marksOf(problems: readonly PolicyProblem[]): ReadonlyMap<number, 'error' | 'warning'> {
  const marks = new Map<number, 'error' | 'warning'>()
  for (const { line, severity } of problems)
    if (line > 0 && marks.get(line) !== 'error') marks.set(line, severity)
  return marks
}
