import {
  DescribePolicyCommand,
  ListPoliciesCommand,
  ListRootsCommand,
  ListTargetsForPolicyCommand,
  type OrganizationsClient,
  type PolicySummary,
  type PolicyType,
} from '@aws-sdk/client-organizations'
import type { GuardrailKind, TargetKind } from '../../domain/policies/kinds.ts'
import { bug } from '../../kernel/errors.ts'
import { ORGANIZATION_KINDS } from '../../policy/guardrails.ts'
import type { EstatePolicy, PolicyTarget } from '../../ports/estate.ts'
import { paged } from '../pages.ts'

const KIND_OF: ReadonlyMap<string, GuardrailKind> = new Map(
  ORGANIZATION_KINDS.map(({ kind, awsType }) => [awsType, kind]),
)

export async function policyKinds(client: OrganizationsClient): Promise<readonly GuardrailKind[]> {
  const { Roots } = await client.send(new ListRootsCommand({}))
  return (Roots?.[0]?.PolicyTypes ?? []).flatMap(({ Type, Status }) =>
    Status === 'ENABLED' ? (KIND_OF.get(Type ?? '') ?? []) : [],
  )
}

export async function* policies(
  client: OrganizationsClient,
  kind: GuardrailKind,
): AsyncGenerator<EstatePolicy> {
  const awsType = ORGANIZATION_KINDS.find((one) => one.kind === kind)?.awsType
  if (awsType === undefined) throw bug(`AWS Organizations has no policies of the kind \`${kind}\`.`)
  const all = paged<PolicySummary>(async (token) => {
    const page = await client.send(
      new ListPoliciesCommand({ Filter: awsType as PolicyType, NextToken: token }),
    )
    return { items: page.Policies, next: page.NextToken }
  })
  for await (const { Id } of all) {
    const { Policy } = await client.send(new DescribePolicyCommand({ PolicyId: Id }))
    const summary = Policy?.PolicySummary
    yield {
      id: Id ?? '',
      kind,
      name: summary?.Name ?? '',
      description: summary?.Description ?? '',
      awsManaged: summary?.AwsManaged ?? false,
      document: Policy?.Content ?? '',
    }
  }
}

const TARGETS: Readonly<Record<string, TargetKind>> = {
  ROOT: 'root',
  ORGANIZATIONAL_UNIT: 'ou',
  ACCOUNT: 'account',
}

export async function* policyTargets(
  client: OrganizationsClient,
  policyId: string,
): AsyncGenerator<PolicyTarget> {
  const all = paged(async (token) => {
    const page = await client.send(new ListTargetsForPolicyCommand({ PolicyId: policyId, NextToken: token }))
    return { items: page.Targets, next: page.NextToken }
  })
  for await (const { TargetId, Type } of all)
    yield { id: TargetId ?? '', kind: TARGETS[Type ?? ''] ?? 'account' }
}
