/** The organisation itself: making, describing, service access, resource policy. */
import { AwsError, type Call, type World } from '../../core/contract.ts'
import { constraint, invalidInput } from './errors.ts'
import { listOf, type PageInput, page } from './paging.ts'
import { attachDefaults, ensureManagedPolicies } from './policy-defaults.ts'
import * as state from './state.ts'

export function view(world: World, organization: state.Organization) {
  const account = state.accounts(world).get(organization.managementAccountId)
  return {
    Id: organization.id,
    Arn: `arn:aws:organizations::${organization.managementAccountId}:organization/${organization.id}`,
    FeatureSet: organization.featureSet,
    MasterAccountArn: state.arnOf(organization, 'account', organization.managementAccountId),
    MasterAccountId: organization.managementAccountId,
    MasterAccountEmail: account?.email,
    AvailablePolicyTypes:
      organization.featureSet === 'ALL' ? [{ Type: 'SERVICE_CONTROL_POLICY', Status: 'ENABLED' }] : [],
  }
}

export const describeOrganization = (call: Call<unknown>) => ({
  Organization: view(call.world, state.ours(call)),
})

export function createOrganization(call: Call<{ FeatureSet?: 'ALL' | 'CONSOLIDATED_BILLING' }>) {
  const { world, caller, input } = call
  const account = state.accounts(world).get(caller.accountId)
  if (!account) throw new AwsError('AccessDeniedException', 'The account is not known to AWS Organizations.')
  if (account.organizationId !== null)
    throw new AwsError(
      'AlreadyInOrganizationException',
      'The AWS account is already a member of an organization.',
    )
  return { Organization: view(world, addOrganization(world, account, input.FeatureSet ?? 'ALL')) }
}

/** Makes the account the management account of a new organisation. Used by the seed too. */
export function addOrganization(
  world: World,
  account: state.Account,
  featureSet: 'ALL' | 'CONSOLIDATED_BILLING',
): state.Organization {
  ensureManagedPolicies(world)
  const organization: state.Organization = {
    id: `o-${world.id(10)}`,
    managementAccountId: account.id,
    rootId: `r-${world.id(4)}`,
    featureSet,
    policyTypes: {},
    serviceAccess: {},
    resourcePolicy: null,
    createdAt: world.now(),
  }
  state.organizations(world).put(organization.id, organization)
  state.accounts(world).put(account.id, {
    ...account,
    organizationId: organization.id,
    parentId: organization.rootId,
    joinedMethod: 'INVITED',
    joinedAt: world.now(),
  })
  attachDefaults(world, organization, organization.rootId)
  return organization
}

export function deleteOrganization(call: Call<unknown>): void {
  const { world } = call
  const organization = state.managed(call)
  for (const a of state.accounts(world).values())
    if (a.organizationId === organization.id && a.id !== organization.managementAccountId)
      throw new AwsError(
        'OrganizationNotEmptyException',
        'The organization is not empty. Remove all accounts except the management account first.',
      )
  const management = state.memberOf(world, organization, organization.managementAccountId)
  state.accounts(world).put(management.id, { ...management, organizationId: null, parentId: null })
  for (const ou of [...state.ous(world).values()])
    if (ou.organizationId === organization.id) state.ous(world).delete(ou.id)
  state.organizations(world).delete(organization.id)
}

export function enableServiceAccess(call: Call<{ ServicePrincipal: string }>): void {
  const { world, input } = call
  const organization = state.managed(call)
  if (organization.featureSet !== 'ALL')
    throw constraint(
      'ORGANIZATION_NOT_IN_ALL_FEATURES_MODE',
      'The organization does not have all features enabled.',
    )
  const serviceAccess = { [input.ServicePrincipal]: world.now(), ...organization.serviceAccess }
  state.organizations(world).put(organization.id, { ...organization, serviceAccess })
}

export function disableServiceAccess(call: Call<{ ServicePrincipal: string }>): void {
  const { world, input } = call
  const organization = state.managed(call)
  for (const d of state.delegations(world).values())
    if (d.organizationId === organization.id && d.servicePrincipal === input.ServicePrincipal)
      throw constraint(
        'DELEGATED_ADMINISTRATOR_EXISTS_FOR_THIS_SERVICE',
        'Deregister the delegated administrators of this service first.',
      )
  const { [input.ServicePrincipal]: _, ...serviceAccess } = organization.serviceAccess
  state.organizations(world).put(organization.id, { ...organization, serviceAccess })
}

export function listServiceAccess(call: Call<PageInput>) {
  const organization = state.readable(call)
  const found = page(
    listOf(
      Object.entries(organization.serviceAccess).map(([k, at]): [string, [string, number]] => [k, [k, at]]),
    ),
    () => true,
    call.input,
  )
  return {
    EnabledServicePrincipals: found.items.map(([ServicePrincipal, DateEnabled]) => ({
      ServicePrincipal,
      DateEnabled,
    })),
    NextToken: found.next,
  }
}

const policyView = (organization: state.Organization, content: string) => ({
  ResourcePolicy: {
    ResourcePolicySummary: {
      Id: `rp-${organization.id.slice(2)}`,
      Arn: `arn:aws:organizations::${organization.managementAccountId}:resourcepolicy/${organization.id}/rp-${organization.id.slice(2)}`,
    },
    Content: content,
  },
})

export function putResourcePolicy(call: Call<{ Content: string }>) {
  const { world, input } = call
  const organization = state.managed(call)
  try {
    JSON.parse(input.Content)
  } catch {
    throw invalidInput('INVALID_RESOURCE_POLICY_JSON', 'The provided resource policy is not valid JSON.')
  }
  if (input.Content.length > world.limit('organizations.resource_policy_size'))
    throw constraint('POLICY_CONTENT_LIMIT_EXCEEDED', 'The resource policy is too large.')
  state.organizations(world).put(organization.id, { ...organization, resourcePolicy: input.Content })
  return policyView(organization, input.Content)
}

export function describeResourcePolicy(call: Call<unknown>) {
  const organization = state.readable(call)
  if (organization.resourcePolicy === null) throw noResourcePolicy()
  return policyView(organization, organization.resourcePolicy)
}

export function deleteResourcePolicy(call: Call<unknown>): void {
  const organization = state.managed(call)
  if (organization.resourcePolicy === null) throw noResourcePolicy()
  state.organizations(call.world).put(organization.id, { ...organization, resourcePolicy: null })
}

const noResourcePolicy = () =>
  new AwsError(
    'ResourcePolicyNotFoundException',
    "We can't find a resource policy request with the parameter that you specified.",
  )
