import * as o from '@aws-sdk/client-organizations'
import { afterEach, describe, expect, test } from 'vitest'
import type { Sandbox } from '../../src/sandbox/server.ts'
import { assume, organizationsOf, post, refused, seededOf, start } from './core-support.ts'

let sandbox: Sandbox
afterEach(() => sandbox.stop())
const minute = 60_000
const day = 86_400_000

async function open(index = 0) {
  sandbox = await start()
  const seeded = seededOf(sandbox, index)
  const api = organizationsOf(sandbox, seeded.admin)
  const ous =
    (await api.send(new o.ListOrganizationalUnitsForParentCommand({ ParentId: seeded.rootId })))
      .OrganizationalUnits ?? []
  const ou = (name: string) => ous.find((x) => x.Name === name)?.Id ?? ''
  return { seeded, api, ou }
}

async function create(
  api: o.OrganizationsClient,
  name: string,
  Email = `${name}@example.jp`,
): Promise<o.CreateAccountStatus> {
  const made = await api.send(new o.CreateAccountCommand({ AccountName: name, Email }))
  sandbox.runtime.advance(10 * minute)
  const CreateAccountRequestId = made.CreateAccountStatus?.Id
  return (
    (await api.send(new o.DescribeCreateAccountStatusCommand({ CreateAccountRequestId })))
      .CreateAccountStatus ?? {}
  )
}

describe('CreateAccount', () => {
  test('is asynchronous and lands in the root with its role', async () => {
    const { api, seeded } = await open()
    const begun = await api.send(
      new o.CreateAccountCommand({
        AccountName: 'a',
        Email: 'a@example.jp',
        Tags: [{ Key: 'system', Value: '住民記録' }],
      }),
    )
    expect(begun.CreateAccountStatus?.State).toBe('IN_PROGRESS')
    expect(begun.CreateAccountStatus?.AccountId).toBeUndefined()
    sandbox.runtime.advance(10 * minute)
    const [done] =
      (await api.send(new o.ListCreateAccountStatusCommand({ States: ['SUCCEEDED'] })))
        .CreateAccountStatuses ?? []
    const AccountId = done?.AccountId ?? ''
    const account = (await api.send(new o.DescribeAccountCommand({ AccountId }))).Account
    expect(account).toMatchObject({
      State: 'ACTIVE',
      Status: 'ACTIVE',
      JoinedMethod: 'CREATED',
      Email: 'a@example.jp',
    })
    expect((await api.send(new o.ListParentsCommand({ ChildId: AccountId }))).Parents).toEqual([
      { Id: seeded.rootId, Type: 'ROOT' },
    ])
    expect((await api.send(new o.ListTagsForResourceCommand({ ResourceId: AccountId }))).Tags).toEqual([
      { Key: 'system', Value: '住民記録' },
    ])
    await assume(sandbox, seeded.admin, `arn:aws:iam::${AccountId}:role/OrganizationAccountAccessRole`)
  })

  test('an e-mail is used once in the whole world, also by another organisation', async () => {
    const { api } = await open()
    expect((await create(api, 'first', 'Same@example.jp')).State).toBe('SUCCEEDED')
    const other = organizationsOf(sandbox, seededOf(sandbox, 1).admin)
    expect(await create(other, 'second', 'same@example.jp')).toMatchObject({
      State: 'FAILED',
      FailureReason: 'EMAIL_ALREADY_EXISTS',
    })
  })

  test('of two creations with one e-mail at the same time exactly one wins', async () => {
    const { api } = await open()
    for (const AccountName of ['a', 'b'])
      await api.send(new o.CreateAccountCommand({ AccountName, Email: 'one@example.jp' }))
    sandbox.runtime.advance(10 * minute)
    const all = (await api.send(new o.ListCreateAccountStatusCommand({}))).CreateAccountStatuses ?? []
    expect(all.map((s) => s.State).sort()).toEqual(['FAILED', 'SUCCEEDED'])
  })

  test('five run at a time', async () => {
    const { api } = await open()
    const ask = (i: number) =>
      api.send(new o.CreateAccountCommand({ AccountName: `n${i}`, Email: `n${i}@example.jp` }))
    for (let i = 0; i < 5; i++) await ask(i)
    expect(await refused(ask(5))).toMatchObject({
      name: 'ConstraintViolationException',
      Reason: 'ACCOUNT_CREATION_RATE_LIMIT_EXCEEDED',
    })
    sandbox.runtime.advance(10 * minute)
    await ask(5)
  })

  test('names are printable ASCII of at most 50 characters', async () => {
    const { api } = await open()
    const ask = (AccountName: string) =>
      api.send(new o.CreateAccountCommand({ AccountName, Email: 'x@example.jp' }))
    expect(await refused(ask('千代田区'))).toMatchObject({
      name: 'InvalidInputException',
      Reason: 'INVALID_PATTERN',
    })
    expect(await refused(ask('x'.repeat(51)))).toMatchObject({
      name: 'InvalidInputException',
      Reason: 'MAX_LENGTH_EXCEEDED',
    })
  })

  test('outcomes can be made to fail or to stick', async () => {
    const { api } = await open()
    await post(sandbox, 'faults', {
      at: 'outcome',
      operation: 'CreateAccount',
      subject: 'bad@',
      fault: { do: 'fail', code: 'INTERNAL_FAILURE', message: '' },
    })
    await post(sandbox, 'faults', {
      at: 'outcome',
      operation: 'CreateAccount',
      subject: 'stuck@',
      fault: { do: 'stick' },
    })
    expect(await create(api, 'bad')).toMatchObject({ State: 'FAILED', FailureReason: 'INTERNAL_FAILURE' })
    expect((await create(api, 'stuck')).State).toBe('IN_PROGRESS')
    expect((await create(api, 'good')).State).toBe('SUCCEEDED')
  })

  test('visibility may lag', async () => {
    const { api } = await open()
    await post(sandbox, 'faults', {
      at: 'visibility',
      operation: 'DescribeAccount',
      fault: { do: 'delay', ms: 60 * minute },
    })
    const { AccountId } = await create(api, 'late')
    expect((await refused(api.send(new o.DescribeAccountCommand({ AccountId })))).name).toBe(
      'AccountNotFoundException',
    )
    sandbox.runtime.advance(60 * minute)
    expect((await api.send(new o.DescribeAccountCommand({ AccountId }))).Account?.Id).toBe(AccountId)
  })
})

describe('MoveAccount', () => {
  test('checks source and destination and refuses to move to where the account is', async () => {
    const { api, seeded, ou } = await open(1)
    const { AccountId } = await create(api, 'mover')
    const move = (SourceParentId: string, DestinationParentId: string) =>
      api.send(new o.MoveAccountCommand({ AccountId, SourceParentId, DestinationParentId }))
    expect((await refused(move(seeded.rootId, seeded.rootId))).name).toBe('DuplicateAccountException')
    expect((await refused(move(ou('Staging'), ou('Production')))).name).toBe('SourceParentNotFoundException')
    expect((await refused(move(seeded.rootId, 'ou-zzzz-zzzzzzzz'))).name).toBe(
      'DestinationParentNotFoundException',
    )
    await move(seeded.rootId, ou('Production'))
    const inside = await api.send(new o.ListAccountsForParentCommand({ ParentId: ou('Production') }))
    expect(inside.Accounts?.map((a) => a.Id)).toEqual([AccountId])
  })
})

describe('CloseAccount', () => {
  test('goes through PENDING_CLOSURE and SUSPENDED to CLOSED after 90 days; three at a time', async () => {
    const { api, seeded } = await open(1)
    const ids: string[] = []
    for (let i = 0; i < 4; i++) ids.push((await create(api, `c${i}`)).AccountId ?? '')
    const close = (AccountId?: string) => api.send(new o.CloseAccountCommand({ AccountId }))
    const stateOf = async () => (await api.send(new o.DescribeAccountCommand({ AccountId: ids[0] }))).Account
    for (const id of ids.slice(0, 3)) await close(id)
    expect((await refused(close(ids[0]))).name).toBe('ConflictException')
    expect(await refused(close(ids[3]))).toMatchObject({ Reason: 'CLOSE_ACCOUNT_REQUESTS_LIMIT_EXCEEDED' })
    expect(await refused(close(seeded.managementAccountId))).toMatchObject({
      Reason: 'CANNOT_CLOSE_MANAGEMENT_ACCOUNT',
    })
    expect(await stateOf()).toMatchObject({ State: 'PENDING_CLOSURE', Status: 'PENDING_CLOSURE' })
    sandbox.runtime.advance(10 * minute)
    expect(await stateOf()).toMatchObject({ State: 'SUSPENDED', Status: 'SUSPENDED' })
    expect((await refused(close(ids[0]))).name).toBe('AccountAlreadyClosedException')
    sandbox.runtime.advance(91 * day)
    expect(await stateOf()).toMatchObject({ State: 'CLOSED', Status: 'SUSPENDED' })
  })

  test('the quota of 30 days counts and comes back', async () => {
    const { api } = await open(1)
    await post(
      sandbox,
      'settings',
      { limits: { 'organizations.closure_quota_min': 1, 'organizations.closure_quota_percent': 0 } },
      'PUT',
    )
    const [a, b] = [await create(api, 'a'), await create(api, 'b')]
    await api.send(new o.CloseAccountCommand({ AccountId: a.AccountId }))
    sandbox.runtime.advance(day)
    const again = () => api.send(new o.CloseAccountCommand({ AccountId: b.AccountId }))
    expect(await refused(again())).toMatchObject({
      name: 'ConstraintViolationException',
      Reason: 'CLOSE_ACCOUNT_QUOTA_EXCEEDED',
    })
    sandbox.runtime.advance(30 * day)
    await again()
  })

  test('the quota of 30 days follows the members, the management account not among them', async () => {
    const { api } = await open(1)
    const [a, b] = [await create(api, 'a'), await create(api, 'b')]
    const members = ((await api.send(new o.ListAccountsCommand({}))).Accounts ?? []).length - 1
    // Two closings would be allowed if one more account counted.
    const limits = {
      'organizations.closure_quota_min': 1,
      'organizations.closure_quota_percent': Math.ceil(200 / (members + 1)),
    }
    await post(sandbox, 'settings', { limits }, 'PUT')
    await api.send(new o.CloseAccountCommand({ AccountId: a.AccountId }))
    expect(await refused(api.send(new o.CloseAccountCommand({ AccountId: b.AccountId })))).toMatchObject({
      Reason: 'CLOSE_ACCOUNT_QUOTA_EXCEEDED',
    })
  })
})

describe('organizational units', () => {
  test('are five deep at most, have unique names beside each other, and are deleted only when empty', async () => {
    const { api, seeded } = await open(1)
    const make = async (ParentId: string, Name: string) =>
      (await api.send(new o.CreateOrganizationalUnitCommand({ ParentId, Name }))).OrganizationalUnit?.Id ?? ''
    let at = seeded.rootId
    for (let i = 0; i < 5; i++) at = await make(at, `深さ${i}`)
    expect(await refused(make(at, 'too deep'))).toMatchObject({ Reason: 'OU_DEPTH_LIMIT_EXCEEDED' })
    expect((await refused(make(seeded.rootId, '深さ0'))).name).toBe('DuplicateOrganizationalUnitException')
    const parents = (await api.send(new o.ListParentsCommand({ ChildId: at }))).Parents
    const remove = (OrganizationalUnitId?: string) =>
      api.send(new o.DeleteOrganizationalUnitCommand({ OrganizationalUnitId }))
    expect((await refused(remove(parents?.[0]?.Id))).name).toBe('OrganizationalUnitNotEmptyException')
    await remove(at)
    await remove(parents?.[0]?.Id)
  })
})

describe('paging', () => {
  test('gives every account once, 20 at a time, while accounts come in between', async () => {
    const { api, seeded } = await open(1)
    await post(sandbox, 'fast-load', { organizationId: seeded.organizationId, accounts: 95 })
    const seen: string[] = []
    let NextToken: string | undefined
    do {
      const page = await api.send(new o.ListAccountsCommand({ NextToken }))
      expect(page.Accounts?.length).toBeLessThanOrEqual(20)
      seen.push(...(page.Accounts ?? []).map((a) => a.Id ?? ''))
      if (seen.length === 40)
        await post(sandbox, 'fast-load', { organizationId: seeded.organizationId, accounts: 3 })
      NextToken = page.NextToken
    } while (NextToken)
    expect(seen).toHaveLength(101)
    expect(new Set(seen).size).toBe(101)
    expect(await refused(api.send(new o.ListAccountsCommand({ NextToken: 'bad' })))).toMatchObject({
      Reason: 'INVALID_NEXT_TOKEN',
    })
    expect(await refused(api.send(new o.ListAccountsCommand({ MaxResults: 21 })))).toMatchObject({
      Reason: 'MAX_VALUE_EXCEEDED',
    })
  })
})

describe('policies', () => {
  const deny = (Action: string) =>
    JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action, Resource: '*' }] })

  test('an SCP that is attached denies in member accounts and never in the management account', async () => {
    const { api, seeded } = await open(1)
    const { AccountId } = await create(api, 'member')
    const inMember = await assume(
      sandbox,
      seeded.admin,
      `arn:aws:iam::${AccountId}:role/OrganizationAccountAccessRole`,
    )
    const describeAs = (keys: typeof inMember) =>
      organizationsOf(sandbox, keys).send(new o.DescribeOrganizationCommand({}))
    await describeAs(inMember)
    const made = await api.send(
      new o.CreatePolicyCommand({
        Name: 'no',
        Description: '',
        Type: 'SERVICE_CONTROL_POLICY',
        Content: deny('organizations:*'),
      }),
    )
    const PolicyId = made.Policy?.PolicySummary?.Id
    await api.send(new o.AttachPolicyCommand({ PolicyId, TargetId: seeded.rootId }))
    expect((await refused(describeAs(inMember))).message).toContain(
      'with an explicit deny in a service control policy',
    )
    await api.send(new o.DescribeOrganizationCommand({}))
    expect((await refused(api.send(new o.DeletePolicyCommand({ PolicyId })))).name).toBe(
      'PolicyInUseException',
    )
    await api.send(new o.DetachPolicyCommand({ PolicyId, TargetId: seeded.rootId }))
    await describeAs(inMember)
    await api.send(new o.DeletePolicyCommand({ PolicyId }))
  })

  test('ten SCPs fit on a target, the eleventh does not; the last one stays', async () => {
    const { api, ou } = await open(1)
    const TargetId = ou('Production')
    const make = async (i: number) =>
      (
        await api.send(
          new o.CreatePolicyCommand({
            Name: `p${i}`,
            Description: '',
            Type: 'SERVICE_CONTROL_POLICY',
            Content: deny('s3:*'),
          }),
        )
      ).Policy?.PolicySummary?.Id
    for (let i = 0; i < 9; i++)
      await api.send(new o.AttachPolicyCommand({ PolicyId: await make(i), TargetId }))
    const PolicyId = await make(9)
    const attach = () => api.send(new o.AttachPolicyCommand({ PolicyId, TargetId }))
    expect(await refused(attach())).toMatchObject({ Reason: 'MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED' })
    const on =
      (await api.send(new o.ListPoliciesForTargetCommand({ TargetId, Filter: 'SERVICE_CONTROL_POLICY' })))
        .Policies ?? []
    expect(on).toHaveLength(10)
    for (const p of on.slice(1)) await api.send(new o.DetachPolicyCommand({ PolicyId: p.Id, TargetId }))
    expect(
      await refused(api.send(new o.DetachPolicyCommand({ PolicyId: on[0]?.Id, TargetId }))),
    ).toMatchObject({ Reason: 'MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED' })
  })

  test('content is measured as it is sent, and must be what the type asks', async () => {
    const { api } = await open(1)
    const make = (Content: string) =>
      api.send(
        new o.CreatePolicyCommand({ Name: 'x', Description: '', Type: 'SERVICE_CONTROL_POLICY', Content }),
      )
    expect(await refused(make(deny('s3:*') + ' '.repeat(10_240)))).toMatchObject({
      Reason: 'POLICY_CONTENT_LIMIT_EXCEEDED',
    })
    expect((await refused(make('{'))).name).toBe('MalformedPolicyDocumentException')
    expect((await refused(make('{"Statement":[]}'))).name).toBe('MalformedPolicyDocumentException')
  })

  test('a policy type is turned on in a while; tag policies inherit', async () => {
    const { api, seeded, ou } = await open(1)
    const tag = (value: object) => JSON.stringify({ tags: { Env: { tag_value: value } } })
    const make = async (Name: string, Content: string) =>
      (await api.send(new o.CreatePolicyCommand({ Name, Description: '', Type: 'TAG_POLICY', Content })))
        .Policy?.PolicySummary?.Id
    const [top, low] = [
      await make('top', tag({ '@@assign': ['prod'] })),
      await make('low', tag({ '@@append': ['test'] })),
    ]
    const attach = (PolicyId?: string, TargetId?: string) =>
      api.send(new o.AttachPolicyCommand({ PolicyId, TargetId }))
    expect((await refused(attach(top, seeded.rootId))).name).toBe('PolicyTypeNotEnabledException')
    await api.send(new o.EnablePolicyTypeCommand({ RootId: seeded.rootId, PolicyType: 'TAG_POLICY' }))
    expect((await refused(attach(top, seeded.rootId))).name).toBe('PolicyChangesInProgressException')
    sandbox.runtime.advance(minute)
    await attach(top, seeded.rootId)
    await attach(low, ou('Production'))
    const { AccountId } = await create(api, 'tagged')
    await api.send(
      new o.MoveAccountCommand({
        AccountId,
        SourceParentId: seeded.rootId,
        DestinationParentId: ou('Production'),
      }),
    )
    const found = await api.send(
      new o.DescribeEffectivePolicyCommand({ PolicyType: 'TAG_POLICY', TargetId: AccountId }),
    )
    expect(JSON.parse(found.EffectivePolicy?.PolicyContent ?? '')).toEqual({
      tags: { env: { tag_value: ['prod', 'test'] } },
    })
  })
})

describe('delegated administrators', () => {
  test('need service access, are never the management account, and cannot leave before they are deregistered', async () => {
    const { api, seeded } = await open(1)
    const { AccountId } = await create(api, 'security')
    const ServicePrincipal = 'guardduty.amazonaws.com'
    const register = (id?: string) =>
      api.send(new o.RegisterDelegatedAdministratorCommand({ AccountId: id, ServicePrincipal }))
    expect(await refused(register(AccountId))).toMatchObject({ Reason: 'SERVICE_ACCESS_NOT_ENABLED' })
    await api.send(new o.EnableAWSServiceAccessCommand({ ServicePrincipal }))
    expect(await refused(register(seeded.managementAccountId))).toMatchObject({
      Reason: 'CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR',
    })
    await register(AccountId)
    expect((await refused(register(AccountId))).name).toBe('AccountAlreadyRegisteredException')
    const inMember = await assume(
      sandbox,
      seeded.admin,
      `arn:aws:iam::${AccountId}:role/OrganizationAccountAccessRole`,
    )
    expect(
      (await organizationsOf(sandbox, inMember).send(new o.ListAccountsCommand({}))).Accounts?.length,
    ).toBe(4)
    const leave = () => api.send(new o.RemoveAccountFromOrganizationCommand({ AccountId }))
    expect(await refused(leave())).toMatchObject({ Reason: 'CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG' })
    await api.send(new o.DeregisterDelegatedAdministratorCommand({ AccountId, ServicePrincipal }))
    expect(await refused(leave())).toMatchObject({ Reason: 'WAIT_PERIOD_ACTIVE' })
    sandbox.runtime.advance(5 * day)
    await leave()
  })
})

describe('direct transfer', () => {
  test('an account goes from one organisation to another by invitation and acceptance, in one step', async () => {
    const { api: from, seeded } = await open(0)
    const target = seededOf(sandbox, 1)
    const to = organizationsOf(sandbox, target.admin)
    const { AccountId = '' } = await create(from, 'moving')
    const invite = () =>
      to.send(
        new o.InviteAccountToOrganizationCommand({
          Target: { Id: AccountId, Type: 'ACCOUNT' },
          Notes: 'welcome',
        }),
      )
    const HandshakeId = (await invite()).Handshake?.Id
    expect((await refused(invite())).name).toBe('DuplicateHandshakeException')
    const member = await assume(
      sandbox,
      seeded.admin,
      `arn:aws:iam::${AccountId}:role/OrganizationAccountAccessRole`,
    )
    const accept = () => organizationsOf(sandbox, member).send(new o.AcceptHandshakeCommand({ HandshakeId }))
    expect(await refused(accept())).toMatchObject({ Reason: 'WAIT_PERIOD_ACTIVE' })
    sandbox.runtime.advance(4 * day)
    expect((await accept()).Handshake?.State).toBe('ACCEPTED')
    expect((await refused(from.send(new o.DescribeAccountCommand({ AccountId })))).name).toBe(
      'AccountNotFoundException',
    )
    expect((await to.send(new o.DescribeAccountCommand({ AccountId }))).Account).toMatchObject({
      JoinedMethod: 'INVITED',
    })
    expect((await refused(accept())).name).toBe('HandshakeAlreadyInStateException')
  })

  test('an invitation ends after 15 days', async () => {
    const { api } = await open(0)
    const other = seededOf(sandbox, 1)
    const made = await api.send(
      new o.InviteAccountToOrganizationCommand({
        Target: { Id: other.managementAccountId, Type: 'ACCOUNT' },
      }),
    )
    sandbox.runtime.advance(16 * day)
    const found = await api.send(new o.DescribeHandshakeCommand({ HandshakeId: made.Handshake?.Id }))
    expect(found.Handshake?.State).toBe('EXPIRED')
  })
})
