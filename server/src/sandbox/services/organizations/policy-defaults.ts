/** Policies managed by AWS that every new root, OU and account gets while their type is enabled. */
import type { World } from '../../core/contract.ts'
import { attachments, type Organization, type Policy, policies } from './state.ts'

const allowAll = (principal: object) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', ...principal, Action: '*', Resource: '*' }],
  })

const MANAGED: readonly Omit<Policy, 'updatedAt'>[] = [
  {
    id: 'p-FullAWSAccess',
    organizationId: null,
    name: 'FullAWSAccess',
    description: 'Allows access to every operation',
    type: 'SERVICE_CONTROL_POLICY',
    content: allowAll({}),
  },
  {
    id: 'p-RCPFullAWSAccess',
    organizationId: null,
    name: 'RCPFullAWSAccess',
    description: 'Allows access to every resource',
    type: 'RESOURCE_CONTROL_POLICY',
    content: allowAll({ Principal: '*' }),
  },
]

export function ensureManagedPolicies(world: World): void {
  for (const policy of MANAGED)
    if (!policies(world).has(policy.id)) policies(world).put(policy.id, { ...policy, updatedAt: world.now() })
}

export function attachDefaults(world: World, organization: Organization, targetId: string): void {
  const wanted = MANAGED.filter(({ type }) => organization.policyTypes[type] === 'ENABLED').map(
    ({ id }) => id,
  )
  const have = attachments(world).get(targetId) ?? []
  const missing = wanted.filter((id) => !have.includes(id))
  if (missing.length > 0) attachments(world).put(targetId, [...have, ...missing])
}
