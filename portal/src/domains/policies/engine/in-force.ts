import type { AccountPolicies, PolicyLevelView } from '@rankan/server/domain/policies/guardrails.ts'
import { parsePolicy } from '@rankan/server/src/policy/parse/policy.ts'
import { MEANING_IS_PLAIN } from '@rankan/server/src/policy/parse/problem.ts'
import type { PolicyLevel } from '@rankan/server/src/policy/policies.ts'
import type { InForce } from './what-if.ts'

/** The policies that bind an account, parsed for the engine. AWS has taken them, so one that we cannot read is left out and named. */
export interface ReadInForce extends InForce {
  readonly unread: readonly string[]
}

export function readInForce(view: AccountPolicies): ReadInForce {
  const unread: string[] = []
  const levels = (views: readonly PolicyLevelView[], kind: 'scp' | 'rcp') =>
    views.map((level) => readLevel(level, kind, view, unread))
  return {
    scps: levels(view.scps, 'scp'),
    rcps: levels(view.rcps, 'rcp'),
    managementAccount: view.managementAccountId,
    unread,
  }
}

function readLevel(
  level: PolicyLevelView,
  kind: 'scp' | 'rcp',
  { path }: AccountPolicies,
  unread: string[],
): PolicyLevel {
  const policies = level.policies.flatMap(({ name, document }) => {
    const { policy } = parsePolicy(document, kind, { name, tolerate: MEANING_IS_PLAIN })
    if (policy === null) unread.push(name)
    return policy === null ? [] : [policy]
  })
  return { target: path.find(({ id }) => id === level.target)?.name ?? level.target, policies }
}
