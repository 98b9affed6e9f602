/** Stack sets with permissions that Organizations manages: one template in every account below an OU. */
import { AwsError, type Call, type World } from '../../core/contract.ts'
import { accounts, isParent, lineage, organizations } from '../organizations/state.ts'
import { pageOf } from '../shared/paging.ts'
import { uuid } from '../shared/world.ts'
import { detectDrift, driftOf } from './stack-drift.ts'
import {
  type Instance,
  instancesIn,
  instancesOf,
  invalid,
  keyOf,
  type Named,
  type Operation,
  operationsOf,
  owner,
  PRINCIPAL,
  type StackSet,
  setOf,
  setsOf,
  trusting,
} from './stack-set-state.ts'
import { takeStack } from './stacks.ts'

export function activateOrganizationsAccess(call: Call<unknown>) {
  const found = owner(call)
  organizations(call.world).put(found.id, {
    ...found,
    serviceAccess: { ...found.serviceAccess, [PRINCIPAL]: call.world.now() },
  })
  return {}
}

export const describeOrganizationsAccess = (call: Call<unknown>) => ({
  Status: PRINCIPAL in owner(call).serviceAccess ? 'ENABLED' : 'DISABLED',
})

interface SetInput extends Named {
  readonly Description?: string
  readonly TemplateBody?: string
  readonly Capabilities?: readonly string[]
  readonly PermissionModel?: string
  readonly AutoDeployment?: StackSet['autoDeployment']
}

function checkTemplate(text: string | undefined, capabilities: readonly string[]): string {
  let resources: unknown
  try {
    resources = (JSON.parse(text ?? '') as { Resources?: unknown }).Resources
  } catch {
    throw invalid('Template format error: the sandbox reads templates in JSON.')
  }
  if (typeof resources !== 'object' || resources === null || Object.keys(resources).length === 0)
    throw invalid('Template format error: At least one Resources member must be defined.')
  const types = Object.values(resources as Record<string, { Type?: string }>).map(({ Type = '' }) => Type)
  if (types.some((type) => type.startsWith('AWS::IAM::')) && !capabilities.some((one) => one.endsWith('IAM')))
    throw new AwsError('InsufficientCapabilitiesException', 'Requires capabilities : [CAPABILITY_IAM]')
  return text ?? ''
}

export function createStackSet(call: Call<SetInput>) {
  const { world, input, caller, region } = call
  if (input.PermissionModel !== 'SERVICE_MANAGED')
    throw invalid('The sandbox has stack sets with PermissionModel SERVICE_MANAGED only.')
  const organization = trusting(call)
  if (setsOf(world).has(keyOf(call, input.StackSetName)))
    throw new AwsError('NameAlreadyExistsException', `StackSet ${input.StackSetName} already exists`, {}, 409)
  if (input.AutoDeployment?.Enabled === undefined)
    throw invalid('AutoDeployment is required for a stack set with service-managed permissions')
  const capabilities = input.Capabilities ?? []
  const made: StackSet = {
    id: uuid(world),
    organizationId: organization.id,
    accountId: caller.accountId,
    region,
    name: input.StackSetName,
    description: input.Description ?? '',
    template: checkTemplate(input.TemplateBody, capabilities),
    capabilities,
    autoDeployment: input.AutoDeployment,
    ous: [],
    operation: null,
  }
  setsOf(world).put(keyOf(call, made.name), made)
  return { StackSetId: idOf(made) }
}

const idOf = ({ name, id }: StackSet) => `${name}:${id}`
const arnOf = (one: StackSet) => `arn:aws:cloudformation:${one.region}:${one.accountId}:stackset/${idOf(one)}`

export function describeStackSet(call: Call<Named>) {
  owner(call)
  const one = setOf(call)
  return {
    StackSet: {
      StackSetName: one.name,
      StackSetId: idOf(one),
      StackSetARN: arnOf(one),
      Description: one.description,
      Status: 'ACTIVE',
      TemplateBody: one.template,
      Capabilities: one.capabilities,
      AutoDeployment: one.autoDeployment,
      PermissionModel: 'SERVICE_MANAGED',
      OrganizationalUnitIds: one.ous,
      Regions: one.ous.length > 0 ? [one.region] : [],
      StackSetDriftDetectionDetails: driftOf(call.world, keyOf(call, one.name), one),
    },
  }
}

/** Looks at every stack of the set: what was changed in the accounts by hand. */
export function detectStackSetDrift(call: Call<Named>) {
  owner(call)
  const one = setOf(call)
  return begin(call, one, 'DETECT_DRIFT', one.ous, [one.region])
}

interface PageInput {
  readonly NextToken?: string
  readonly MaxResults?: number
}
const page = <T>(items: readonly T[], { NextToken, MaxResults }: PageInput) =>
  pageOf(items, { token: NextToken, size: MaxResults ?? 100, badToken: 'ValidationError' })

export function listStackSets(call: Call<PageInput & { readonly Status?: string }>) {
  const { world, caller, region, input } = call
  owner(call)
  const own = [...setsOf(world).values()].filter(
    (one) => one.accountId === caller.accountId && one.region === region && input.Status !== 'DELETED',
  )
  const { items, next } = page(own, input)
  return {
    Summaries: items.map((one) => ({
      StackSetName: one.name,
      StackSetId: idOf(one),
      Description: one.description,
      Status: 'ACTIVE',
      PermissionModel: 'SERVICE_MANAGED',
      AutoDeployment: one.autoDeployment,
    })),
    NextToken: next,
  }
}

export function updateStackSet(call: Call<SetInput>) {
  trusting(call)
  const one = setOf(call)
  const capabilities = call.input.Capabilities ?? one.capabilities
  const changed: StackSet = {
    ...one,
    description: call.input.Description ?? one.description,
    template: checkTemplate(call.input.TemplateBody ?? one.template, capabilities),
    capabilities,
    autoDeployment: call.input.AutoDeployment ?? one.autoDeployment,
  }
  return begin(call, changed, 'UPDATE', one.ous, [one.region])
}

export function deleteStackSet(call: Call<Named>) {
  owner(call)
  const one = setOf(call)
  if (instancesIn(call.world, keyOf(call, one.name)).length > 0)
    throw new AwsError('StackSetNotEmptyException', 'StackSet is not empty', {}, 409)
  setsOf(call.world).delete(keyOf(call, one.name))
  return {}
}

interface InstancesInput extends Named {
  readonly DeploymentTargets?: { readonly OrganizationalUnitIds?: readonly string[] }
  readonly Regions: readonly string[]
  readonly RetainStacks?: boolean
}

export function createStackInstances(call: Call<InstancesInput>) {
  const organization = trusting(call)
  const one = setOf(call)
  const wanted = targets(call)
  for (const id of wanted)
    if (!isParent(call.world, organization, id))
      throw invalid(`Some OrganizationalUnitIds do not exist in this organization: [${id}]`)
  return begin(
    call,
    { ...one, ous: [...new Set([...one.ous, ...wanted])] },
    'CREATE',
    wanted,
    call.input.Regions,
  )
}

export function deleteStackInstances(call: Call<InstancesInput>) {
  trusting(call)
  const one = setOf(call)
  const wanted = targets(call)
  return begin(
    call,
    { ...one, ous: one.ous.filter((id) => !wanted.includes(id)) },
    'DELETE',
    wanted,
    call.input.Regions,
  )
}

function targets({ input }: Call<InstancesInput>): readonly string[] {
  const found = input.DeploymentTargets?.OrganizationalUnitIds ?? []
  if (found.length === 0) throw invalid('DeploymentTargets must name organizational units.')
  return found
}

/** One operation of a set at a time. */
function begin(
  call: Call<unknown>,
  set: StackSet,
  action: Operation['action'],
  under: readonly string[],
  regions: readonly string[],
) {
  const { world } = call
  if (set.operation !== null)
    throw new AwsError(
      'OperationInProgressException',
      `Another Operation on StackSet ${arnOf(set)} is in progress: ${set.operation}`,
      {},
      409,
    )
  const id = uuid(world)
  const setKey = keyOf(call, set.name)
  operationsOf(world).put(id, {
    id,
    setKey,
    action,
    status: 'RUNNING',
    reason: null,
    ous: under,
    regions,
    createdAt: world.now(),
    endedAt: null,
  })
  setsOf(world).put(setKey, { ...set, operation: id })
  world.later(world.duration('cloudformation.stack_set_operation'), 'cloudformation', 'operation_done', {
    id,
  })
  return { OperationId: id }
}

/** Accounts below the OUs; the management account takes no stacks of these sets. */
function accountsUnder(world: World, set: StackSet, under: readonly string[]) {
  const organization = organizations(world).get(set.organizationId)
  if (!organization) return []
  return [...accounts(world).values()].flatMap((one) => {
    if (one.organizationId !== organization.id || one.state !== 'ACTIVE') return []
    if (one.id === organization.managementAccountId) return []
    const ou = lineage(world, organization, one.id).find((id) => under.includes(id))
    return ou === undefined ? [] : [{ id: one.id, ou }]
  })
}

const CALLS: Readonly<Record<Operation['action'], string>> = {
  CREATE: 'CreateStackInstances',
  UPDATE: 'UpdateStackSet',
  DELETE: 'DeleteStackInstances',
  DETECT_DRIFT: 'DetectStackSetDrift',
}

/** Timer: every account has got its stack, or the operation failed there. */
export function operationDone(world: World, { id }: { id: string }): void {
  const operation = operationsOf(world).get(id)
  const set = operation && setsOf(world).get(operation.setKey)
  if (!operation || !set || operation.status !== 'RUNNING') return
  const fault = world.fault({
    at: 'outcome',
    service: 'cloudformation',
    operation: CALLS[operation.action],
    subject: set.name,
  })
  const reason = fault?.do === 'fail' ? fault.message : null
  carryOut(world, operation, set, reason)
  const status = reason === null ? 'SUCCEEDED' : 'FAILED'
  operationsOf(world).put(id, { ...operation, status, reason, endedAt: world.now() })
  const checked = operation.action === 'DETECT_DRIFT' && reason === null
  const driftCheckedAt = checked ? world.now() : set.driftCheckedAt
  setsOf(world).put(operation.setKey, {
    ...set,
    operation: null,
    ...(driftCheckedAt === undefined ? {} : { driftCheckedAt }),
  })
}

function carryOut(
  world: World,
  { action, setKey, ous, regions }: Operation,
  set: StackSet,
  reason: string | null,
): void {
  if (action === 'DETECT_DRIFT') {
    if (reason === null) detectDrift(world, setKey, set)
    return
  }
  if (action === 'DELETE') {
    for (const [key, one] of instancesIn(world, setKey)) {
      if (!ous.includes(one.ou) || reason !== null) continue
      takeStack(world, one, set.name, null)
      instancesOf(world).delete(key)
    }
    return
  }
  for (const { id, ou } of accountsUnder(world, set, ous))
    for (const region of regions) deploy(world, set, { setKey, accountId: id, region, ou }, reason)
}

function deploy(
  world: World,
  set: StackSet,
  at: Pick<Instance, 'setKey' | 'accountId' | 'region' | 'ou'>,
  reason: string | null,
): void {
  if (reason === null) takeStack(world, at, set.name, set.template)
  const status = reason === null ? 'CURRENT' : 'OUTDATED'
  instancesOf(world).put(`${at.setKey}/${at.accountId}/${at.region}`, { ...at, status, reason })
}

/** An account that comes below an OU of a set gets its stack by itself. */
export function accountArrived(world: World, accountId: string): void {
  for (const [setKey, set] of setsOf(world).entries()) {
    if (set.autoDeployment.Enabled !== true) continue
    const found = accountsUnder(world, set, set.ous).find(({ id }) => id === accountId)
    if (found) deploy(world, set, { setKey, accountId, region: set.region, ou: found.ou }, null)
  }
}

/** An account that has left an OU of a set loses its stack by itself. */
export function accountLeft(world: World, accountId: string): void {
  for (const [key, one] of [...instancesOf(world).entries()]) {
    const set = setsOf(world).get(one.setKey)
    if (one.accountId !== accountId || !set || set.autoDeployment.Enabled !== true) continue
    if (accountsUnder(world, set, set.ous).some(({ id }) => id === accountId)) continue
    if (set.autoDeployment.RetainStacksOnAccountRemoval !== true) takeStack(world, one, set.name, null)
    instancesOf(world).delete(key)
  }
}

export function describeStackSetOperation(call: Call<Named & { readonly OperationId: string }>) {
  owner(call)
  const set = setOf(call)
  const found = operationsOf(call.world).get(call.input.OperationId)
  if (found?.setKey !== keyOf(call, set.name))
    throw new AwsError('OperationNotFoundException', `Operation ${call.input.OperationId} not found`, {}, 404)
  return {
    StackSetOperation: {
      OperationId: found.id,
      StackSetId: idOf(set),
      Action: found.action,
      Status: found.status,
      StatusReason: found.reason ?? undefined,
      CreationTimestamp: found.createdAt,
      EndTimestamp: found.endedAt ?? undefined,
      DeploymentTargets: { OrganizationalUnitIds: found.ous },
    },
  }
}

export function listStackSetOperations(call: Call<PageInput & Named>) {
  owner(call)
  const key = keyOf(call, setOf(call).name)
  const own = [...operationsOf(call.world).values()].filter(({ setKey }) => setKey === key).reverse()
  const { items, next } = page(own, call.input)
  return {
    Summaries: items.map((one) => ({
      OperationId: one.id,
      Action: one.action,
      Status: one.status,
      StatusReason: one.reason ?? undefined,
      CreationTimestamp: one.createdAt,
      EndTimestamp: one.endedAt ?? undefined,
    })),
    NextToken: next,
  }
}

export function listStackInstances(
  call: Call<PageInput & Named & { readonly StackInstanceAccount?: string }>,
) {
  owner(call)
  const set = setOf(call)
  const { StackInstanceAccount: account } = call.input
  const own = instancesIn(call.world, keyOf(call, set.name))
    .map(([, one]) => one)
    .filter((one) => account === undefined || one.accountId === account)
  const { items, next } = page(own, call.input)
  return {
    Summaries: items.map((one) => ({
      StackSetId: idOf(set),
      Account: one.accountId,
      Region: one.region,
      OrganizationalUnitId: one.ou,
      Status: one.status,
      StatusReason: one.reason ?? undefined,
      StackInstanceStatus: { DetailedStatus: 'SUCCEEDED' },
      DriftStatus: one.drift ?? 'NOT_CHECKED',
    })),
    NextToken: next,
  }
}
