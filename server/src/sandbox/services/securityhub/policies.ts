/** Configuration policies of the central configuration. */
import { AwsError, type Call } from '../../core/contract.ts'
import { uuid } from '../shared/world.ts'
import { standardsIn } from './hubs.ts'
import {
  associationsOf,
  centralHome,
  conflicting,
  invalid,
  missing,
  type Policy,
  paged,
  policiesOf,
  type SecurityHubPolicy,
} from './state.ts'

const arnOf = ({ region, accountId, id }: Policy) =>
  `arn:aws:securityhub:${region}:${accountId}:configuration-policy/${id}`

interface Wanted {
  readonly Name?: string
  readonly Description?: string
  readonly ConfigurationPolicy?: { readonly SecurityHub?: SecurityHubPolicy }
}

function check(call: Call<unknown>, policy: SecurityHubPolicy | undefined): SecurityHubPolicy {
  if (policy?.ServiceEnabled === undefined) throw invalid('The configuration policy must say ServiceEnabled.')
  const { EnabledStandardIdentifiers: standards, SecurityControlsConfiguration: controls } = policy
  if (!policy.ServiceEnabled) {
    if ((standards ?? []).length > 0 || controls !== undefined)
      throw invalid('A policy that disables Security Hub cannot enable standards or controls.')
    return policy
  }
  if (standards === undefined || controls === undefined)
    throw invalid(
      'EnabledStandardIdentifiers and SecurityControlsConfiguration are required when Security Hub is enabled.',
    )
  for (const arn of standards)
    if (!standardsIn(call.region).some((one) => one.arn === arn))
      throw invalid(`The standard ${arn} does not exist.`)
  const { EnabledSecurityControlIdentifiers: on, DisabledSecurityControlIdentifiers: off } = controls
  if ((on === undefined) === (off === undefined))
    throw invalid('Give either EnabledSecurityControlIdentifiers or DisabledSecurityControlIdentifiers.')
  for (const id of on ?? off ?? [])
    if (!/^[A-Za-z0-9]+\.\d+$/.test(id)) throw invalid(`The security control ${id} does not exist.`)
  return policy
}

const view = (one: Policy) => ({
  Arn: arnOf(one),
  Id: one.id,
  Name: one.name,
  Description: one.description === '' ? undefined : one.description,
  UpdatedAt: one.updatedAt,
  CreatedAt: one.createdAt,
  ConfigurationPolicy: { SecurityHub: one.policy },
})

export function createConfigurationPolicy(call: Call<Wanted>) {
  const { world, input, caller, region } = call
  const { organizationId } = centralHome(call)
  const own = [...policiesOf(world).values()].filter((one) => one.organizationId === organizationId)
  const name = checkedName(own, input.Name)
  if (own.length >= world.limit('securityhub.policies'))
    throw new AwsError(
      'LimitExceededException',
      'You have reached the limit of configuration policies.',
      {},
      429,
    )
  const made: Policy = {
    id: uuid(world),
    organizationId,
    accountId: caller.accountId,
    region,
    name,
    description: input.Description ?? '',
    policy: check(call, input.ConfigurationPolicy?.SecurityHub),
    createdAt: world.now(),
    updatedAt: world.now(),
  }
  policiesOf(world).put(made.id, made)
  return view(made)
}

function checkedName(others: readonly Policy[], name: string | undefined): string {
  if (!name || !/^[\w\- ]{1,128}$/.test(name))
    throw invalid('The name of a configuration policy is not valid.')
  if (others.some((one) => one.name === name))
    throw conflicting(`A configuration policy named ${name} exists already.`)
  return name
}

/** By id or ARN. */
export function policyOf(call: Call<unknown>, identifier: string): Policy {
  const { organizationId } = centralHome(call)
  const found = policiesOf(call.world).get(identifier.split('/').at(-1) ?? '')
  if (found?.organizationId !== organizationId)
    throw missing(`The configuration policy ${identifier} was not found.`)
  return found
}

export function updateConfigurationPolicy(call: Call<Wanted & { Identifier: string }>) {
  const { world, input } = call
  const policy = policyOf(call, input.Identifier)
  const others = [...policiesOf(world).values()].filter(
    (one) => one.organizationId === policy.organizationId && one.id !== policy.id,
  )
  const changed: Policy = {
    ...policy,
    name: input.Name === undefined ? policy.name : checkedName(others, input.Name),
    description: input.Description ?? policy.description,
    policy:
      input.ConfigurationPolicy === undefined
        ? policy.policy
        : check(call, input.ConfigurationPolicy.SecurityHub),
    updatedAt: world.now(),
  }
  policiesOf(world).put(policy.id, changed)
  return view(changed)
}

export const getConfigurationPolicy = (call: Call<{ Identifier: string }>) =>
  view(policyOf(call, call.input.Identifier))

export function listConfigurationPolicies(call: Call<{ NextToken?: string; MaxResults?: number }>) {
  const { organizationId } = centralHome(call)
  const own = [...policiesOf(call.world).values()].filter((one) => one.organizationId === organizationId)
  const { items, next } = paged(own, call.input)
  const ConfigurationPolicySummaries = items.map((one) => {
    const { CreatedAt: _c, ConfigurationPolicy: _p, ...told } = view(one)
    return { ...told, ServiceEnabled: one.policy.ServiceEnabled }
  })
  return { ConfigurationPolicySummaries, NextToken: next }
}

export function deleteConfigurationPolicy(call: Call<{ Identifier: string }>) {
  const policy = policyOf(call, call.input.Identifier)
  if ([...associationsOf(call.world).values()].some(({ policyId }) => policyId === policy.id))
    throw conflicting('The configuration policy is associated with targets. Disassociate them first.')
  policiesOf(call.world).delete(policy.id)
  return {}
}
