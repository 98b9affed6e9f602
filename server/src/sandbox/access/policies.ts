/** The policies that bear on one request, gathered from the estate for the policy engine. */
import type { Policy, PolicyLevel, PolicySet } from '../../policy/policies.ts'
import type { Authenticated } from '../core/authenticate.ts'
import type { ServiceDefinition, World } from '../core/contract.ts'
import { AWS_MANAGED } from '../core/managed-policies.ts'
import { groupsOf, holderKey, managedPolicies, type PolicyHolder, roles, users } from '../core/principals.ts'
import { parsedPolicy } from './documents.ts'

/** Where an account stands in its organisation. */
export interface Place {
  readonly organizationId: string
  readonly managementAccountId: string
  /** As `aws:PrincipalOrgPaths` has it: `o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/`. */
  readonly path: string
}

/** What the core asks Organizations. */
export interface OrganizationView {
  /** null: the account is in no organisation. */
  place(world: World, accountId: string): Place | null
  /** Levels from the root to the account; none where the type is off, in the management account, or without organisation. */
  levels(world: World, accountId: string, kind: 'scp' | 'rcp'): readonly PolicyLevel[]
}

/** The part of the set that is the same for all resources of a call. */
export type CallerPolicies = Pick<PolicySet, 'identity' | 'boundary' | 'session' | 'scps'>

export function policiesOfCaller(
  world: World,
  { caller, sessionPolicies }: Authenticated,
  organization: OrganizationView,
): CallerPolicies {
  const holder = holderOf(world, caller)
  return {
    identity: holder ? identityPolicies(world, holder) : [],
    boundary: holder?.boundary === undefined ? null : managedPolicy(world, 'boundary', holder.boundary),
    session: sessionPolicies && [
      ...sessionPolicies.documents.flatMap((text) => parsedPolicy('session', text) ?? []),
      ...sessionPolicies.arns.flatMap((arn) => managedPolicy(world, 'session', arn) ?? []),
    ],
    scps: organization.levels(world, caller.accountId, 'scp'),
  }
}

/** The user, or the role behind the session; root has no policies. */
export function holderOf(world: World, caller: Authenticated['caller']): PolicyHolder | undefined {
  if (caller.arn.endsWith(':root')) return undefined
  const name = (arn: string) => holderKey(caller.accountId, arn.slice(arn.lastIndexOf('/') + 1))
  return caller.roleArn === null ? users(world).get(name(caller.arn)) : roles(world).get(name(caller.roleArn))
}

function identityPolicies(world: World, holder: PolicyHolder): readonly Policy[] {
  const found = policiesOfHolder(world, holder)
  for (const group of groupsOf(world, holder)) found.push(...policiesOfHolder(world, group))
  return found
}

function policiesOfHolder(
  world: World,
  { inline, attached }: Pick<PolicyHolder, 'inline' | 'attached'>,
): Policy[] {
  return [
    ...Object.values(inline).flatMap((text) => parsedPolicy('identity', text) ?? []),
    ...attached.flatMap((arn) => managedPolicy(world, 'identity', arn) ?? []),
  ]
}

/** A boundary whose policy is gone allows nothing. */
const NOTHING = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}'

function managedPolicy(world: World, kind: 'identity' | 'boundary' | 'session', arn: string): Policy | null {
  const row = managedPolicies(world).get(arn)
  const text = row?.versions.find(({ id }) => id === row.defaultVersion)?.document ?? AWS_MANAGED[arn]
  if (text !== undefined) return parsedPolicy(kind, text, arn)
  return kind === 'boundary' ? parsedPolicy(kind, NOTHING) : null
}

/** What the resource's side says: its own policy, and the RCPs over its owner. */
export function policiesOfResource(
  world: World,
  service: ServiceDefinition,
  resource: { readonly arn: string; readonly account: string },
  organization: OrganizationView,
): Pick<PolicySet, 'resource' | 'rcps'> {
  const stored = service.resourcePolicy?.(world, resource.arn) ?? null
  return {
    resource: stored && parsedPolicy(stored.kind, stored.document, resource.arn),
    rcps: organization.levels(world, resource.account, 'rcp'),
  }
}
