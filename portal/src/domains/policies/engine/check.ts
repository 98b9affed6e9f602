import { checkText } from '@rankan/server/src/policy/exchange/check.ts'
import { checkManagement } from '@rankan/server/src/policy/exchange/check-management.ts'
import type { Facts } from '@rankan/server/src/policy/facts.ts'
import type { Size } from '@rankan/server/src/policy/lint/size.ts'
import { sizeOf } from '@rankan/server/src/policy/lint/size.ts'
import type { ManagementPolicy } from '@rankan/server/src/policy/management/document.ts'
import { parseManagementPolicy, rulesOfNode } from '@rankan/server/src/policy/management/parse.ts'
import { type ManagementType, RULES } from '@rankan/server/src/policy/management/types.ts'
import { parseJson } from '@rankan/server/src/policy/parse/json.ts'
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
  const policy = document?.valid === true ? document.policy : null
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

export interface CheckedManagement extends Omit<Checked, 'policy'> {
  /** `null` while AWS would refuse the document. */
  readonly policy: ManagementPolicy | null
}

/** The same of a management policy. Its type follows from its first key; `type` gives the limit while there is none. */
export function checkManagementDraft(text: string, type: ManagementType, name: string): CheckedManagement {
  const parsed = parseManagementPolicy(text, name)
  const { root, problems: json } = parseJson(text)
  const rules = root === null ? undefined : rulesOfNode(root)
  const checked =
    root === null || rules === undefined ? null : checkManagement(root, rules, text, json.length > 0)
  const problems = [
    ...parsed.problems,
    ...(checked?.problems.filter(({ code }) => code === 'too_long') ?? []),
  ]
  const errors = problems.filter(({ severity }) => severity === 'error').length
  return {
    problems,
    errors,
    warnings: problems.length - errors,
    policy: errors > 0 ? null : parsed.policy,
    size: checked?.size ?? {
      characters: text.trim().length,
      limit: RULES.get(type)?.maxCharacters ?? 0,
    },
  }
}
