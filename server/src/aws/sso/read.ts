import {
  type AccountAssignmentOperationStatus,
  DescribeAccountAssignmentCreationStatusCommand,
  DescribeAccountAssignmentDeletionStatusCommand,
  DescribePermissionSetCommand,
  GetInlinePolicyForPermissionSetCommand,
  ListAccountAssignmentsCommand,
  ListInstancesCommand,
  ListManagedPoliciesInPermissionSetCommand,
  ListPermissionSetsCommand,
  type SSOAdminClient,
} from '@aws-sdk/client-sso-admin'
import { RankanError } from '../../kernel/errors.ts'
import type { AssignmentRequest } from '../../ports/estate.ts'
import { find, paged } from '../pages.ts'

export interface Instance {
  readonly instanceArn: string
  readonly identityStoreId: string
}

export async function instance(client: SSOAdminClient): Promise<Instance> {
  const { Instances } = await client.send(new ListInstancesCommand({}))
  const first = Instances?.[0]
  if (!first?.InstanceArn || !first.IdentityStoreId)
    throw new RankanError(
      'invalid',
      'no_identity_center',
      'IAM Identity Center is not enabled in the home region of this AWS organisation: enable it there.',
    )
  return { instanceArn: first.InstanceArn, identityStoreId: first.IdentityStoreId }
}

/** null when there is no permission set of that name. */
export async function permissionSetByName(
  client: SSOAdminClient,
  instanceArn: string,
  name: string,
): Promise<string | null> {
  const all = paged(async (token) => {
    const page = await client.send(
      new ListPermissionSetsCommand({ InstanceArn: instanceArn, NextToken: token }),
    )
    return { items: page.PermissionSets, next: page.NextToken }
  })
  return find(all, async (arn) => {
    const { PermissionSet } = await client.send(
      new DescribePermissionSetCommand({ InstanceArn: instanceArn, PermissionSetArn: arn }),
    )
    return PermissionSet?.Name === name
  })
}

export async function managedPolicies(client: SSOAdminClient, instanceArn: string, setArn: string) {
  const { AttachedManagedPolicies } = await client.send(
    new ListManagedPoliciesInPermissionSetCommand({ InstanceArn: instanceArn, PermissionSetArn: setArn }),
  )
  return (AttachedManagedPolicies ?? []).flatMap((p) => p.Arn ?? [])
}

export async function inlinePolicy(client: SSOAdminClient, instanceArn: string, setArn: string) {
  const { InlinePolicy } = await client.send(
    new GetInlinePolicyForPermissionSetCommand({ InstanceArn: instanceArn, PermissionSetArn: setArn }),
  )
  return InlinePolicy || null
}

export async function isAssigned(
  client: SSOAdminClient,
  instanceArn: string,
  setArn: string,
  request: AssignmentRequest,
): Promise<boolean> {
  const all = paged(async (token) => {
    const page = await client.send(
      new ListAccountAssignmentsCommand({
        InstanceArn: instanceArn,
        AccountId: request.accountId,
        PermissionSetArn: setArn,
        NextToken: token,
      }),
    )
    return { items: page.AccountAssignments, next: page.NextToken }
  })
  const fits = (a: { PrincipalId?: string; PrincipalType?: string }) =>
    a.PrincipalType === 'GROUP' && a.PrincipalId === request.groupId
  return (await find(all, fits)) !== null
}

type AssignmentView = { state: 'running' | 'succeeded' } | { state: 'failed'; message: string }

export async function creationState(
  client: SSOAdminClient,
  instanceArn: string,
  requestId: string,
): Promise<AssignmentView> {
  const { AccountAssignmentCreationStatus } = await client.send(
    new DescribeAccountAssignmentCreationStatusCommand({
      InstanceArn: instanceArn,
      AccountAssignmentCreationRequestId: requestId,
    }),
  )
  return toView(AccountAssignmentCreationStatus)
}

export async function deletionState(
  client: SSOAdminClient,
  instanceArn: string,
  requestId: string,
): Promise<AssignmentView> {
  const { AccountAssignmentDeletionStatus } = await client.send(
    new DescribeAccountAssignmentDeletionStatusCommand({
      InstanceArn: instanceArn,
      AccountAssignmentDeletionRequestId: requestId,
    }),
  )
  return toView(AccountAssignmentDeletionStatus)
}

function toView(status: AccountAssignmentOperationStatus | undefined): AssignmentView {
  if (status?.Status === 'SUCCEEDED') return { state: 'succeeded' }
  if (status?.Status !== 'FAILED') return { state: 'running' }
  return { state: 'failed', message: status.FailureReason ?? 'Identity Center gave no reason.' }
}
