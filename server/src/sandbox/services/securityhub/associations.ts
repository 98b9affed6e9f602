/** Which configuration policy rules which target: put on it, or inherited from above. */
import type { Call, World } from '../../core/contract.ts'
import { accounts, isParent, lineage, type Organization, ous } from '../organizations/state.ts'
import { subscribe } from './hubs.ts'
import { policyOf } from './policies.ts'
import {
  type Association,
  associationsOf,
  centralHome,
  centralsOf,
  conflicting,
  hubsOf,
  invalid,
  missing,
  organization,
  paged,
  policiesOf,
} from './state.ts'

interface Target {
  readonly AccountId?: string
  readonly OrganizationalUnitId?: string
  readonly RootId?: string
}

const SELF_MANAGED = 'SELF_MANAGED_SECURITY_HUB'

function targetOf(call: Call<unknown>, target: Target | undefined): string {
  const given = [target?.AccountId, target?.OrganizationalUnitId, target?.RootId].filter(
    (id) => id !== undefined,
  )
  const [id] = given
  if (given.length !== 1 || id === undefined) throw invalid('Give exactly one target.')
  const owner = organization(call)
  const known = isParent(call.world, owner, id) || accounts(call.world).get(id)?.organizationId === owner.id
  if (!known) throw missing(`The target ${id} was not found in the organization.`)
  return id
}

const typeOf = (id: string) =>
  id.startsWith('r-') ? 'ROOT' : id.startsWith('ou-') ? 'ORGANIZATIONAL_UNIT' : 'ACCOUNT'

const keyOf = (organizationId: string, targetId: string) => `${organizationId}/${targetId}`

/** What rules a target: its own association, or that of the nearest place above. */
function ruling(
  world: World,
  owner: Organization,
  targetId: string,
): { one: Association; type: string } | null {
  for (const id of lineage(world, owner, targetId).reverse()) {
    const one = associationsOf(world).get(keyOf(owner.id, id))
    if (one) return { one, type: id === targetId ? 'APPLIED' : 'INHERITED' }
  }
  return null
}

const view = (one: Association, targetId: string, type: string) => ({
  ConfigurationPolicyId: one.policyId,
  TargetId: targetId,
  TargetType: typeOf(targetId),
  AssociationType: type,
  UpdatedAt: one.updatedAt,
  AssociationStatus: one.status,
  AssociationStatusMessage: one.message ?? undefined,
})

export function startConfigurationPolicyAssociation(
  call: Call<{ ConfigurationPolicyIdentifier: string; Target: Target }>,
) {
  const { world, input } = call
  const { organizationId } = centralHome(call)
  const targetId = targetOf(call, input.Target)
  const { ConfigurationPolicyIdentifier: wanted } = input
  const policyId = wanted === SELF_MANAGED ? wanted : policyOf(call, wanted).id
  const key = keyOf(organizationId, targetId)
  if (associationsOf(world).get(key)?.status === 'PENDING')
    throw conflicting('Another association of this target is in progress.')
  const one: Association = {
    organizationId,
    targetId,
    policyId,
    status: 'PENDING',
    message: null,
    updatedAt: world.now(),
  }
  associationsOf(world).put(key, one)
  world.later(world.duration('securityhub.association'), 'securityhub', 'association_done', { key })
  return view(one, targetId, 'APPLIED')
}

/** Timer: the policy has reached the accounts. */
export function associationDone(world: World, { key }: { key: string }): void {
  const one = associationsOf(world).get(key)
  if (one?.status !== 'PENDING') return
  const fault = world.fault({
    at: 'outcome',
    service: 'securityhub',
    operation: 'StartConfigurationPolicyAssociation',
    subject: one.targetId,
  })
  const message = fault?.do === 'fail' ? fault.message : null
  associationsOf(world).put(key, {
    ...one,
    status: message === null ? 'SUCCESS' : 'FAILED',
    message,
    updatedAt: world.now(),
  })
  if (message === null) spread(world, one)
}

/** Switches standards on in the accounts below, as the policy wants them. */
function spread(world: World, one: Association): void {
  const policy = policiesOf(world).get(one.policyId)
  const region = centralsOf(world).get(one.organizationId)?.aggregator?.region
  if (!policy || region === undefined) return
  const standards = policy.policy.EnabledStandardIdentifiers ?? []
  for (const { id, organizationId, state } of accounts(world).values()) {
    if (organizationId !== one.organizationId || state !== 'ACTIVE' || !below(world, id, one.targetId))
      continue
    const key = `${id}/${region}`
    if (policy.policy.ServiceEnabled === false) {
      hubsOf(world).delete(key)
      continue
    }
    subscribe(world, id, region, false)
    const hub = hubsOf(world).get(key)
    if (hub)
      hubsOf(world).put(key, {
        ...hub,
        standards: Object.fromEntries(standards.map((arn) => [arn, world.now()])),
      })
  }
}

function below(world: World, accountId: string, targetId: string): boolean {
  for (
    let at: string | null | undefined = accountId;
    at;
    at = ous(world).get(at)?.parentId ?? accounts(world).get(at)?.parentId
  )
    if (at === targetId) return true
  return false
}

export function startConfigurationPolicyDisassociation(
  call: Call<{ ConfigurationPolicyIdentifier: string; Target?: Target }>,
) {
  const { organizationId } = centralHome(call)
  const targetId = targetOf(call, call.input.Target)
  const key = keyOf(organizationId, targetId)
  const wanted = call.input.ConfigurationPolicyIdentifier.split('/').at(-1)
  if (associationsOf(call.world).get(key)?.policyId !== wanted)
    throw missing(`The configuration policy is not associated with ${targetId}.`)
  associationsOf(call.world).delete(key)
  return {}
}

export function getConfigurationPolicyAssociation(call: Call<{ Target: Target }>) {
  centralHome(call)
  const targetId = targetOf(call, call.input.Target)
  const found = ruling(call.world, organization(call), targetId)
  if (!found) throw missing(`There is no configuration policy association for ${targetId}.`)
  return view(found.one, targetId, found.type)
}

export function batchGetConfigurationPolicyAssociations(
  call: Call<{ ConfigurationPolicyAssociationIdentifiers: readonly { Target?: Target }[] }>,
) {
  centralHome(call)
  const owner = organization(call)
  const asked = call.input.ConfigurationPolicyAssociationIdentifiers.map((identifier) => {
    const targetId =
      identifier.Target?.AccountId ??
      identifier.Target?.OrganizationalUnitId ??
      identifier.Target?.RootId ??
      ''
    return { identifier, targetId, found: ruling(call.world, owner, targetId) }
  })
  return {
    ConfigurationPolicyAssociations: asked.flatMap(({ targetId, found }) =>
      found ? [view(found.one, targetId, found.type)] : [],
    ),
    UnprocessedConfigurationPolicyAssociations: asked.flatMap(({ identifier, found }) =>
      found
        ? []
        : [
            {
              ConfigurationPolicyAssociationIdentifiers: identifier,
              ErrorCode: '404',
              ErrorReason: 'The association was not found.',
            },
          ],
    ),
  }
}

interface ListInput {
  readonly NextToken?: string
  readonly MaxResults?: number
  readonly Filters?: {
    readonly ConfigurationPolicyId?: string
    readonly AssociationType?: string
    readonly AssociationStatus?: string
  }
}

/** Everything that is ruled: root, OUs and accounts. */
export function listConfigurationPolicyAssociations(call: Call<ListInput>) {
  const { world, input } = call
  centralHome(call)
  const owner = organization(call)
  const ids = [
    owner.rootId,
    ...[...ous(world).values()].filter((one) => one.organizationId === owner.id).map(({ id }) => id),
    ...[...accounts(world).values()].filter((one) => one.organizationId === owner.id).map(({ id }) => id),
  ]
  const { ConfigurationPolicyId, AssociationType, AssociationStatus } = input.Filters ?? {}
  const rows = ids.flatMap((id) => {
    const found = ruling(world, owner, id)
    return found ? [view(found.one, id, found.type)] : []
  })
  const fits = rows.filter(
    (one) =>
      (ConfigurationPolicyId === undefined || one.ConfigurationPolicyId === ConfigurationPolicyId) &&
      (AssociationType === undefined || one.AssociationType === AssociationType) &&
      (AssociationStatus === undefined || one.AssociationStatus === AssociationStatus),
  )
  const { items, next } = paged(fits, input)
  return { ConfigurationPolicyAssociationSummaries: items, NextToken: next }
}
