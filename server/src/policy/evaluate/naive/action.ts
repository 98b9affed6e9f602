import type { PatternElement } from '../../policies.ts'
import { type Truth, truthOf } from '../../truth.ts'
import { matchesTokens, wildcards } from './pattern.ts'

/** Actions are compared without regard to case; wildcards may stand anywhere. The action is always known. */
export function evaluateAction(element: PatternElement, action: string): Truth {
  const lower = action.toLowerCase()
  const matched = element.patterns.some((pattern) => matchesTokens(wildcards(pattern.toLowerCase()), lower))
  return truthOf(matched !== element.negated)
}
