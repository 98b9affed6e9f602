import type { Facts } from '../facts.ts'
import { lintPolicy } from '../lint/lint.ts'
import { parsePolicy } from '../parse/policy.ts'
import type { PolicyProblem } from '../parse/problem.ts'
import type { PolicyKind } from '../policies.ts'

export interface Linter {
  lint(statement: object | readonly object[], kind?: PolicyKind): readonly PolicyProblem[]
  codes(statement: object | readonly object[], kind?: PolicyKind): readonly string[]
}

/** What lint finds in statements that have no fault of grammar; throws when they have one. */
export function linter(facts: Facts): Linter {
  const lint: Linter['lint'] = (statement, kind = 'identity') => {
    const { policy, problems } = parsePolicy({ Version: '2012-10-17', Statement: statement }, kind)
    if (policy === null || problems.length > 0) throw new Error(JSON.stringify(problems))
    return lintPolicy(policy, null, facts)
  }
  return { lint, codes: (...args) => lint(...args).map(({ code }) => code) }
}
