/** A mixed workload: several principals of several accounts, reads and writes, some of them denied from the start. */
import * as events from '@aws-sdk/client-eventbridge'
import * as iam from '@aws-sdk/client-iam'
import * as org from '@aws-sdk/client-organizations'
import * as sqs from '@aws-sdk/client-sqs'
import * as sts from '@aws-sdk/client-sts'
import type { Sandbox } from '../../src/sandbox/server.ts'
import { addAccessKey } from '../../src/sandbox/services/iam/users.ts'
import { assume, configOf, iamOf, type Keys, organizationsOf, seededOf } from './core-support.ts'

export interface Outcome {
  readonly name: string
  readonly requestId: string
  /** `ok`, or the error's name. */
  readonly outcome: string
  readonly message: string
}

export interface Cast {
  /** Two member accounts. */
  readonly a: string
  readonly b: string
  readonly admin: Keys
  readonly roleInA: Keys
  readonly roleInB: Keys
  readonly rootOfA: Keys
  /** May list users by its group, nothing else. */
  readonly clerkInA: Keys
}

const TOKYO = 'ap-northeast-1'

/** People of the organisation without a landing zone. */
export async function castOf(sandbox: Sandbox): Promise<Cast> {
  const { admin } = seededOf(sandbox, 1)
  const { Accounts = [] } = await organizationsOf(sandbox, admin).send(new org.ListAccountsCommand({}))
  const idOf = (name: string) => Accounts.find((account) => account.Name === name)?.Id ?? ''
  const [a, b] = [idOf('Audit'), idOf('Log Archive')]
  const into = (id: string) => assume(sandbox, admin, `arn:aws:iam::${id}:role/OrganizationAccountAccessRole`)
  const [roleInA, roleInB] = [await into(a), await into(b)]
  const { accessKeyId, secretAccessKey } = sandbox.runtime.run((world) => addAccessKey(world, a, null))
  return {
    a,
    b,
    admin,
    roleInA,
    roleInB,
    rootOfA: { accessKeyId, secretAccessKey },
    clerkInA: await clerk(sandbox, roleInA),
  }
}

async function clerk(sandbox: Sandbox, keys: Keys): Promise<Keys> {
  const api = iamOf(sandbox, keys)
  await api.send(new iam.CreateUserCommand({ UserName: 'clerk' }))
  await api.send(new iam.CreateGroupCommand({ GroupName: 'clerks' }))
  await api.send(
    new iam.PutGroupPolicyCommand({
      GroupName: 'clerks',
      PolicyName: 'look',
      PolicyDocument: policy({ Effect: 'Allow', Action: 'iam:ListUsers', Resource: '*' }),
    }),
  )
  await api.send(new iam.AddUserToGroupCommand({ GroupName: 'clerks', UserName: 'clerk' }))
  const { AccessKey } = await api.send(new iam.CreateAccessKeyCommand({ UserName: 'clerk' }))
  return {
    accessKeyId: AccessKey?.AccessKeyId ?? '',
    secretAccessKey: AccessKey?.SecretAccessKey ?? '',
  }
}

export const policy = (...statements: readonly object[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements })

interface Sent {
  readonly $metadata: { readonly requestId?: string }
}
type Step = readonly [name: string, send: () => Promise<Sent>]

/** Runs the same calls in the same order; each may be run again. */
export async function workload(sandbox: Sandbox, cast: Cast): Promise<readonly Outcome[]> {
  const found: Outcome[] = []
  for (const [name, send] of stepsOf(sandbox, cast)) found.push(await outcomeOf(name, send))
  return found
}

async function outcomeOf(name: string, send: Step[1]): Promise<Outcome> {
  try {
    const { $metadata } = await send()
    return { name, requestId: $metadata.requestId ?? '', outcome: 'ok', message: '' }
  } catch (error) {
    const e = error as Error & Sent
    return { name, requestId: e.$metadata?.requestId ?? '', outcome: e.name, message: e.message }
  }
}

function stepsOf(sandbox: Sandbox, cast: Cast): readonly Step[] {
  return [
    ...queues(sandbox, cast),
    ...identities(sandbox, cast),
    ...roles(sandbox, cast),
    ...organization(sandbox, cast),
  ]
}

function queues(sandbox: Sandbox, { a, b, admin, roleInA, roleInB, clerkInA }: Cast): readonly Step[] {
  const of = (keys: Keys, region = TOKYO) => new sqs.SQSClient(configOf(sandbox, keys, region))
  const url = (account: string, name: string) => `${sandbox.url}/${account}/${name}`
  const Policy = policy({
    Effect: 'Allow',
    Principal: { AWS: b },
    Action: 'sqs:SendMessage',
    Resource: `arn:aws:sqs:${TOKYO}:${a}:keep-me`,
  })
  const QueueUrl = url(a, 'keep-me')
  return [
    [
      'A makes a queue that B may send to',
      () => of(roleInA).send(new sqs.CreateQueueCommand({ QueueName: 'keep-me', Attributes: { Policy } })),
    ],
    [
      'A sends to its queue',
      () => of(roleInA).send(new sqs.SendMessageCommand({ QueueUrl, MessageBody: 'x' })),
    ],
    [
      'A sends a batch',
      () =>
        of(roleInA).send(
          new sqs.SendMessageBatchCommand({ QueueUrl, Entries: [{ Id: '1', MessageBody: 'x' }] }),
        ),
    ],
    [
      'B sends to the queue of A',
      () => of(roleInB).send(new sqs.SendMessageCommand({ QueueUrl, MessageBody: 'y' })),
    ],
    [
      'B receives from the queue of A, which nobody allowed',
      () => of(roleInB).send(new sqs.ReceiveMessageCommand({ QueueUrl })),
    ],
    ['A receives', () => of(roleInA).send(new sqs.ReceiveMessageCommand({ QueueUrl }))],
    ['the clerk receives', () => of(clerkInA).send(new sqs.ReceiveMessageCommand({ QueueUrl }))],
    ['A makes a queue in Frankfurt', () => make(of(roleInA, 'eu-central-1'))],
    ['B makes a queue in Frankfurt', () => make(of(roleInB, 'eu-central-1'))],
    ['the management account makes a queue in Frankfurt', () => make(of(admin, 'eu-central-1'))],
    [
      'A makes a queue with a tag',
      () => of(roleInA).send(new sqs.CreateQueueCommand({ QueueName: 'tagged', tags: { cost: 'a' } })),
    ],
    ['B lists queues', () => of(roleInB).send(new sqs.ListQueuesCommand({}))],
    ['A deletes the queue', () => of(roleInA).send(new sqs.DeleteQueueCommand({ QueueUrl }))],
  ]
}

const make = (client: sqs.SQSClient) => client.send(new sqs.CreateQueueCommand({ QueueName: 'far' }))

function identities(sandbox: Sandbox, { roleInA, rootOfA, clerkInA, roleInB }: Cast): readonly Step[] {
  const of = (keys: Keys) => iamOf(sandbox, keys)
  const user = { UserName: 'temp' }
  return [
    ['A makes a user', () => of(roleInA).send(new iam.CreateUserCommand(user))],
    ['A deletes the user', () => of(roleInA).send(new iam.DeleteUserCommand(user))],
    ['B makes a user', () => of(roleInB).send(new iam.CreateUserCommand({ UserName: 'other' }))],
    ['B deletes the user', () => of(roleInB).send(new iam.DeleteUserCommand({ UserName: 'other' }))],
    ['root of A lists users', () => of(rootOfA).send(new iam.ListUsersCommand({}))],
    ['root of A lists roles', () => of(rootOfA).send(new iam.ListRolesCommand({}))],
    ['the clerk lists users', () => of(clerkInA).send(new iam.ListUsersCommand({}))],
    ['the clerk lists roles, which nobody allowed', () => of(clerkInA).send(new iam.ListRolesCommand({}))],
    [
      'the clerk makes a user, which nobody allowed',
      () => of(clerkInA).send(new iam.CreateUserCommand({ UserName: 'mine' })),
    ],
    [
      'A asks for a user that is not there',
      () => of(roleInA).send(new iam.GetUserCommand({ UserName: 'nobody' })),
    ],
  ]
}

function roles(sandbox: Sandbox, { a, b, admin, roleInA, roleInB }: Cast): readonly Step[] {
  const stsOf = (keys: Keys) => new sts.STSClient(configOf(sandbox, keys))
  const AssumeRolePolicyDocument = policy({
    Effect: 'Allow',
    Principal: { AWS: b },
    Action: 'sts:AssumeRole',
  })
  const RoleName = 'Guest'
  const take = (keys: Keys, name: string) =>
    stsOf(keys).send(
      new sts.AssumeRoleCommand({ RoleArn: `arn:aws:iam::${a}:role/${name}`, RoleSessionName: 'work' }),
    )
  return [
    [
      'A makes a role for B',
      () => iamOf(sandbox, roleInA).send(new iam.CreateRoleCommand({ RoleName, AssumeRolePolicyDocument })),
    ],
    ['B takes it on', () => take(roleInB, RoleName)],
    ['A may not take it on', () => take(roleInA, RoleName)],
    [
      'the management account takes on the access role of A',
      () => take(admin, 'OrganizationAccountAccessRole'),
    ],
    ['A asks who it is', () => stsOf(roleInA).send(new sts.GetCallerIdentityCommand({}))],
    ['A deletes the role', () => iamOf(sandbox, roleInA).send(new iam.DeleteRoleCommand({ RoleName }))],
  ]
}

function organization(sandbox: Sandbox, { a, admin, roleInA, roleInB, rootOfA }: Cast): readonly Step[] {
  const bus = (keys: Keys, region = TOKYO) => new events.EventBridgeClient(configOf(sandbox, keys, region))
  const rule = { Name: 'r', EventPattern: '{"source":["x"]}' }
  const orgOf = (keys: Keys) => organizationsOf(sandbox, keys)
  return [
    ['the management account lists accounts', () => orgOf(admin).send(new org.ListAccountsCommand({}))],
    ['A describes its organisation', () => orgOf(roleInA).send(new org.DescribeOrganizationCommand({}))],
    [
      'root of A describes its organisation',
      () => orgOf(rootOfA).send(new org.DescribeOrganizationCommand({})),
    ],
    [
      'B lists accounts, which is not for members',
      () => orgOf(roleInB).send(new org.ListAccountsCommand({})),
    ],
    ['A puts a rule', () => bus(roleInA).send(new events.PutRuleCommand(rule))],
    [
      'A puts a rule that passes a role',
      () =>
        bus(roleInA).send(
          new events.PutRuleCommand({ ...rule, Name: 'passing', RoleArn: `arn:aws:iam::${a}:role/Events` }),
        ),
    ],
    ['A lists rules in Frankfurt', () => bus(roleInA, 'eu-central-1').send(new events.ListRulesCommand({}))],
    [
      'A puts an event',
      () =>
        bus(roleInA).send(
          new events.PutEventsCommand({ Entries: [{ Source: 'x', DetailType: 'y', Detail: '{}' }] }),
        ),
    ],
    ['A deletes the rule', () => bus(roleInA).send(new events.DeleteRuleCommand({ Name: 'r' }))],
  ]
}
