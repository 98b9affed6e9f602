/** The content of an effective policy: by the policy engine for the types that it knows, by the operators alone for others. */
import type { ManagementPolicy } from '../../../policy/management/document.ts'
import { effectivePolicy as merged } from '../../../policy/management/effective.ts'
import { parseManagementPolicy } from '../../../policy/management/parse.ts'
import { rulesByApi } from '../../../policy/management/types.ts'
import { effectivePolicy, type PolicyNode } from './effective.ts'
import type { Policy } from './state.ts'

/** Levels from the root down, each in the order of attachment. */
export function effectiveContent(levels: readonly (readonly Policy[])[], type: string): string {
  if (rulesByApi(type) === undefined)
    return JSON.stringify(
      effectivePolicy(levels.map((level) => level.map(({ content }) => JSON.parse(content) as PolicyNode))),
    )
  const parsed = levels.map((level, i) => ({ target: String(i), policies: level.flatMap(read) }))
  return JSON.stringify(merged(parsed).document ?? {})
}

/** Contents are checked when they are written; one of an older data folder that does not fit says nothing. */
const read = ({ content, id }: Policy): readonly ManagementPolicy[] => {
  const { policy } = parseManagementPolicy(content, id)
  return policy === null ? [] : [policy]
}
