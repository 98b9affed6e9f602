import { codesOf, patternCodes } from '../../policy/compile/glob.ts'
import { compileTemplate } from '../../policy/compile/template.ts'
import { OPERATORS } from '../../policy/condition/operators.ts'
import type { ConditionElement, Policy } from '../../policy/policies.ts'
import { type ArnAutomaton, automatonOf } from './arns.ts'
import type { AtomRow } from './atoms.ts'
import type { Kernel } from './kernel.ts'

/**
 * Most values of a key are one plain text, of which conditions on texts ask nothing but which of their patterns it matches:
 * all of them are one automaton, which reads the bytes as they lie. `null`: some condition asks something else.
 */
export function entryAutomaton(row: AtomRow, key: string, kernel: Kernel): ArnAutomaton | null {
  if (row.together.length > 0) return null
  const patterns = new Map<string, readonly number[]>()
  for (const { policy, statement } of row.statements)
    for (const condition of statement.conditions) {
      if (condition.key.toLowerCase() !== key) continue
      const codes = patternsOf(condition, policy.version)
      if (codes === null) return null
      for (const one of codes) patterns.set(one.join(), one)
    }
  return automatonOf([...patterns.values()], kernel)
}

function patternsOf(
  { operator, values }: ConditionElement,
  version: Policy['version'],
): readonly (readonly number[])[] | null {
  if (operator.name === 'Null') return []
  const { type } = OPERATORS[operator.name]
  const isText = type === 'pattern' || (type === 'string' && !operator.name.endsWith('IgnoreCase'))
  if (!isText || (version === '2012-10-17' && values.some((value) => compileTemplate(value) !== null)))
    return null
  return values.map(type === 'pattern' ? patternCodes : codesOf)
}
