import {
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
  type StackSet,
  UpdateStackSetCommand,
} from '@aws-sdk/client-cloudformation'
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import type { HookEffect } from '../../domain/controls/effects.ts'
import type { HookSight, SeenHook } from '../../domain/controls/world.ts'
import { bug, conflict, RankanError } from '../../kernel/errors.ts'
import type { Begun, ControlPort, Operation, OperationState } from '../../ports/controls.ts'
import type { Connection } from '../connection.ts'
import { unless } from '../errors.ts'
import { sameDocument } from '../organizations/write.ts'
import { paged } from '../pages.ts'

type Clients = Pick<Connection, 'cloudFormation' | 's3'>
type Client = Connection['cloudFormation']

const GONE = 'StackSetNotFoundException'
/** Stack sets with such names are ours. */
const OURS = 'rankan-hook-'

/**
 * Guard hooks of the accounts below a target, in the home Region, by stack sets of the management account.
 * @param bucket for the rules, in the management account and readable by the accounts; null: none was named.
 */
export function hookControls(
  { cloudFormation, s3 }: Clients,
  bucket: string | null,
  region: string,
): ControlPort<HookSight, HookEffect> {
  return {
    read: () => readable(() => sight({ cloudFormation, s3 }, bucket)),
    async begin(effect, again = true) {
      if (effect.do !== 'put_hook_rules') return begin(cloudFormation, effect, region, again)
      await s3.send(new PutObjectCommand({ Bucket: effect.bucket, Key: effect.key, Body: effect.rules }))
      return { done: true, result: { rules: `s3://${effect.bucket}/${effect.key}` } }
    },
    look: (operation) => look(cloudFormation, operation),
  }
}

/** Null where the role may not read stack sets: this installation puts no hooks on. */
async function readable(read: () => Promise<HookSight>): Promise<HookSight | null> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof RankanError && error.kind === 'denied') return null
    throw error
  }
}

async function sight({ cloudFormation: client, s3 }: Clients, bucket: string | null): Promise<HookSight> {
  if (bucket === null) return { bucket, trusted: false, hooks: [] }
  const { Status } = await client.send(new DescribeOrganizationsAccessCommand({}))
  const hooks: SeenHook[] = []
  const all = paged(async (NextToken) => {
    const page = await client.send(new ListStackSetsCommand({ Status: 'ACTIVE', NextToken }))
    return { items: page.Summaries, next: page.NextToken }
  })
  for await (const { StackSetName: name = '' } of all) {
    if (!name.startsWith(OURS)) continue
    const found = await setNamed(client, name)
    if (found === null) continue
    const { TemplateBody: template = '' } = found
    hooks.push({ name, template, targets: [...targetsOf(found)].sort(), rules: await rulesOf(s3, template) })
  }
  return { bucket, trusted: Status === 'ENABLED', hooks }
}

const RULES = /"s3:\/\/([a-z0-9.-]+)\/([^"]+\.guard)"/

/** The rules that a template of ours points to. Roles of before this was asked may not read them. */
async function rulesOf(s3: Clients['s3'], template: string): Promise<string | null> {
  const [, Bucket, Key] = RULES.exec(template) ?? []
  if (Bucket === undefined) return null
  return unless<string | null>(
    ['NoSuchKey', 'NoSuchBucket'],
    async () => {
      try {
        return (await (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString()) ?? ''
      } catch (error) {
        if (error instanceof RankanError && error.kind === 'denied') return null
        throw error
      }
    },
    () => '',
  )
}

const setNamed = (client: Client, StackSetName: string): Promise<StackSet | null> =>
  unless<StackSet | null>(
    [GONE],
    async () => (await client.send(new DescribeStackSetCommand({ StackSetName }))).StackSet ?? null,
    () => null,
  )

const targetsOf = ({ OrganizationalUnitIds }: StackSet): readonly string[] => OrganizationalUnitIds ?? []

type OnSet = Exclude<HookEffect, { do: 'put_hook_rules' }>

async function begin(client: Client, effect: OnSet, region: string, again: boolean): Promise<Begun> {
  const there = await setNamed(client, effect.name)
  const running = again && there !== null ? await goingOn(client, effect) : null
  if (running !== null) return running
  switch (effect.do) {
    case 'put_hook':
      return there === null ? create(client, effect) : update(client, effect, there, again)
    case 'deploy_hook':
      return deploy(client, effect, region, there)
    case 'withdraw_hook':
      return withdraw(client, effect, region, there)
    case 'delete_hook':
      return remove(client, effect.name, there)
  }
}

const ACTION: Readonly<Partial<Record<OnSet['do'], string>>> = {
  put_hook: 'UPDATE',
  deploy_hook: 'CREATE',
  withdraw_hook: 'DELETE',
}

/** What an attempt before this one has begun; a stack set has one operation at a time. */
async function goingOn(client: Client, { do: wanted, name }: OnSet): Promise<Begun | null> {
  const { Summaries } = await client.send(new ListStackSetOperationsCommand({ StackSetName: name }))
  const running = Summaries?.find(({ Status }) => Status === 'RUNNING' || Status === 'QUEUED')
  if (running === undefined) return null
  if (running.Action === ACTION[wanted]) return begun(name, running.OperationId)
  throw conflict('stack_set_under_change', `CloudFormation is changing the stack set \`${name}\`.`)
}

type Effect<Do extends HookEffect['do']> = Extract<HookEffect, { do: Do }>

const DONE: Begun = { done: true, result: {} }
/** The template makes the role under which the hook reads its rules. */
const CAPABILITIES = ['CAPABILITY_IAM' as const]
/** Failed accounts do not keep the others from their hook; look at them in AWS. */
const PREFERENCES = {
  FailureTolerancePercentage: 10,
  MaxConcurrentPercentage: 25,
  RegionConcurrencyType: 'PARALLEL',
} as const

async function create(client: Client, { name, template }: Effect<'put_hook'>): Promise<Begun> {
  const { StackSetId = '' } = await client.send(
    new CreateStackSetCommand({
      StackSetName: name,
      Description: 'Rankan: Guard hook',
      TemplateBody: template,
      Capabilities: CAPABILITIES,
      PermissionModel: 'SERVICE_MANAGED',
      AutoDeployment: { Enabled: true, RetainStacksOnAccountRemoval: false },
    }),
  )
  return { done: true, result: { stackSet: StackSetId } }
}

async function update(
  client: Client,
  { name, template }: Effect<'put_hook'>,
  there: StackSet,
  again: boolean,
): Promise<Begun> {
  if (again && sameDocument(there.TemplateBody ?? '', template)) return DONE
  const { OperationId } = await client.send(
    new UpdateStackSetCommand({
      StackSetName: name,
      TemplateBody: template,
      Capabilities: CAPABILITIES,
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
  { name, target }: Effect<'deploy_hook'>,
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
  { name, target }: Effect<'withdraw_hook'>,
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

async function look(client: Client, { name, operationId }: Operation): Promise<OperationState> {
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

const instancesOf = async (client: Client, StackSetName: string) =>
  (await client.send(new ListStackInstancesCommand({ StackSetName }))).Summaries ?? []

/** An earlier operation did not reach every account. */
const hasFailed = async (client: Client, name: string): Promise<boolean> =>
  (await instancesOf(client, name)).some(({ Status }) => Status !== 'CURRENT')

const SHOWN = 3

/** The first accounts where it failed tell why. */
async function failures(client: Client, name: string): Promise<readonly string[]> {
  return (await instancesOf(client, name))
    .filter(({ Status, StatusReason }) => Status !== 'CURRENT' && StatusReason !== undefined)
    .slice(0, SHOWN)
    .map(({ Account, StatusReason }) => `${Account}: ${StatusReason}`)
}
