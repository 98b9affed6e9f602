import { AwsError, type Call, type World } from '../../core/contract.ts'
import { mapFromTags, tagsFromMap } from '../shared/world.ts'
import { badRequest, type Instance, instanceOf, notFound, page } from './instances.ts'

export interface CustomerPolicy {
  readonly Name: string
  readonly Path: string
}

export interface PermissionSet {
  readonly arn: string
  readonly instanceArn: string
  readonly name: string
  readonly description: string | null
  readonly sessionDuration: string
  readonly relayState: string | null
  readonly createdAt: number
  readonly inlinePolicy: string
  readonly managedPolicies: readonly string[]
  readonly customerPolicies: readonly CustomerPolicy[]
  readonly boundary: unknown
  readonly tags: Readonly<Record<string, string>>
  /** Grows with every change of what it allows; accounts remember the version that they were given. */
  readonly version: number
}

/** Key: ARN. */
export const permissionSetsOf = (world: World) => world.table<PermissionSet>('sso.permission_sets')

type OnInstance = Call<{ InstanceArn: string }>
type OnSet = Call<{ InstanceArn: string; PermissionSetArn: string }>

const setsOf = (world: World, instance: Instance) =>
  [...permissionSetsOf(world).values()].filter((s) => s.instanceArn === instance.arn)

export function permissionSetOf(call: OnSet): PermissionSet {
  const instance = instanceOf(call)
  const found = permissionSetsOf(call.world).get(call.input.PermissionSetArn)
  if (found?.instanceArn !== instance.arn)
    throw notFound(`PermissionSet with id ${call.input.PermissionSetArn} is not found.`)
  return found
}

interface CreateInput {
  readonly InstanceArn: string
  readonly Name: string
  readonly Description?: string
  readonly SessionDuration?: string
  readonly RelayState?: string
  readonly Tags?: readonly { Key: string; Value: string }[]
}

export function createPermissionSet(call: Call<CreateInput>) {
  const { world, input } = call
  const instance = instanceOf(call)
  const all = setsOf(world, instance)
  if (all.some((s) => s.name === input.Name))
    throw new AwsError('ConflictException', `PermissionSet with name ${input.Name} already exists.`)
  if (all.length >= world.limit('sso.permission_sets')) throw overQuota('permission sets of an instance')
  return { PermissionSet: view(addPermissionSet(world, instance, input)) }
}

const overQuota = (what: string) =>
  new AwsError('ServiceQuotaExceededException', `You have reached the quota of ${what}.`)

export function addPermissionSet(
  world: World,
  instance: Instance,
  input: Omit<CreateInput, 'InstanceArn'>,
): PermissionSet {
  const id = world.id(16, '0123456789abcdef')
  const set: PermissionSet = {
    arn: `${instance.arn.replace(':instance/', ':permissionSet/')}/ps-${id}`,
    instanceArn: instance.arn,
    name: input.Name,
    description: input.Description ?? null,
    sessionDuration: input.SessionDuration ?? 'PT1H',
    relayState: input.RelayState ?? null,
    createdAt: world.now(),
    inlinePolicy: '',
    managedPolicies: [],
    customerPolicies: [],
    boundary: null,
    tags: mapFromTags(input.Tags),
    version: 1,
  }
  permissionSetsOf(world).put(set.arn, set)
  return set
}

const view = (set: PermissionSet) => ({
  Name: set.name,
  PermissionSetArn: set.arn,
  Description: set.description,
  CreatedDate: set.createdAt,
  SessionDuration: set.sessionDuration,
  RelayState: set.relayState,
})

export const describePermissionSet = (call: OnSet) => ({ PermissionSet: view(permissionSetOf(call)) })

export function listPermissionSets(
  call: OnInstance & Call<{ InstanceArn: string; NextToken?: string; MaxResults?: number }>,
) {
  const { items, next } = page(setsOf(call.world, instanceOf(call)), call.input)
  return { PermissionSets: items.map((s) => s.arn), NextToken: next }
}

/** Stores a change of the set; accounts keep the old version until it is provisioned. */
function change(call: OnSet, fields: (set: PermissionSet) => Partial<PermissionSet>) {
  const set = permissionSetOf(call)
  permissionSetsOf(call.world).put(set.arn, { ...set, ...fields(set), version: set.version + 1 })
  return {}
}

type UpdateInput = { InstanceArn: string; PermissionSetArn: string } & Partial<CreateInput>

export const updatePermissionSet = (call: Call<UpdateInput>) =>
  change(call, (set) => ({
    description: call.input.Description ?? set.description,
    sessionDuration: call.input.SessionDuration ?? set.sessionDuration,
    relayState: call.input.RelayState ?? set.relayState,
  }))

export function putInlinePolicy(
  call: Call<{ InstanceArn: string; PermissionSetArn: string; InlinePolicy: string }>,
) {
  const { InlinePolicy } = call.input
  const { world } = call
  if (Buffer.byteLength(InlinePolicy) > world.limit('sso.inline_policy_bytes'))
    throw overQuota('the size of an inline policy')
  if (InlinePolicy.replace(/\s/g, '').length > world.limit('sso.inline_policy_characters'))
    throw overQuota('the size of an inline policy')
  if (!isPolicy(InlinePolicy)) throw badRequest('The inline policy is not a valid policy document.')
  return change(call, () => ({ inlinePolicy: InlinePolicy }))
}

function isPolicy(text: string): boolean {
  try {
    const document: unknown = JSON.parse(text)
    return typeof document === 'object' && document !== null && 'Statement' in document
  } catch {
    return false
  }
}

export const getInlinePolicy = (call: OnSet) => ({ InlinePolicy: permissionSetOf(call).inlinePolicy })
export const deleteInlinePolicy = (call: OnSet) => change(call, () => ({ inlinePolicy: '' }))

type ManagedInput = Call<{ InstanceArn: string; PermissionSetArn: string; ManagedPolicyArn: string }>

export function attachManagedPolicy(call: ManagedInput) {
  const { managedPolicies } = permissionSetOf(call)
  const arn = call.input.ManagedPolicyArn
  if (!/^arn:aws:iam::aws:policy\//.test(arn))
    throw badRequest(`The managed policy ${arn} is not managed by AWS.`)
  if (managedPolicies.includes(arn))
    throw new AwsError('ConflictException', `Managed policy ${arn} is already attached.`)
  if (managedPolicies.length >= call.world.limit('sso.managed_policies'))
    throw overQuota('managed policies of a permission set')
  return change(call, () => ({ managedPolicies: [...managedPolicies, arn] }))
}

export function detachManagedPolicy(call: ManagedInput) {
  const arn = call.input.ManagedPolicyArn
  if (!permissionSetOf(call).managedPolicies.includes(arn))
    throw notFound(`Managed policy ${arn} is not attached.`)
  return change(call, (set) => ({ managedPolicies: set.managedPolicies.filter((a) => a !== arn) }))
}

type ListInput = Call<{
  InstanceArn: string
  PermissionSetArn: string
  NextToken?: string
  MaxResults?: number
}>

export function listManagedPolicies(call: ListInput) {
  const { items, next } = page(permissionSetOf(call).managedPolicies, call.input)
  return {
    AttachedManagedPolicies: items.map((Arn) => ({ Name: Arn.split('/').at(-1), Arn })),
    NextToken: next,
  }
}

type CustomerInput = Call<{
  InstanceArn: string
  PermissionSetArn: string
  CustomerManagedPolicyReference: { Name: string; Path?: string }
}>

const sameReference = (a: CustomerPolicy, b: { Name: string; Path?: string }) =>
  a.Name === b.Name && a.Path === (b.Path ?? '/')

export function attachCustomerPolicy(call: CustomerInput) {
  const { Name, Path = '/' } = call.input.CustomerManagedPolicyReference
  const { customerPolicies } = permissionSetOf(call)
  if (customerPolicies.some((p) => sameReference(p, { Name, Path })))
    throw new AwsError('ConflictException', `Customer managed policy ${Path}${Name} is already attached.`)
  return change(call, () => ({ customerPolicies: [...customerPolicies, { Name, Path }] }))
}

export const detachCustomerPolicy = (call: CustomerInput) =>
  change(call, (set) => ({
    customerPolicies: set.customerPolicies.filter(
      (p) => !sameReference(p, call.input.CustomerManagedPolicyReference),
    ),
  }))

export function listCustomerPolicies(call: ListInput) {
  const { items, next } = page(permissionSetOf(call).customerPolicies, call.input)
  return { CustomerManagedPolicyReferences: items, NextToken: next }
}

export const putBoundary = (
  call: Call<{ InstanceArn: string; PermissionSetArn: string; PermissionsBoundary: unknown }>,
) => change(call, () => ({ boundary: call.input.PermissionsBoundary }))

export function getBoundary(call: OnSet) {
  const { boundary } = permissionSetOf(call)
  if (boundary === null) throw notFound('No permissions boundary is attached.')
  return { PermissionsBoundary: boundary }
}

export const deleteBoundary = (call: OnSet) => change(call, () => ({ boundary: null }))

type OnResource = { InstanceArn?: string; ResourceArn: string }

function tagged(call: Call<OnResource>): PermissionSet {
  const set = permissionSetsOf(call.world).get(call.input.ResourceArn)
  if (!set) throw notFound(`The resource ${call.input.ResourceArn} is not found.`)
  instanceOf({ ...call, input: { InstanceArn: set.instanceArn } })
  return set
}

const retag = (world: World, set: PermissionSet, tags: PermissionSet['tags']) => {
  permissionSetsOf(world).put(set.arn, { ...set, tags })
  return {}
}

export function tagResource(call: Call<OnResource & { Tags: readonly { Key: string; Value: string }[] }>) {
  const set = tagged(call)
  return retag(call.world, set, { ...set.tags, ...mapFromTags(call.input.Tags) })
}

export function untagResource(call: Call<OnResource & { TagKeys: readonly string[] }>) {
  const set = tagged(call)
  const kept = Object.entries(set.tags).filter(([key]) => !call.input.TagKeys.includes(key))
  return retag(call.world, set, Object.fromEntries(kept))
}

export function listTags(call: Call<OnResource & { NextToken?: string }>) {
  const { items, next } = page(tagsFromMap(tagged(call).tags), call.input)
  return { Tags: items, NextToken: next }
}
