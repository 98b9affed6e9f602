/** Security Hub in one account: on and off, standards, and the organisation's administrator. */
import { AwsError, type Call, type World } from '../../core/contract.ts'
import { accounts } from '../organizations/state.ts'
import { serviceCaller } from '../shared/world.ts'
import data from './standards.json' with { type: 'json' }
import {
  administered,
  type Central,
  centralsOf,
  conflicting,
  denied,
  type Hub,
  hubKey,
  hubsOf,
  invalid,
  missing,
  noAccess,
  organization,
  paged,
  subscribed,
} from './state.ts'

export const standardsIn = (region: string) =>
  data.standards.map((one) => ({ ...one, arn: one.arn.replace('REGION', region) }))

const hubArn = ({ region, accountId }: Hub) => `arn:aws:securityhub:${region}:${accountId}:hub/default`

export function enableSecurityHub(call: Call<{ EnableDefaultStandards?: boolean }>) {
  if (hubsOf(call.world).has(hubKey(call))) throw conflicting('Account is already subscribed to Security Hub')
  subscribe(call.world, call.caller.accountId, call.region, call.input.EnableDefaultStandards !== false)
  return {}
}

/** Switches Security Hub on in an account, if it is not yet. */
export function subscribe(world: World, accountId: string, region: string, standards: boolean): void {
  const key = `${accountId}/${region}`
  if (hubsOf(world).has(key)) return
  const chosen = standards ? standardsIn(region).filter(({ byDefault }) => byDefault) : []
  hubsOf(world).put(key, {
    accountId,
    region,
    subscribedAt: world.now(),
    standards: Object.fromEntries(chosen.map(({ arn }) => [arn, world.now()])),
  })
}

export function disableSecurityHub(call: Call<unknown>) {
  if (!hubsOf(call.world).delete(hubKey(call)))
    throw missing(`Account ${call.caller.accountId} is not subscribed to AWS Security Hub`)
  return {}
}

export function describeHub(call: Call<{ HubArn?: string }>) {
  const hub = subscribed(call)
  if (call.input.HubArn !== undefined && call.input.HubArn !== hubArn(hub))
    throw missing('The request was rejected because we can’t find the specified resource.')
  return {
    HubArn: hubArn(hub),
    SubscribedAt: new Date(hub.subscribedAt).toISOString(),
    AutoEnableControls: true,
    ControlFindingGenerator: 'SECURITY_CONTROL',
  }
}

type Paging = { readonly NextToken?: string; readonly MaxResults?: number }

export function describeStandards(call: Call<Paging>) {
  const { items, next } = paged(standardsIn(call.region), call.input)
  const Standards = items.map(({ arn, name, byDefault }) => ({
    StandardsArn: arn,
    Name: name,
    Description: name,
    EnabledByDefault: byDefault,
  }))
  return { Standards, NextToken: next }
}

const subscriptionArn = ({ accountId, region }: Hub, standard: string) =>
  `arn:aws:securityhub:${region}:${accountId}:subscription/${standard.replace(/^.*:(standards|ruleset)\//, '')}`

const subscription = (hub: Hub, StandardsArn: string) => ({
  StandardsSubscriptionArn: subscriptionArn(hub, StandardsArn),
  StandardsArn,
  StandardsInput: {},
  StandardsStatus: 'READY',
})

export function getEnabledStandards(call: Call<Paging & { StandardsSubscriptionArns?: readonly string[] }>) {
  const hub = subscribed(call)
  const all = Object.keys(hub.standards).map((arn) => subscription(hub, arn))
  const wanted = call.input.StandardsSubscriptionArns
  const { items, next } = paged(
    all.filter((one) => wanted?.includes(one.StandardsSubscriptionArn) ?? true),
    call.input,
  )
  return { StandardsSubscriptions: items, NextToken: next }
}

/** An account that a configuration policy rules cannot change standards by itself. */
function refuseGoverned(call: Call<unknown>): void {
  const central = centralsOf(call.world).get(organization(call).id)
  if (central?.type === 'CENTRAL')
    throw denied('The account is centrally managed by the delegated administrator.')
}

export function batchEnableStandards(
  call: Call<{ StandardsSubscriptionRequests: readonly { StandardsArn: string }[] }>,
) {
  const hub = subscribed(call)
  refuseGoverned(call)
  const arns = call.input.StandardsSubscriptionRequests.map((one) => one.StandardsArn)
  for (const arn of arns)
    if (!standardsIn(call.region).some((one) => one.arn === arn))
      throw invalid(`Invalid StandardsArn: ${arn}`)
  const standards = { ...hub.standards, ...Object.fromEntries(arns.map((arn) => [arn, call.world.now()])) }
  hubsOf(call.world).put(hubKey(call), { ...hub, standards })
  return { StandardsSubscriptions: arns.map((arn) => subscription(hub, arn)) }
}

export function batchDisableStandards(call: Call<{ StandardsSubscriptionArns: readonly string[] }>) {
  const hub = subscribed(call)
  refuseGoverned(call)
  const gone = Object.keys(hub.standards).filter((arn) =>
    call.input.StandardsSubscriptionArns.includes(subscriptionArn(hub, arn)),
  )
  const kept = Object.entries(hub.standards).filter(([arn]) => !gone.includes(arn))
  hubsOf(call.world).put(hubKey(call), { ...hub, standards: Object.fromEntries(kept) })
  return {
    StandardsSubscriptions: gone.map((arn) => ({ ...subscription(hub, arn), StandardsStatus: 'DELETING' })),
  }
}

export const PRINCIPAL = 'securityhub.amazonaws.com'

function managing(call: Call<unknown>) {
  const found = organization(call)
  if (found.managementAccountId !== call.caller.accountId)
    throw denied('The request must come from the organization management account.')
  return found
}

export function enableOrganizationAdminAccount(call: Call<{ AdminAccountId: string }>) {
  const { world, input, region } = call
  const owner = managing(call)
  const { AdminAccountId } = input
  const known = centralsOf(world).get(owner.id)
  if (accounts(world).get(AdminAccountId)?.organizationId !== owner.id)
    throw invalid(`The account ${AdminAccountId} is not a member of the organization.`)
  if (known && known.adminAccountId !== AdminAccountId)
    throw conflicting('The organization already has another Security Hub delegated administrator.')
  if (!known) {
    const as = serviceCaller(owner.managementAccountId, 'AWSServiceRoleForSecurityHub')
    if (!(PRINCIPAL in owner.serviceAccess))
      world.invoke('organizations', 'EnableAWSServiceAccess', { ServicePrincipal: PRINCIPAL }, as)
    // The management account may administer, too; Organizations does not call that delegation.
    if (AdminAccountId !== owner.managementAccountId)
      world.invoke(
        'organizations',
        'RegisterDelegatedAdministrator',
        { AccountId: AdminAccountId, ServicePrincipal: PRINCIPAL },
        as,
      )
    centralsOf(world).put(owner.id, {
      organizationId: owner.id,
      adminAccountId: AdminAccountId,
      aggregator: null,
      type: 'LOCAL',
      autoEnable: false,
      autoEnableStandards: 'DEFAULT',
    })
  }
  subscribe(world, AdminAccountId, region, true)
  return { AdminAccountId, Feature: 'SecurityHub' }
}

export function disableOrganizationAdminAccount(call: Call<{ AdminAccountId: string }>) {
  const { world, input } = call
  const owner = managing(call)
  const known = centralsOf(world).get(owner.id)
  if (known?.adminAccountId !== input.AdminAccountId)
    throw invalid(`The account ${input.AdminAccountId} is not the Security Hub delegated administrator.`)
  centralsOf(world).delete(owner.id)
  if (input.AdminAccountId !== owner.managementAccountId)
    world.invoke(
      'organizations',
      'DeregisterDelegatedAdministrator',
      { AccountId: input.AdminAccountId, ServicePrincipal: PRINCIPAL },
      serviceCaller(owner.managementAccountId, 'AWSServiceRoleForSecurityHub'),
    )
  return {}
}

export function listOrganizationAdminAccounts(call: Call<unknown>) {
  const known = centralsOf(call.world).get(managing(call).id)
  return {
    AdminAccounts: known ? [{ AccountId: known.adminAccountId, Status: 'ENABLED' }] : [],
    Feature: 'SecurityHub',
  }
}

const aggregatorArn = (central: Central) =>
  `arn:aws:securityhub:${central.aggregator?.region}:${central.adminAccountId}:finding-aggregator/${central.aggregator?.id}`

const aggregatorView = (central: Central) => ({
  FindingAggregatorArn: aggregatorArn(central),
  FindingAggregationRegion: central.aggregator?.region,
  RegionLinkingMode: central.aggregator?.mode,
  Regions: central.aggregator?.regions,
})

export function createFindingAggregator(
  call: Call<{ RegionLinkingMode: string; Regions?: readonly string[] }>,
) {
  const { world, input, region } = call
  subscribed(call)
  const central = administered(call)
  if (central.aggregator)
    throw new AwsError('LimitExceededException', 'There is a finding aggregator already.', {}, 429)
  if (
    !/^(ALL_REGIONS|ALL_REGIONS_EXCEPT_SPECIFIED|SPECIFIED_REGIONS|NO_REGIONS)$/.test(input.RegionLinkingMode)
  )
    throw invalid(`The Region linking mode ${input.RegionLinkingMode} is not valid.`)
  const made: Central = {
    ...central,
    aggregator: {
      region,
      id: world.id(32, '0123456789abcdef'),
      mode: input.RegionLinkingMode,
      regions: input.Regions ?? [],
    },
  }
  centralsOf(world).put(central.organizationId, made)
  return aggregatorView(made)
}

export function listFindingAggregators(call: Call<unknown>) {
  const central = administered(call)
  return { FindingAggregators: central.aggregator ? [{ FindingAggregatorArn: aggregatorArn(central) }] : [] }
}

function aggregatorOf(call: Call<{ FindingAggregatorArn: string }>): Central {
  const central = administered(call)
  if (!central.aggregator || aggregatorArn(central) !== call.input.FindingAggregatorArn)
    throw missing('The finding aggregator was not found.')
  return central
}

export const getFindingAggregator = (call: Call<{ FindingAggregatorArn: string }>) =>
  aggregatorView(aggregatorOf(call))

export function deleteFindingAggregator(call: Call<{ FindingAggregatorArn: string }>) {
  const central = aggregatorOf(call)
  if (central.type === 'CENTRAL')
    throw noAccess('The finding aggregator is needed by the central configuration.')
  centralsOf(call.world).put(central.organizationId, { ...central, aggregator: null })
  return {}
}

interface UpdateInput {
  readonly AutoEnable: boolean
  readonly AutoEnableStandards?: 'NONE' | 'DEFAULT'
  readonly OrganizationConfiguration?: { readonly ConfigurationType?: 'LOCAL' | 'CENTRAL' }
}

export function updateOrganizationConfiguration(call: Call<UpdateInput>) {
  const { world, input } = call
  subscribed(call)
  const central = administered(call)
  const type = input.OrganizationConfiguration?.ConfigurationType ?? central.type
  if (type === 'CENTRAL') {
    if (central.aggregator?.region !== call.region)
      throw denied('Central configuration needs a finding aggregator in this Region.')
    if (organization(call).managementAccountId === call.caller.accountId)
      throw denied('The organization management account cannot administer a central configuration.')
    if (input.AutoEnable || input.AutoEnableStandards === 'DEFAULT')
      throw invalid('With central configuration AutoEnable must be false and AutoEnableStandards NONE.')
  }
  centralsOf(world).put(central.organizationId, {
    ...central,
    type,
    autoEnable: input.AutoEnable,
    autoEnableStandards:
      type === 'CENTRAL' ? 'NONE' : (input.AutoEnableStandards ?? central.autoEnableStandards),
  })
  return {}
}

export function describeOrganizationConfiguration(call: Call<unknown>) {
  const central = administered(call)
  return {
    AutoEnable: central.autoEnable,
    MemberAccountLimitReached: false,
    AutoEnableStandards: central.autoEnableStandards,
    OrganizationConfiguration: { ConfigurationType: central.type, Status: 'ENABLED' },
  }
}
