import {
  type Capability,
  CreateStackInstancesCommand,
  CreateStackSetCommand,
  DeleteStackInstancesCommand,
  DeleteStackSetCommand,
  DescribeOrganizationsAccessCommand,
  DescribeStackSetCommand,
  DescribeStackSetOperationCommand,
  ListStackInstancesCommand,
  ListStackSetOperationsCommand,
  ListStackSetsCommand,
  type StackInstanceSummary,
  type StackSet,
  UpdateStackSetCommand,
} from '@aws-sdk/client-cloudformation'
import type { SeenStackDrift, SeenStackSet } from '../../domain/controls/world.ts'
import { bug, conflict, RankanError } from '../../kernel/errors.ts'
import type { Begun, Operation, OperationState } from '../../ports/controls.ts'
import type { Connection } from '../connection.ts'
import { unless } from '../errors.ts'
import { sameDocument } from '../organizations/write.ts'
import { paged } from '../pages.ts'

type Client = Connection['cloudFormation']

const GONE = 'StackSetNotFoundException'

/** What may be asked of a stack set whose permissions Organizations manages, in the home Region. */
export type StackSetOrder =
  | {
      readonly do: 'put'
      readonly name: string
      readonly template: string
      readonly description: string
      readonly capabilities: readonly Capability[]
    }
  | { readonly do: 'deploy' | 'withdraw'; readonly name: string; readonly target: string }
  | { readonly do: 'delete'; readonly name: string }

/** Null where the role may not read stack sets: this installation has none then. */
export async function readable<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof RankanError && error.kind === 'denied') return null
    throw error
  }
}

/** Those whose names begin so are ours. */
export async function stackSetsNamed(
  client: Client,
  prefix: string,
): Promise<{ readonly trusted: boolean; readonly sets: readonly SeenStackSet[] }> {
  const { Status } = await client.send(new DescribeOrganizationsAccessCommand({}))
  const sets: SeenStackSet[] = []
  const all = paged(async (NextToken) => {
    const page = await client.send(new ListStackSetsCommand({ Status: 'ACTIVE', NextToken }))
    return { items: page.Summaries, next: page.NextToken }
  })
  for await (const { StackSetName: name = '' } of all) {
    if (!name.startsWith(prefix)) continue
    const found = await setNamed(client, name)
    if (found === null) continue
    const targets = [...targetsOf(found)].sort()
    sets.push({ name, template: found.TemplateBody ?? '', targets, drift: driftOf(found) })
  }
  return { trusted: Status === 'ENABLED', sets }
}

const setNamed = (client: Client, StackSetName: string): Promise<StackSet | null> =>
  unless<StackSet | null>(
    [GONE],
    async () => (await client.send(new DescribeStackSetCommand({ StackSetName }))).StackSet ?? null,
    () => null,
  )

const targetsOf = ({ OrganizationalUnitIds }: StackSet): readonly string[] => OrganizationalUnitIds ?? []

/** Comes with the set, so it costs no call; the detection itself is started by people or on their schedule. */
function driftOf({ StackSetDriftDetectionDetails: details }: StackSet): SeenStackDrift | null {
  if (details?.LastDriftCheckTimestamp === undefined) return null
  return {
    checkedAt: details.LastDriftCheckTimestamp.toISOString(),
    stacks: details.TotalStackInstancesCount ?? 0,
    drifted: details.DriftedStackInstancesCount ?? 0,
    failed: details.FailedStackInstancesCount ?? 0,
  }
}

export async function beginStackSet(
  client: Client,
  order: StackSetOrder,
  region: string,
  again: boolean,
): Promise<Begun> {
  const there = await setNamed(client, order.name)
  const running = again && there !== null ? await goingOn(client, order) : null
  if (running !== null) return running
  switch (order.do) {
    case 'put':
      return there === null ? create(client, order) : update(client, order, there, again)
    case 'deploy':
      return deploy(client, order, region, there)
    case 'withdraw':
      return withdraw(client, order, region, there)
    case 'delete':
      return remove(client, order.name, there)
  }
}

const ACTION: Readonly<Partial<Record<StackSetOrder['do'], string>>> = {
  put: 'UPDATE',
  deploy: 'CREATE',
  withdraw: 'DELETE',
}

/** What an attempt before this one has begun; a stack set has one operation at a time. */
async function goingOn(client: Client, { do: wanted, name }: StackSetOrder): Promise<Begun | null> {
  const { Summaries } = await client.send(new ListStackSetOperationsCommand({ StackSetName: name }))
  const running = Summaries?.find(({ Status }) => Status === 'RUNNING' || Status === 'QUEUED')
  if (running === undefined) return null
  if (running.Action === ACTION[wanted]) return begun(name, running.OperationId)
  throw conflict('stack_set_under_change', `CloudFormation is changing the stack set \`${name}\`.`)
}

type Put = Extract<StackSetOrder, { do: 'put' }>
type OnTarget = Extract<StackSetOrder, { target: string }>

const DONE: Begun = { done: true, result: {} }
/** Failed accounts do not keep the others from their stack; look at them in AWS. */
const PREFERENCES = {
  FailureTolerancePercentage: 10,
  MaxConcurrentPercentage: 25,
  RegionConcurrencyType: 'PARALLEL',
} as const

async function create(client: Client, { name, template, description, capabilities }: Put): Promise<Begun> {
  const { StackSetId = '' } = await client.send(
    new CreateStackSetCommand({
      StackSetName: name,
      Description: description,
      TemplateBody: template,
      Capabilities: [...capabilities],
      PermissionModel: 'SERVICE_MANAGED',
      AutoDeployment: { Enabled: true, RetainStacksOnAccountRemoval: false },
    }),
  )
  return { done: true, result: { stackSet: StackSetId } }
}

async function update(
  client: Client,
  { name, template, capabilities }: Put,
  there: StackSet,
  again: boolean,
): Promise<Begun> {
  if (again && sameDocument(there.TemplateBody ?? '', template)) return DONE
  const { OperationId } = await client.send(
    new UpdateStackSetCommand({
      StackSetName: name,
      TemplateBody: template,
      Capabilities: [...capabilities],
      OperationPreferences: PREFERENCES,
    }),
  )
  return begun(name, OperationId)
}

const begun = (name: string, operationId: string | undefined): Begun => {
  if (operationId === undefined) throw bug('CloudFormation began an operation and did not name it.')
  return { done: false, operation: { name, operationId } }
}

async function deploy(
  client: Client,
  { name, target }: OnTarget,
  region: string,
  there: StackSet | null,
): Promise<Begun> {
  if (there !== null && targetsOf(there).includes(target) && !(await hasFailed(client, name))) return DONE
  const { OperationId } = await client.send(
    new CreateStackInstancesCommand({
      StackSetName: name,
      DeploymentTargets: { OrganizationalUnitIds: [target] },
      Regions: [region],
      OperationPreferences: PREFERENCES,
    }),
  )
  return begun(name, OperationId)
}

async function withdraw(
  client: Client,
  { name, target }: OnTarget,
  region: string,
  there: StackSet | null,
): Promise<Begun> {
  if (there === null || !targetsOf(there).includes(target)) return DONE
  const { OperationId } = await client.send(
    new DeleteStackInstancesCommand({
      StackSetName: name,
      DeploymentTargets: { OrganizationalUnitIds: [target] },
      Regions: [region],
      RetainStacks: false,
      OperationPreferences: PREFERENCES,
    }),
  )
  return begun(name, OperationId)
}

async function remove(client: Client, name: string, there: StackSet | null): Promise<Begun> {
  if (there === null) return DONE
  return unless<Begun>(
    [GONE],
    async () => {
      await client.send(new DeleteStackSetCommand({ StackSetName: name }))
      return DONE
    },
    () => DONE,
  )
}

export async function lookAtStackSet(
  client: Client,
  { name, operationId }: Operation,
): Promise<OperationState> {
  const { StackSetOperation: operation } = await client.send(
    new DescribeStackSetOperationCommand({ StackSetName: String(name), OperationId: String(operationId) }),
  )
  if (operation?.Status === 'SUCCEEDED') return { state: 'succeeded', result: { stackSet: String(name) } }
  if (operation?.Status !== 'FAILED' && operation?.Status !== 'STOPPED') return { state: 'running' }
  const reasons = await failures(client, String(name))
  return {
    state: 'failed',
    code: `STACK_SET_OPERATION_${operation.Status}`,
    message: [operation.StatusReason ?? 'CloudFormation says that it failed, not why.', ...reasons].join(' '),
  }
}

async function* instancesOf(client: Client, StackSetName: string): AsyncGenerator<StackInstanceSummary> {
  yield* paged(async (NextToken) => {
    const page = await client.send(new ListStackInstancesCommand({ StackSetName, NextToken }))
    return { items: page.Summaries, next: page.NextToken }
  })
}

/** An earlier operation did not reach every account. */
async function hasFailed(client: Client, name: string): Promise<boolean> {
  for await (const { Status } of instancesOf(client, name)) if (Status !== 'CURRENT') return true
  return false
}

const SHOWN = 3

/** The first accounts where it failed tell why. */
async function failures(client: Client, name: string): Promise<readonly string[]> {
  const found: string[] = []
  for await (const { Account, Status, StatusReason } of instancesOf(client, name)) {
    if (Status === 'CURRENT' || StatusReason === undefined) continue
    if (found.push(`${Account}: ${StatusReason}`) === SHOWN) break
  }
  return found
}
