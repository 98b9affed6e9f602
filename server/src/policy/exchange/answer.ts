import { operatorText } from '../condition/operators.ts'
import type { Decision, ElementReason, StatementResult } from '../decision.ts'

import { sentencesOf } from '../explain/sentences.ts'

/** A decision as JSON for the world outside, as documented in docs/guide/policy.md. */
export function answerOf(decision: Decision, explain: boolean): object {
  const { verdict, why, by, deciding, layers, missing } = decision
  return {
    verdict,
    why,
    by,
    deciding: deciding.map(statementJson),
    missing,
    ...(explain
      ? {
          explanation: explanationOf(decision),
          layers: layers.map(({ kind, target, verdict: v, explicitDeny, allow, exempt, statements }) => ({
            kind,
            target,
            verdict: v,
            explicitDeny,
            allow,
            exempt,
            statements: statements.map((s) => ({
              ...statementJson(s),
              matches: s.matches,
              reasons: s.reasons.map(reasonJson),
            })),
          })),
        }
      : {}),
  }
}

const explanationOf = (decision: Decision) => {
  const sentences = sentencesOf(decision)
  return { ja: sentences.map(({ ja }) => ja), en: sentences.map(({ en }) => en) }
}

const statementJson = ({
  kind,
  target,
  policy,
  index,
  sid,
  effect,
  place,
}: Omit<StatementResult, 'matches' | 'reasons'>) => ({
  kind,
  target,
  policy,
  statement: index,
  sid,
  effect,
  path: place.path,
  line: place.line,
})

function reasonJson(reason: ElementReason): object {
  const { element, matches, wanted, place, open } = reason
  const at = { path: place.path, line: place.line }
  if (reason.element === 'condition') {
    const { actual } = reason
    return {
      element,
      matches,
      operator: operatorText(reason.operator),
      key: reason.key,
      wanted,
      actual: actual.state === 'known' ? actual.values : actual.state,
      open,
      ...at,
    }
  }
  return { element, matches, negated: reason.negated, wanted, actual: reason.actual, open, ...at }
}
