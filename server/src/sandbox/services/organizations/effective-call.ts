import { AwsError, type Call } from '../../core/contract.ts'
import { effectiveContent } from './effective-content.ts'
import { targetNotFound } from './errors.ts'
import * as state from './state.ts'

/** DescribeEffectivePolicy: an account's effective management policy; members may ask for their own. */
export function describeEffectivePolicy(call: Call<{ PolicyType: string; TargetId?: string }>) {
  const { world, input, caller } = call
  const targetId = input.TargetId ?? caller.accountId
  const organization = targetId === caller.accountId ? state.ours(call) : state.readable(call)
  if (state.accounts(world).get(targetId)?.organizationId !== organization.id) throw targetNotFound()
  const attached = state.lineage(world, organization, targetId).map((id) =>
    (state.attachments(world).get(id) ?? []).flatMap((policyId) => {
      const policy = state.policies(world).get(policyId)
      return policy?.type === input.PolicyType ? [policy] : []
    }),
  )
  const all = attached.flat()
  if (all.length === 0)
    throw new AwsError(
      'EffectivePolicyNotFoundException',
      "If you ran this action on the management account, this policy type is not enabled. If you ran the action on a member account, the account doesn't have an effective policy of this type.",
    )
  return {
    EffectivePolicy: {
      PolicyContent: effectiveContent(attached, input.PolicyType),
      LastUpdatedTimestamp: Math.max(...all.map((p) => p.updatedAt)),
      TargetId: targetId,
      PolicyType: input.PolicyType,
    },
  }
}
