import type { Facts } from '../facts.ts'
import type { PolicyProblem } from '../parse/problem.ts'
import type { Policy, PolicyKind } from '../policies.ts'
import { lintActions } from './actions.ts'
import { lintKeys } from './keys.ts'
import type { Size } from './size.ts'
import { lintStatements } from './statements.ts'

/**
 * What AWS accepts and the author hardly meant. Everything here is a warning, except a document that is too large.
 * `facts` (AWS's actions and keys) may be left out, where they are not loaded.
 */
export function lintPolicy(policy: Policy, size: Size | null, facts?: Facts): readonly PolicyProblem[] {
  return [
    ...(size === null ? [] : lintSize(policy.kind, size)),
    ...lintStatements(policy),
    ...(facts === undefined ? [] : [...lintActions(policy, facts), ...lintKeys(policy, facts)]),
  ]
}

function lintSize(kind: PolicyKind, { characters, limit }: Size): readonly PolicyProblem[] {
  if (characters <= limit) return []
  return [
    {
      severity: 'error',
      code: 'too_long',
      message: `The document has ${characters} characters; AWS takes ${limit} for this kind (${kind}).`,
      hint: 'Remove white space where it counts, use wildcards, or split the policy.',
      path: '$',
      line: 1,
      column: 1,
    },
  ]
}
