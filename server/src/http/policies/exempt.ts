import { applied } from '../../analytics/replay/exemption.ts'
import type { ReplayPolicy } from '../../domain/policies/replays.ts'
import type { ExemptionOf } from '../../domain/policies/report.ts'
import { everyPolicy, type ReplayWorld } from '../../domain/policies/world.ts'
import { invalid } from '../../kernel/errors.ts'

/** The policies with the exemptions in their Deny statements; of those in force, only what the exemptions change comes along. */
export function exempted(
  world: ReplayWorld,
  policies: readonly ReplayPolicy[],
  withInForce: boolean,
  exemptions: readonly ExemptionOf[],
): ReplayPolicy[] {
  const every = everyPolicy(world, policies, withInForce)
  refuseUnknown(every, exemptions)
  const before = every.map((policy) => ({ ...policy, document: JSON.parse(policy.document) as unknown }))
  const after = exemptions.reduce<readonly (typeof before)[number][]>(applied, before)
  return after.flatMap((policy, index) => {
    const given = every[index]
    if (given === undefined) return []
    if (policy.document === before[index]?.document) return index < policies.length ? [given] : []
    return [{ ...given, document: JSON.stringify(policy.document, null, 2) }]
  })
}

function refuseUnknown(every: readonly ReplayPolicy[], exemptions: readonly ExemptionOf[]): void {
  const names = new Set(every.map(({ name }) => name))
  const unknown = exemptions.flatMap(({ statements }, index) =>
    statements.flatMap(({ policy }, at) => (names.has(policy) ? [] : [{ index, at, policy }])),
  )
  if (unknown.length === 0) return
  throw invalid(
    'unknown_policy',
    'An exemption names a policy that this replay does not have.',
    unknown.map(({ index, at, policy }) => ({
      path: ['exemptions', index, 'statements', at, 'policy'],
      code: 'unknown_policy',
      params: { policy },
      message: `There is no policy \`${policy}\` in this replay.`,
    })),
  )
}
