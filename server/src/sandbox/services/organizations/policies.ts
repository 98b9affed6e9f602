/** Policies and their types: writing, attaching, turning a type on and off. */
import { parseManagementPolicy } from '../../../policy/management/parse.ts'
import { rulesByApi } from '../../../policy/management/types.ts'
import type { PolicyProblem } from '../../../policy/parse/problem.ts'
import { documentErrors } from '../../access/documents.ts'
import { AwsError, type Call, type World } from '../../core/contract.ts'
import { constraint, invalidInput, notFound, policyNotFound, targetNotFound } from './errors.ts'
import { listOf, type PageInput, page } from './paging.ts'
import { attachDefaults } from './policy-defaults.ts'
import * as state from './state.ts'
import { asTagMap, type TagInput } from './tags.ts'

export function summary(organization: state.Organization, policy: state.Policy) {
  const owner =
    policy.organizationId === null
      ? 'aws:policy'
      : `${organization.managementAccountId}:policy/${organization.id}`
  return {
    Id: policy.id,
    Arn: `arn:aws:organizations::${owner}/${policy.type.toLowerCase()}/${policy.id}`,
    Name: policy.name,
    Description: policy.description,
    Type: policy.type,
    AwsManaged: policy.organizationId === null,
  }
}

const full = (organization: state.Organization, policy: state.Policy) => ({
  Policy: { PolicySummary: summary(organization, policy), Content: policy.content },
})

/** A dated limit of that type, or the one that all other types share. */
function limitOf(world: World, type: string, what: 'size' | 'attached' | 'count'): number {
  const own = OWN_LIMITS.has(`${type}.${what}`) ? type : 'other'
  return world.limit(`organizations.${own}.${what}`)
}
const OWN_LIMITS = new Set([
  'SERVICE_CONTROL_POLICY.size',
  'SERVICE_CONTROL_POLICY.attached',
  'SERVICE_CONTROL_POLICY.count',
  'RESOURCE_CONTROL_POLICY.size',
  'RESOURCE_CONTROL_POLICY.attached',
  'BACKUP_POLICY.attached',
  'TAG_POLICY.attached',
  'AISERVICES_OPT_OUT_POLICY.attached',
  'AISERVICES_OPT_OUT_POLICY.size',
])

const malformed = (why: string) =>
  new AwsError(
    'MalformedPolicyDocumentException',
    `The provided policy document does not meet the requirements of the specified policy type. ${why}`,
  )

const AUTHORIZATION: Readonly<Record<string, 'scp' | 'rcp'>> = {
  SERVICE_CONTROL_POLICY: 'scp',
  RESOURCE_CONTROL_POLICY: 'rcp',
}

function checkContent(world: World, type: string, content: string): void {
  if (content.length > limitOf(world, type, 'size'))
    throw constraint(
      'POLICY_CONTENT_LIMIT_EXCEEDED',
      'You have exceeded the maximum size of the policy content.',
    )
  const kind = AUTHORIZATION[type]
  if (kind !== undefined) checkPolicy(kind, content)
  else if (rulesByApi(type) === undefined) checkObject(content)
  else checkManagement(type, content)
}

/** A management policy of a type whose settings we know. */
function checkManagement(type: string, content: string): void {
  const { policy, problems } = parseManagementPolicy(content)
  const error = problems.find(({ severity }) => severity === 'error')
  if (error) throw malformed(withPlace(error))
  const root = rulesByApi(type)?.root
  if (policy?.root.name !== root) throw malformed(`Its one key must be \`${root}\`.`)
}

const withPlace = ({ message, line, column }: PolicyProblem) => `${message} (line ${line}, column ${column})`

function checkObject(content: string): void {
  let document: unknown
  try {
    document = JSON.parse(content)
  } catch {
    throw malformed('It is not valid JSON.')
  }
  if (typeof document !== 'object' || document === null || Array.isArray(document))
    throw malformed('It is not a JSON object.')
}

/** The first thing that our parser finds, with its place. */
function checkPolicy(kind: 'scp' | 'rcp', content: string): void {
  const [error] = documentErrors(kind, content)
  if (error) throw malformed(withPlace(error))
}

function checkName(
  world: World,
  organization: state.Organization,
  name: string,
  type: string,
  self?: string,
): void {
  for (const p of state.policies(world).values())
    if (
      (p.organizationId ?? organization.id) === organization.id &&
      p.name === name &&
      p.type === type &&
      p.id !== self
    )
      throw new AwsError('DuplicatePolicyException', 'A policy with the same name already exists.')
}

/** The organisation's own policy, or one of AWS's. */
export function policyOf(world: World, organization: state.Organization, id: string): state.Policy {
  const policy = state.policies(world).get(id)
  if (!policy || (policy.organizationId ?? organization.id) !== organization.id) throw policyNotFound()
  return policy
}

function ownPolicy(call: Call<{ PolicyId: string }>): [state.Organization, state.Policy] {
  const organization = state.managed(call)
  const policy = policyOf(call.world, organization, call.input.PolicyId)
  if (policy.organizationId === null)
    throw invalidInput('IMMUTABLE_POLICY', 'You cannot change or delete a policy that AWS manages.')
  return [organization, policy]
}

export function createPolicy(
  call: Call<{
    Content: string
    Description: string
    Name: string
    Type: string
    Tags?: readonly TagInput[]
  }>,
) {
  const { world, input } = call
  const organization = state.managed(call)
  checkContent(world, input.Type, input.Content)
  checkName(world, organization, input.Name, input.Type)
  const count = [...state.policies(world).values()].filter(
    (p) => p.organizationId === organization.id && p.type === input.Type,
  ).length
  if (count >= limitOf(world, input.Type, 'count'))
    throw constraint(
      'POLICY_NUMBER_LIMIT_EXCEEDED',
      'You have exceeded the number of policies that you can have in an organization.',
    )
  const policy: state.Policy = {
    id: `p-${world.id(8)}`,
    organizationId: organization.id,
    name: input.Name,
    description: input.Description,
    type: input.Type,
    content: input.Content,
    updatedAt: world.now(),
  }
  state.policies(world).put(policy.id, policy)
  if (input.Tags) state.tags(world).put(policy.id, asTagMap(world, input.Tags))
  return full(organization, policy)
}

export function updatePolicy(
  call: Call<{ PolicyId: string; Name?: string; Description?: string; Content?: string }>,
) {
  const { world, input } = call
  const [organization, policy] = ownPolicy(call)
  if (input.Content !== undefined) checkContent(world, policy.type, input.Content)
  if (input.Name !== undefined) checkName(world, organization, input.Name, policy.type, policy.id)
  const changed = {
    ...policy,
    name: input.Name ?? policy.name,
    description: input.Description ?? policy.description,
    content: input.Content ?? policy.content,
    updatedAt: world.now(),
  }
  state.policies(world).put(policy.id, changed)
  return full(organization, changed)
}

export function deletePolicy(call: Call<{ PolicyId: string }>): void {
  const { world } = call
  const [, policy] = ownPolicy(call)
  for (const ids of state.attachments(world).values())
    if (ids.includes(policy.id))
      throw new AwsError(
        'PolicyInUseException',
        'The policy is attached to one or more entities. Detach it first.',
      )
  state.policies(world).delete(policy.id)
  state.tags(world).delete(policy.id)
}

export function describePolicy(call: Call<{ PolicyId: string }>) {
  const organization = state.readable(call)
  return full(organization, policyOf(call.world, organization, call.input.PolicyId))
}

export function listPolicies(call: Call<PageInput & { Filter: string }>) {
  const { world, input } = call
  const organization = state.readable(call)
  const fits = (p: state.Policy) =>
    p.type === input.Filter && (p.organizationId ?? organization.id) === organization.id
  const found = page(state.policies(world), fits, input)
  return { Policies: found.items.map((p) => summary(organization, p)), NextToken: found.next }
}

function checkTarget(world: World, organization: state.Organization, id: string): void {
  const known =
    state.isParent(world, organization, id) ||
    state.accounts(world).get(id)?.organizationId === organization.id
  if (!known) throw targetNotFound()
}

const attachedOfType = (world: World, targetId: string, type: string) =>
  (state.attachments(world).get(targetId) ?? []).filter((id) => state.policies(world).get(id)?.type === type)

export function attachPolicy(call: Call<{ PolicyId: string; TargetId: string }>): void {
  const { world, input } = call
  const organization = state.managed(call)
  const policy = policyOf(world, organization, input.PolicyId)
  checkTarget(world, organization, input.TargetId)
  checkEnabled(organization, policy.type)
  const have = state.attachments(world).get(input.TargetId) ?? []
  if (have.includes(policy.id))
    throw new AwsError(
      'DuplicatePolicyAttachmentException',
      'The selected policy is already attached to the specified target.',
    )
  if (attachedOfType(world, input.TargetId, policy.type).length >= limitOf(world, policy.type, 'attached'))
    throw constraint(
      'MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED',
      'You have exceeded the number of policies of this type that can be attached to the target.',
    )
  state.attachments(world).put(input.TargetId, [...have, policy.id])
}

function checkEnabled(organization: state.Organization, type: string): void {
  const status = organization.policyTypes[type]
  if (status === 'ENABLED') return
  if (status !== undefined)
    throw new AwsError(
      'PolicyChangesInProgressException',
      'Changes to the policy type are in progress. Try again later.',
    )
  throw new AwsError(
    'PolicyTypeNotEnabledException',
    'This operation can be performed only for enabled policy types.',
  )
}

export function detachPolicy(call: Call<{ PolicyId: string; TargetId: string }>): void {
  const { world, input } = call
  const organization = state.managed(call)
  const policy = policyOf(world, organization, input.PolicyId)
  checkTarget(world, organization, input.TargetId)
  const have = state.attachments(world).get(input.TargetId) ?? []
  if (!have.includes(policy.id))
    throw new AwsError('PolicyNotAttachedException', "The policy isn't attached to the specified target.")
  if (policy.id === 'p-RCPFullAWSAccess')
    throw invalidInput('NON_DETACHABLE_POLICY', 'You cannot detach this AWS managed policy.')
  // Every node needs at least one SCP; other types may have none.
  if (
    policy.type === 'SERVICE_CONTROL_POLICY' &&
    attachedOfType(world, input.TargetId, policy.type).length === 1
  )
    throw constraint(
      'MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED',
      'You cannot detach the last policy of this type from the target.',
    )
  state.attachments(world).put(
    input.TargetId,
    have.filter((id) => id !== policy.id),
  )
}

export function listPoliciesForTarget(call: Call<PageInput & { TargetId: string; Filter: string }>) {
  const { world, input } = call
  const organization = state.readable(call)
  checkTarget(world, organization, input.TargetId)
  const rows = attachedOfType(world, input.TargetId, input.Filter).map((id): [string, state.Policy] => [
    id,
    policyOf(world, organization, id),
  ])
  const found = page(listOf(rows), () => true, input)
  return { Policies: found.items.map((p) => summary(organization, p)), NextToken: found.next }
}

export function listTargetsForPolicy(call: Call<PageInput & { PolicyId: string }>) {
  const { world, input } = call
  const organization = state.readable(call)
  const policy = policyOf(world, organization, input.PolicyId)
  const rows = [...state.attachments(world).entries()].map(
    ([id, ids]): [string, { id: string; ids: readonly string[] }] => [id, { id, ids }],
  )
  const fits = ({ id, ids }: { id: string; ids: readonly string[] }) =>
    ids.includes(policy.id) && isTarget(world, organization, id)
  const found = page(listOf(rows), fits, input)
  return { Targets: found.items.map(({ id }) => targetView(world, organization, id)), NextToken: found.next }
}

const isTarget = (world: World, organization: state.Organization, id: string) =>
  state.isParent(world, organization, id) || state.accounts(world).get(id)?.organizationId === organization.id

function targetView(world: World, organization: state.Organization, id: string) {
  const account = state.accounts(world).get(id)
  if (account)
    return {
      TargetId: id,
      Arn: state.arnOf(organization, 'account', id),
      Name: account.name,
      Type: 'ACCOUNT',
    }
  const ou = state.ous(world).get(id)
  if (ou)
    return {
      TargetId: id,
      Arn: state.arnOf(organization, 'ou', id),
      Name: ou.name,
      Type: 'ORGANIZATIONAL_UNIT',
    }
  return { TargetId: id, Arn: state.arnOf(organization, 'root', id), Name: 'Root', Type: 'ROOT' }
}

function changeType(
  call: Call<{ RootId: string; PolicyType: string }>,
  pending: 'PENDING_ENABLE' | 'PENDING_DISABLE',
) {
  const { world, input } = call
  const organization = state.managed(call)
  if (organization.rootId !== input.RootId) throw notFound('RootNotFoundException', 'a root')
  const now = organization.policyTypes[input.PolicyType]
  if (now === 'PENDING_ENABLE' || now === 'PENDING_DISABLE')
    throw new AwsError(
      'PolicyChangesInProgressException',
      'Changes to the policy type are in progress. Try again later.',
    )
  if (pending === 'PENDING_ENABLE' && now === 'ENABLED')
    throw new AwsError('PolicyTypeAlreadyEnabledException', 'The specified policy type is already enabled.')
  if (pending === 'PENDING_DISABLE' && now === undefined)
    throw new AwsError(
      'PolicyTypeNotEnabledException',
      'This operation can be performed only for enabled policy types.',
    )
  const changed = {
    ...organization,
    policyTypes: { ...organization.policyTypes, [input.PolicyType]: pending },
  }
  state.organizations(world).put(organization.id, changed)
  const payload = { organizationId: organization.id, type: input.PolicyType }
  world.later(world.duration('organizations.policy_type'), 'organizations', 'policyType', payload)
  const PolicyTypes = Object.entries(changed.policyTypes).map(([Type, Status]) => ({ Type, Status }))
  return {
    Root: {
      Id: organization.rootId,
      Arn: state.arnOf(organization, 'root', organization.rootId),
      Name: 'Root',
      PolicyTypes,
    },
  }
}

export const enablePolicyType = (call: Call<{ RootId: string; PolicyType: string }>) =>
  changeType(call, 'PENDING_ENABLE')
export const disablePolicyType = (call: Call<{ RootId: string; PolicyType: string }>) =>
  changeType(call, 'PENDING_DISABLE')

/** Timer: the policy type is on, with AWS's own policy everywhere; or off, and detached from everything. */
export function finishPolicyType(
  world: World,
  { organizationId, type }: { organizationId: string; type: string },
): void {
  const organization = state.organizations(world).get(organizationId)
  if (!organization) return
  const { [type]: status, ...others } = organization.policyTypes
  const policyTypes = status === 'PENDING_ENABLE' ? { ...others, [type]: 'ENABLED' as const } : others
  const changed = { ...organization, policyTypes }
  state.organizations(world).put(organizationId, changed)
  for (const id of nodesOf(world, organization)) {
    if (status === 'PENDING_ENABLE') attachDefaults(world, changed, id)
    else detachType(world, id, type)
  }
}

function nodesOf(world: World, organization: state.Organization): string[] {
  const mine = [...state.ous(world).values(), ...state.accounts(world).values()].filter(
    (n) => n.organizationId === organization.id,
  )
  return [organization.rootId, ...mine.map(({ id }) => id)]
}

function detachType(world: World, id: string, type: string): void {
  const have = state.attachments(world).get(id)
  if (have)
    state.attachments(world).put(
      id,
      have.filter((p) => state.policies(world).get(p)?.type !== type),
    )
}
