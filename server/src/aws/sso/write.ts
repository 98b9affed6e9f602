import {
  AttachManagedPolicyToPermissionSetCommand,
  CreateAccountAssignmentCommand,
  CreatePermissionSetCommand,
  DeleteAccountAssignmentCommand,
  ProvisionPermissionSetCommand,
  PutInlinePolicyToPermissionSetCommand,
  type SSOAdminClient,
} from '@aws-sdk/client-sso-admin'
import { conflict, RankanError } from '../../kernel/errors.ts'
import { canonicalJson } from '../../kernel/json.ts'
import type { AssignmentRequest } from '../../ports/estate.ts'
import { unless } from '../errors.ts'
import type { PermissionSetOrder } from './permission-sets.ts'
import { inlinePolicy, isAssigned, managedPolicies, permissionSetByName } from './read.ts'

/**
 * Finds or creates the set and makes it say what it must. A worker may die between creating it and giving it its
 * policy, so the content is checked every time, and a set that accounts may have already is provisioned again.
 */
export async function ensurePermissionSet(
  client: SSOAdminClient,
  instanceArn: string,
  order: PermissionSetOrder,
): Promise<string> {
  const existing = await permissionSetByName(client, instanceArn, order.name)
  const arn = existing ?? (await createOrFind(client, instanceArn, order))
  const changed = await ensureContent(client, instanceArn, arn, order)
  if (existing !== null && changed)
    await client.send(
      new ProvisionPermissionSetCommand({
        InstanceArn: instanceArn,
        PermissionSetArn: arn,
        TargetType: 'ALL_PROVISIONED_ACCOUNTS',
      }),
    )
  return arn
}

/** All accounts of an AWS organisation share the sets, so that the first ones come here at the same moment. */
const createOrFind = (client: SSOAdminClient, instanceArn: string, order: PermissionSetOrder) =>
  unless(
    ['ConflictException'],
    () => createSet(client, instanceArn, order),
    async () => {
      const made = await permissionSetByName(client, instanceArn, order.name)
      if (made !== null) return made
      throw conflict(
        'permission_set_not_visible_yet',
        `The permission set \`${order.name}\` was just made and Identity Center does not list it yet.`,
      )
    },
  )

async function createSet(
  client: SSOAdminClient,
  instanceArn: string,
  order: PermissionSetOrder,
): Promise<string> {
  const { PermissionSet } = await client.send(
    new CreatePermissionSetCommand({
      InstanceArn: instanceArn,
      Name: order.name,
      Description: order.description,
      SessionDuration: order.sessionDuration,
    }),
  )
  if (!PermissionSet?.PermissionSetArn)
    throw new RankanError(
      'unavailable',
      'no_permission_set',
      'AWS created a permission set and named no ARN.',
    )
  return PermissionSet.PermissionSetArn
}

/** @returns whether something had to be changed. */
async function ensureContent(
  client: SSOAdminClient,
  instanceArn: string,
  arn: string,
  order: PermissionSetOrder,
): Promise<boolean> {
  const managed = await ensureManaged(client, instanceArn, arn, order.managedPolicyArns)
  const inline = await ensureInline(client, instanceArn, arn, order.inlinePolicy)
  return managed || inline
}

async function ensureManaged(
  client: SSOAdminClient,
  instanceArn: string,
  arn: string,
  wanted: readonly string[],
): Promise<boolean> {
  const have = await managedPolicies(client, instanceArn, arn)
  const missing = wanted.filter((policy) => !have.includes(policy))
  for (const policy of missing)
    await unless(
      ['ConflictException'],
      async () => {
        await client.send(
          new AttachManagedPolicyToPermissionSetCommand({
            InstanceArn: instanceArn,
            PermissionSetArn: arn,
            ManagedPolicyArn: policy,
          }),
        )
      },
      () => undefined,
    )
  return missing.length > 0
}

async function ensureInline(
  client: SSOAdminClient,
  instanceArn: string,
  arn: string,
  wanted: object | null,
): Promise<boolean> {
  if (wanted === null) return false
  const have = await inlinePolicy(client, instanceArn, arn)
  if (have !== null && canonicalJson(JSON.parse(have)) === canonicalJson(wanted)) return false
  await client.send(
    new PutInlinePolicyToPermissionSetCommand({
      InstanceArn: instanceArn,
      PermissionSetArn: arn,
      InlinePolicy: JSON.stringify(wanted),
    }),
  )
  return true
}

type Begun = { done: true } | { done: false; requestId: string }

const target = (instanceArn: string, setArn: string, request: AssignmentRequest) =>
  ({
    InstanceArn: instanceArn,
    TargetId: request.accountId,
    TargetType: 'AWS_ACCOUNT',
    PermissionSetArn: setArn,
    PrincipalType: 'GROUP',
    PrincipalId: request.groupId,
  }) as const

/** While an equal assignment is being made AWS answers with a conflict, so two workers never start two. */
export async function beginAssignment(
  client: SSOAdminClient,
  instanceArn: string,
  setArn: string,
  request: AssignmentRequest,
  again: boolean,
): Promise<Begun> {
  if (again && (await isAssigned(client, instanceArn, setArn, request))) return { done: true }
  const { AccountAssignmentCreationStatus: status } = await client.send(
    new CreateAccountAssignmentCommand(target(instanceArn, setArn, request)),
  )
  return { done: false, requestId: requestIdOf(status) }
}

export async function beginUnassignment(
  client: SSOAdminClient,
  instanceArn: string,
  setArn: string,
  request: AssignmentRequest,
): Promise<Begun> {
  if (!(await isAssigned(client, instanceArn, setArn, request))) return { done: true }
  const { AccountAssignmentDeletionStatus: status } = await client.send(
    new DeleteAccountAssignmentCommand(target(instanceArn, setArn, request)),
  )
  return { done: false, requestId: requestIdOf(status) }
}

function requestIdOf(status: { RequestId?: string } | undefined): string {
  if (status?.RequestId) return status.RequestId
  throw new RankanError('unavailable', 'no_request', 'Identity Center accepted the request and named no id.')
}
