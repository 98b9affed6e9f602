import {
  CreateGroupCommand,
  CreateGroupMembershipCommand,
  CreateUserCommand,
  DeleteUserCommand,
  GetGroupIdCommand,
  GetUserIdCommand,
  IdentitystoreClient,
  ListGroupMembershipsCommand,
  ListGroupsCommand,
  ListUsersCommand,
  UpdateUserCommand,
} from '@aws-sdk/client-identitystore'
import { ListAccountsCommand } from '@aws-sdk/client-organizations'
import {
  AttachManagedPolicyToPermissionSetCommand,
  CreateAccountAssignmentCommand,
  CreatePermissionSetCommand,
  DeleteAccountAssignmentCommand,
  DescribeAccountAssignmentCreationStatusCommand,
  GetInlinePolicyForPermissionSetCommand,
  ListAccountAssignmentsCommand,
  ListAccountAssignmentsForPrincipalCommand,
  ListInstancesCommand,
  ListPermissionSetsProvisionedToAccountCommand,
  ProvisionPermissionSetCommand,
  PutInlinePolicyToPermissionSetCommand,
  SSOAdminClient,
} from '@aws-sdk/client-sso-admin'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Sandbox } from '../../src/sandbox/server.ts'
import { configOf, get, organizationsOf, post, refused, start } from './core-support.ts'
import { ALL, admin, REGION } from './vending-support.ts'

let sandbox: Sandbox
let sso: SSOAdminClient
let store: IdentitystoreClient
let InstanceArn: string
let IdentityStoreId: string
let accountIds: string[]

beforeEach(async () => {
  sandbox = await start({ allowedActions: ALL, timeScale: 0 })
  sso = new SSOAdminClient(configOf(sandbox, admin(sandbox), REGION))
  store = new IdentitystoreClient(configOf(sandbox, admin(sandbox), REGION))
  const { Instances } = await sso.send(new ListInstancesCommand({}))
  InstanceArn = Instances?.[0]?.InstanceArn ?? ''
  IdentityStoreId = Instances?.[0]?.IdentityStoreId ?? ''
  const { Accounts } = await organizationsOf(sandbox, admin(sandbox)).send(new ListAccountsCommand({}))
  accountIds = (Accounts ?? []).map((a) => a.Id ?? '')
})
afterEach(() => sandbox.stop())

const seconds = (n: number) => post(sandbox, 'time', { advanceMs: n * 1000 })
const group = async (DisplayName: string) =>
  (await store.send(new CreateGroupCommand({ IdentityStoreId, DisplayName }))).GroupId ?? ''
const permissionSet = async (Name: string) =>
  (await sso.send(new CreatePermissionSetCommand({ InstanceArn, Name, SessionDuration: 'PT4H' })))
    .PermissionSet?.PermissionSetArn ?? ''

const assign = (PermissionSetArn: string, PrincipalId: string, TargetId = accountIds[0]) =>
  sso.send(
    new CreateAccountAssignmentCommand({
      InstanceArn,
      PermissionSetArn,
      PrincipalId,
      PrincipalType: 'GROUP',
      TargetId,
      TargetType: 'AWS_ACCOUNT',
    }),
  )

const statusOf = async (AccountAssignmentCreationRequestId: string | undefined) =>
  (
    await sso.send(
      new DescribeAccountAssignmentCreationStatusCommand({ InstanceArn, AccountAssignmentCreationRequestId }),
    )
  ).AccountAssignmentCreationStatus

describe('IAM Identity Center', () => {
  test('an assignment takes a while, and can be taken back', async () => {
    const [PermissionSetArn, PrincipalId] = [await permissionSet('Admin'), await group('kofu-admins')]
    const { AccountAssignmentCreationStatus: begun } = await assign(PermissionSetArn, PrincipalId)
    expect(begun?.Status).toBe('IN_PROGRESS')
    expect(await refused(assign(PermissionSetArn, PrincipalId))).toMatchObject({ name: 'ConflictException' })
    await seconds(30)
    expect(await statusOf(begun?.RequestId)).toMatchObject({ Status: 'SUCCEEDED' })
    const list = { InstanceArn, AccountId: accountIds[0], PermissionSetArn }
    const { AccountAssignments } = await sso.send(new ListAccountAssignmentsCommand(list))
    expect(AccountAssignments).toEqual([
      { AccountId: accountIds[0], PermissionSetArn, PrincipalId, PrincipalType: 'GROUP' },
    ])
    const byPrincipal = await sso.send(
      new ListAccountAssignmentsForPrincipalCommand({ InstanceArn, PrincipalId, PrincipalType: 'GROUP' }),
    )
    expect(byPrincipal.AccountAssignments?.map((a) => a.AccountId)).toEqual([accountIds[0]])
    await sso.send(
      new DeleteAccountAssignmentCommand({
        InstanceArn,
        PermissionSetArn,
        PrincipalId,
        PrincipalType: 'GROUP',
        TargetId: accountIds[0],
        TargetType: 'AWS_ACCOUNT',
      }),
    )
    await seconds(30)
    expect((await sso.send(new ListAccountAssignmentsCommand(list))).AccountAssignments).toEqual([])
  })

  test('ten assignments are under way at most', async () => {
    const PermissionSetArn = await permissionSet('Admin')
    const groups = []
    for (let i = 0; i < 11; i++) {
      groups.push(await group(`g${i}`))
      await seconds(1)
    }
    for (const id of groups.slice(0, 10)) await assign(PermissionSetArn, id)
    expect(await refused(assign(PermissionSetArn, groups[10] ?? ''))).toMatchObject({
      name: 'ConflictException',
    })
    await seconds(30)
    await assign(PermissionSetArn, groups[10] ?? '')
  })

  test('more than twenty calls at once are throttled', async () => {
    const settings = (await get(sandbox, 'settings')) as { limits: Record<string, { value: number }> }
    expect(settings.limits['rate.sso']?.value).toBe(20)
    // Tokens come with the real time too; hardly any shall come while this machine is busy.
    await post(sandbox, 'settings', { limits: { 'rate.sso': 0.01 } }, 'PUT')
    const call = () => sso.send(new ListInstancesCommand({}))
    const calls = await Promise.allSettled(Array.from({ length: 25 }, call))
    const names = calls.flatMap((c) => (c.status === 'rejected' ? [(c.reason as Error).name] : []))
    expect(new Set(names)).toEqual(new Set(['ThrottlingException']))
    expect(names.length).toBeGreaterThanOrEqual(5)
    await seconds(200)
    await call()
  })

  test('a principal that is not there makes the assignment fail later, not at once', async () => {
    const PermissionSetArn = await permissionSet('Admin')
    const { AccountAssignmentCreationStatus } = await assign(
      PermissionSetArn,
      '11111111-2222-4333-8444-555555555555',
    )
    await seconds(30)
    expect(await statusOf(AccountAssignmentCreationStatus?.RequestId)).toMatchObject({ Status: 'FAILED' })
  })

  test('a change of a permission set reaches its accounts only when it is provisioned', async () => {
    const [PermissionSetArn, PrincipalId] = [await permissionSet('NonAdmin'), await group('operators')]
    await assign(PermissionSetArn, PrincipalId)
    await seconds(30)
    const InlinePolicy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' }],
    })
    await sso.send(new PutInlinePolicyToPermissionSetCommand({ InstanceArn, PermissionSetArn, InlinePolicy }))
    await sso.send(
      new AttachManagedPolicyToPermissionSetCommand({
        InstanceArn,
        PermissionSetArn,
        ManagedPolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess',
      }),
    )
    expect(
      (await sso.send(new GetInlinePolicyForPermissionSetCommand({ InstanceArn, PermissionSetArn })))
        .InlinePolicy,
    ).toBe(InlinePolicy)
    const stale = () =>
      sso.send(
        new ListPermissionSetsProvisionedToAccountCommand({
          InstanceArn,
          AccountId: accountIds[0],
          ProvisioningStatus: 'LATEST_PERMISSION_SET_NOT_PROVISIONED',
        }),
      )
    expect((await stale()).PermissionSets).toEqual([PermissionSetArn])
    await sso.send(
      new ProvisionPermissionSetCommand({
        InstanceArn,
        PermissionSetArn,
        TargetType: 'ALL_PROVISIONED_ACCOUNTS',
      }),
    )
    await seconds(60)
    expect((await stale()).PermissionSets).toEqual([])
    expect(await refused(permissionSet('NonAdmin'))).toMatchObject({ name: 'ConflictException' })
  })
})

describe('Identity Store', () => {
  const user = (UserName: string) =>
    store.send(
      new CreateUserCommand({
        IdentityStoreId,
        UserName,
        DisplayName: '佐藤 花子',
        Name: { GivenName: '花子', FamilyName: '佐藤' },
        Emails: [{ Value: `${UserName}@city.example.jp`, Primary: true }],
      }),
    )

  test('names are unique without case; users are found by name and by e-mail', async () => {
    const { UserId } = await user('hanako')
    const why = await refused(user('Hanako'))
    expect(why).toMatchObject({ name: 'ConflictException', Reason: 'UNIQUENESS_CONSTRAINT_VIOLATION' })
    for (const [AttributePath, AttributeValue] of [
      ['userName', 'HANAKO'],
      ['emails.value', 'hanako@city.example.jp'],
    ] as const)
      expect(
        await store.send(
          new GetUserIdCommand({
            IdentityStoreId,
            AlternateIdentifier: { UniqueAttribute: { AttributePath, AttributeValue } },
          }),
        ),
      ).toMatchObject({ UserId })
    const { Users } = await store.send(
      new ListUsersCommand({
        IdentityStoreId,
        Filters: [{ AttributePath: 'UserName', AttributeValue: 'hanako' }],
      }),
    )
    expect(Users).toMatchObject([{ UserId, Name: { FamilyName: '佐藤' } }])
    await store.send(
      new UpdateUserCommand({
        IdentityStoreId,
        UserId,
        Operations: [{ AttributePath: 'name.familyName', AttributeValue: '鈴木' }],
      }),
    )
    expect((await store.send(new ListUsersCommand({ IdentityStoreId }))).Users).toMatchObject([
      { Name: { FamilyName: '鈴木', GivenName: '花子' } },
    ])
  })

  test('members come and go with groups and users', async () => {
    const [GroupId, { UserId }] = [await group('甲府市 管理者'), await user('taro')]
    const pair = { IdentityStoreId, GroupId, MemberId: { UserId: UserId ?? '' } }
    await store.send(new CreateGroupMembershipCommand(pair))
    expect(await refused(store.send(new CreateGroupMembershipCommand(pair)))).toMatchObject({
      name: 'ConflictException',
    })
    const members = async () =>
      (await store.send(new ListGroupMembershipsCommand({ IdentityStoreId, GroupId }))).GroupMemberships
    expect((await members())?.map((m) => m.MemberId?.UserId)).toEqual([UserId])
    await store.send(new DeleteUserCommand({ IdentityStoreId, UserId }))
    expect(await members()).toEqual([])
    expect(await refused(group('甲府市 管理者'))).toMatchObject({ name: 'ConflictException' })
    const found = await store.send(
      new ListGroupsCommand({
        IdentityStoreId,
        Filters: [{ AttributePath: 'DisplayName', AttributeValue: '甲府市 管理者' }],
      }),
    )
    expect(found.Groups?.map((g) => g.GroupId)).toEqual([GroupId])
    const missing = store.send(
      new GetGroupIdCommand({
        IdentityStoreId,
        AlternateIdentifier: { UniqueAttribute: { AttributePath: 'displayName', AttributeValue: 'none' } },
      }),
    )
    expect(await refused(missing)).toMatchObject({ name: 'ResourceNotFoundException' })
  })
})
