/** What only the policy engine can decide: boundaries, groups, tags, addresses, resource policies, RCPs. */
import * as events from '@aws-sdk/client-eventbridge'
import * as iam from '@aws-sdk/client-iam'
import * as org from '@aws-sdk/client-organizations'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import * as sqs from '@aws-sdk/client-sqs'
import { AssumeRoleCommand } from '@aws-sdk/client-sts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Sandbox } from '../../src/sandbox/server.ts'
import {
  configOf,
  iamOf,
  type Keys,
  organizationsOf,
  post,
  refused,
  seededOf,
  start,
  stsOf,
} from './core-support.ts'
import { type Cast, castOf, policy } from './workload.ts'

let sandbox: Sandbox
let cast: Cast
beforeAll(async () => {
  sandbox = await start()
  cast = await castOf(sandbox)
})
afterAll(() => sandbox.stop())

const queuesOf = (keys: Keys, region = 'ap-northeast-1') => new sqs.SQSClient(configOf(sandbox, keys, region))
const api = () => iamOf(sandbox, cast.roleInA)

async function userWith(UserName: string, document: string, more: object = {}): Promise<Keys> {
  await api().send(new iam.CreateUserCommand({ UserName, ...more }))
  await api().send(new iam.PutUserPolicyCommand({ UserName, PolicyName: 'inline', PolicyDocument: document }))
  const { AccessKey: k } = await api().send(new iam.CreateAccessKeyCommand({ UserName }))
  return { accessKeyId: k?.AccessKeyId ?? '', secretAccessKey: k?.SecretAccessKey ?? '' }
}

const allow = (Action: string | readonly string[], more: object = {}) => ({
  Effect: 'Allow',
  Action,
  Resource: '*',
  ...more,
})

describe('identity policies', () => {
  test('a permissions boundary limits what policies allow, and can be taken away', async () => {
    const { Policy } = await api().send(
      new iam.CreatePolicyCommand({ PolicyName: 'Fence', PolicyDocument: policy(allow('sqs:*')) }),
    )
    const keys = await userWith('fenced', policy(allow('*')), { PermissionsBoundary: Policy?.Arn })
    const list = () => iamOf(sandbox, keys).send(new iam.ListUsersCommand({}))
    expect((await refused(list())).message).toBe(
      `User: arn:aws:iam::${cast.a}:user/fenced is not authorized to perform: iam:ListUsers on resource: * because no permissions boundary allows the iam:ListUsers action`,
    )
    await queuesOf(keys).send(new sqs.ListQueuesCommand({}))
    const { User } = await api().send(new iam.GetUserCommand({ UserName: 'fenced' }))
    expect(User?.PermissionsBoundary?.PermissionsBoundaryArn).toBe(Policy?.Arn)
    await api().send(new iam.DeleteUserPermissionsBoundaryCommand({ UserName: 'fenced' }))
    await list()
  })

  test('tags at creation and roles that are passed are asked beside the action of the call', async () => {
    const keys = await userWith('maker', policy(allow(['sqs:CreateQueue', 'events:PutRule'])))
    const make = (tags: Record<string, string>) =>
      queuesOf(keys).send(new sqs.CreateQueueCommand({ QueueName: `made-${Object.keys(tags).length}`, tags }))
    const refusedFor = (action: string, on: string) =>
      `User: arn:aws:iam::${cast.a}:user/maker is not authorized to perform: ${action} on resource: ${on} because no identity-based policy allows the ${action} action`
    expect((await refused(make({ a: 'b' }))).message).toBe(
      refusedFor('sqs:tagqueue', `arn:aws:sqs:ap-northeast-1:${cast.a}:made-1`),
    )
    await make({})
    const buckets = new S3Client({ ...configOf(sandbox, keys), forcePathStyle: true })
    expect((await refused(buckets.send(new CreateBucketCommand({ Bucket: 'made' })))).message).toBe(
      refusedFor('s3:CreateBucket', '"arn:aws:s3:::made"'),
    )
    const bus = new events.EventBridgeClient(configOf(sandbox, keys))
    const role = `arn:aws:iam::${cast.a}:role/Events`
    const put = (more: object) =>
      bus.send(new events.PutRuleCommand({ Name: 'r', ScheduleExpression: 'rate(1 day)', ...more }))
    expect((await refused(put({ RoleArn: role }))).message).toBe(refusedFor('iam:PassRole', role))
    const PolicyDocument = policy(
      allow('iam:PassRole', {
        Condition: { StringEquals: { 'iam:PassedToService': 'events.amazonaws.com' } },
      }),
    )
    await api().send(new iam.PutUserPolicyCommand({ UserName: 'maker', PolicyName: 'pass', PolicyDocument }))
    await put({ RoleArn: role })
  })

  test('a managed policy that denies is named by its ARN', async () => {
    const { Policy } = await api().send(
      new iam.CreatePolicyCommand({
        PolicyName: 'NoQueues',
        PolicyDocument: policy({ ...allow('sqs:*'), Effect: 'Deny' }),
      }),
    )
    const keys = await userWith('named', policy(allow('*')))
    await api().send(new iam.AttachUserPolicyCommand({ UserName: 'named', PolicyArn: Policy?.Arn }))
    expect((await refused(queuesOf(keys).send(new sqs.ListQueuesCommand({})))).message).toContain(
      `with an explicit deny in an identity-based policy: ${Policy?.Arn}`,
    )
  })

  test('a group gives its permissions until the user leaves it', async () => {
    const list = () => iamOf(sandbox, cast.clerkInA).send(new iam.ListUsersCommand({}))
    await list()
    const member = { GroupName: 'clerks', UserName: 'clerk' }
    expect((await api().send(new iam.GetGroupCommand(member))).Users?.[0]?.UserName).toBe('clerk')
    expect((await refused(api().send(new iam.DeleteUserCommand(member)))).name).toMatch(/^DeleteConflict/)
    await api().send(new iam.RemoveUserFromGroupCommand(member))
    expect((await refused(list())).message).toContain(
      'no identity-based policy allows the iam:ListUsers action',
    )
    await api().send(new iam.AddUserToGroupCommand(member))
    await list()
  })

  test('variables, tags and addresses are known', async () => {
    const own = {
      ...allow('iam:GetUser'),
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable
      Resource: 'arn:aws:iam::*:user/${aws:username}',
    }
    const here = allow('iam:ListRoles', {
      Condition: {
        StringEquals: { 'aws:PrincipalTag/Team': 'net' },
        IpAddress: { 'aws:SourceIp': '127.0.0.0/8' },
      },
    })
    const away = allow('iam:ListGroups', { Condition: { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } } })
    const keys = await userWith('tagged', policy(own, here, away), { Tags: [{ Key: 'Team', Value: 'net' }] })
    const mine = iamOf(sandbox, keys)
    await mine.send(new iam.GetUserCommand({ UserName: 'tagged' }))
    await mine.send(new iam.GetUserCommand({}))
    await refused(mine.send(new iam.GetUserCommand({ UserName: 'clerk' })))
    await mine.send(new iam.ListRolesCommand({}))
    await refused(mine.send(new iam.ListGroupsCommand({})))
  })

  test('a document that AWS refuses is refused with its words', async () => {
    const put = (PolicyDocument: string) =>
      refused(api().send(new iam.CreatePolicyCommand({ PolicyName: 'bad', PolicyDocument })))
    expect(await put('{"Statement":')).toMatchObject({ message: 'Syntax errors in policy.' })
    expect(await put(policy({ Effect: 'Allow', Action: '*' }))).toMatchObject({
      message: 'Policy statement must contain resources.',
    })
    expect(await put(policy({ ...allow('*'), Principal: '*' }))).toMatchObject({
      message: 'Policy document should not specify a principal.',
    })
    expect(
      await put(policy(allow('*', { Condition: { StringLikes: { 'aws:username': 'x' } } }))),
    ).toMatchObject({
      message: 'Invalid Condition type : StringLikes.',
    })
  })
})

describe('policies of resources', () => {
  test('a trust policy with an external id', async () => {
    const trust = {
      Effect: 'Allow',
      Principal: { AWS: cast.b },
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { 'sts:ExternalId': 'secret-123' } },
    }
    await api().send(
      new iam.CreateRoleCommand({
        RoleName: 'Broker',
        Path: '/ext/',
        AssumeRolePolicyDocument: policy(trust),
      }),
    )
    const RoleArn = `arn:aws:iam::${cast.a}:role/ext/Broker`
    const take = (ExternalId?: string) =>
      stsOf(sandbox, cast.roleInB).send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'x1', ExternalId }))
    expect((await refused(take())).message).toBe(
      `User: arn:aws:sts::${cast.b}:assumed-role/OrganizationAccountAccessRole/test is not authorized to perform: sts:AssumeRole on resource: ${RoleArn} because no role trust policy allows the sts:AssumeRole action`,
    )
    await take('secret-123')
  })

  test('a queue policy lets another account in, and is enough in the same account', async () => {
    const keys = await userWith('sender', policy(allow('iam:GetUser')))
    const arn = `arn:aws:sqs:ap-northeast-1:${cast.a}:open`
    const Policy = policy({
      Effect: 'Allow',
      Principal: { AWS: [`arn:aws:iam::${cast.a}:user/sender`, cast.b] },
      Action: 'sqs:SendMessage',
      Resource: arn,
    })
    await queuesOf(cast.roleInA).send(
      new sqs.CreateQueueCommand({ QueueName: 'open', Attributes: { Policy } }),
    )
    const QueueUrl = `${sandbox.url}/${cast.a}/open`
    const sendAs = (who: Keys) =>
      queuesOf(who).send(new sqs.SendMessageCommand({ QueueUrl, MessageBody: 'x' }))
    await sendAs(keys)
    await sendAs(cast.roleInB)
    expect((await refused(sendAs(cast.admin))).message).toContain(
      'because no resource-based policy allows the sqs:sendmessage action',
    )
    await queuesOf(cast.roleInA).send(
      new sqs.SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy: '' } }),
    )
    await refused(sendAs(keys))
    await refused(sendAs(cast.roleInB))
    const bad = queuesOf(cast.roleInA).send(
      new sqs.SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy: '{"Statement":[{}]}' } }),
    )
    expect((await refused(bad)).name).toBe('InvalidAttributeValue')
  })
})

test('an event bus takes events of the account that its policy names', async () => {
  const busOf = (keys: Keys) => new events.EventBridgeClient(configOf(sandbox, keys, 'ap-northeast-1'))
  const EventBusName = `arn:aws:events:ap-northeast-1:${cast.a}:event-bus/shared`
  const entry = { EventBusName, Source: 'b', DetailType: 'hello', Detail: '{}' }
  const putAsB = () => busOf(cast.roleInB).send(new events.PutEventsCommand({ Entries: [entry] }))
  const queue = `arn:aws:sqs:ap-northeast-1:${cast.a}:heard`
  const Policy = policy({
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: queue,
    Condition: { StringEquals: { 'aws:SourceAccount': cast.a } },
  })
  const inA = queuesOf(cast.roleInA)
  await inA.send(new sqs.CreateQueueCommand({ QueueName: 'heard', Attributes: { Policy } }))
  const bus = busOf(cast.roleInA)
  await bus.send(new events.CreateEventBusCommand({ Name: 'shared' }))
  const rule = { EventBusName: 'shared', Name: 'all', EventPattern: '{"source":["b"]}' }
  await bus.send(new events.PutRuleCommand(rule))
  await bus.send(
    new events.PutTargetsCommand({
      EventBusName: 'shared',
      Rule: 'all',
      Targets: [{ Id: '1', Arn: queue }],
    }),
  )
  expect((await refused(putAsB())).message).toContain(
    'because no resource-based policy allows the events:PutEvents action',
  )
  const permission = {
    EventBusName: 'shared',
    StatementId: 'b',
    Principal: cast.b,
    Action: 'events:PutEvents',
  }
  await bus.send(new events.PutPermissionCommand(permission))
  await putAsB()
  const QueueUrl = `${sandbox.url}/${cast.a}/heard`
  const { Messages } = await inA.send(new sqs.ReceiveMessageCommand({ QueueUrl }))
  expect(JSON.parse(Messages?.[0]?.Body ?? '{}')).toMatchObject({ source: 'b', account: cast.b })
  await bus.send(new events.RemovePermissionCommand(permission))
  await refused(putAsB())
})

describe('policies of the organisation', () => {
  const make = (Type: 'SERVICE_CONTROL_POLICY' | 'RESOURCE_CONTROL_POLICY', Content: string, Name: string) =>
    organizationsOf(sandbox, cast.admin).send(
      new org.CreatePolicyCommand({ Type, Content, Name, Description: '' }),
    )

  test('RCPs are turned on, bind outsiders, and are named in the organisation only', async () => {
    const { rootId } = seededOf(sandbox, 1)
    const mine = organizationsOf(sandbox, cast.admin)
    await mine.send(
      new org.EnablePolicyTypeCommand({ RootId: rootId, PolicyType: 'RESOURCE_CONTROL_POLICY' }),
    )
    await post(sandbox, 'time', { advanceMs: 60_000 })
    const everyone = policy({ Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: '*' })
    await queuesOf(cast.roleInB).send(
      new sqs.CreateQueueCommand({ QueueName: 'inbox', Attributes: { Policy: everyone } }),
    )
    const QueueUrl = `${sandbox.url}/${cast.b}/inbox`
    const send = (keys: Keys) =>
      queuesOf(keys).send(new sqs.SendMessageCommand({ QueueUrl, MessageBody: 'x' }))
    const outsider = seededOf(sandbox, 0).admin
    await send(outsider)
    const deny = (Condition: object) =>
      policy({ Effect: 'Deny', Principal: '*', Action: 'sqs:*', Resource: '*', Condition })
    const { Policy } = await make(
      'RESOURCE_CONTROL_POLICY',
      deny({ StringNotEqualsIfExists: { 'aws:PrincipalOrgID': seededOf(sandbox, 1).organizationId } }),
      'ours',
    )
    const PolicyId = Policy?.PolicySummary?.Id
    await mine.send(new org.AttachPolicyCommand({ PolicyId, TargetId: rootId }))
    expect((await refused(send(outsider))).message).toMatch(
      /with an explicit deny in a resource control policy$/,
    )
    await send(cast.roleInA)
    const { Policies } = await mine.send(
      new org.ListPoliciesForTargetCommand({ TargetId: rootId, Filter: 'RESOURCE_CONTROL_POLICY' }),
    )
    expect(Policies?.map(({ Name }) => Name)).toEqual(['RCPFullAWSAccess', 'ours'])
    const { Policy: closed } = await make('RESOURCE_CONTROL_POLICY', deny({}), 'closed')
    await mine.send(new org.AttachPolicyCommand({ PolicyId: closed?.PolicySummary?.Id, TargetId: cast.b }))
    expect((await refused(send(cast.roleInA))).message).toContain(
      `with an explicit deny in a resource control policy: ${closed?.PolicySummary?.Arn}`,
    )
  })

  test('a malformed control says what is wrong, and where', async () => {
    const scp = await refused(make('SERVICE_CONTROL_POLICY', policy({ ...allow('*'), Principal: '*' }), 'x'))
    expect(scp).toMatchObject({
      name: 'MalformedPolicyDocumentException',
      message: expect.stringMatching(/`Principal`.*line 1/),
    })
    const rcp = await refused(
      make('RESOURCE_CONTROL_POLICY', policy({ ...allow('s3:*'), Principal: '*' }), 'x'),
    )
    expect(rcp.name).toBe('MalformedPolicyDocumentException')
  })

  test('declarative policies are checked, and merged from the root down to the account', async () => {
    const { rootId } = seededOf(sandbox, 1)
    const mine = organizationsOf(sandbox, cast.admin)
    const PolicyType = 'DECLARATIVE_POLICY_EC2'
    const content = (status: string, more: object = {}) =>
      JSON.stringify({
        ec2_attributes: { serial_console_access: { status: { '@@assign': status } }, ...more },
      })
    const create = (Content: string, Name: string) =>
      mine.send(new org.CreatePolicyCommand({ Type: PolicyType, Content, Name, Description: '' }))
    expect(await refused(create(content('perhaps'), 'bad'))).toMatchObject({
      name: 'MalformedPolicyDocumentException',
      message: expect.stringContaining('`perhaps`'),
    })
    expect((await refused(create('{"tags":{}}', 'bad'))).name).toBe('MalformedPolicyDocumentException')
    await mine.send(new org.EnablePolicyTypeCommand({ RootId: rootId, PolicyType }))
    await post(sandbox, 'time', { advanceMs: 60_000 })
    const attach = async (Content: string, Name: string, TargetId: string) => {
      const { Policy } = await create(Content, Name)
      await mine.send(new org.AttachPolicyCommand({ PolicyId: Policy?.PolicySummary?.Id, TargetId }))
    }
    const images = { image_block_public_access: { state: { '@@assign': 'block_new_sharing' } } }
    await attach(content('disabled', images), 'top', rootId)
    await attach(content('enabled'), 'own', cast.b)
    const { EffectivePolicy } = await mine.send(
      new org.DescribeEffectivePolicyCommand({ PolicyType, TargetId: cast.b }),
    )
    expect(JSON.parse(EffectivePolicy?.PolicyContent ?? '')).toEqual({
      ec2_attributes: {
        serial_console_access: { status: 'enabled' },
        image_block_public_access: { state: 'block_new_sharing' },
      },
    })
  })
})
